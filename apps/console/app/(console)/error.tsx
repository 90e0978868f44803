'use client';

import { Unplug } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '@/components/ui/button';
import { State } from '@/components/ui/states';
import { useText } from '@/lib/i18n';

/** Milliseconds between two questions whether the server is back. */
const ASK_MS = 2_000;

/** A part of the page that is loaded when it is needed could not be: its server is away. */
const isMissingPart = (error: Error): boolean =>
  error.name === 'ChunkLoadError' ||
  /load(ing)? (css )?chunk|dynamically imported module/i.test(error.message);

/** Loads the page anew as soon as its server answers. */
function useReturn(wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    const timer = setInterval(() => {
      fetch(location.href, { method: 'HEAD' }).then(
        ({ ok }) => ok && location.reload(),
        () => undefined,
      );
    }, ASK_MS);
    return () => clearInterval(timer);
  }, [wanted]);
}

/** Stands in for a page that broke, within the frame. */
export default function Broken({ error }: { readonly error: Error }) {
  const t = useText('common');
  const missing = isMissingPart(error);
  useReturn(missing);
  return (
    <State
      icon={<Unplug aria-hidden />}
      title={t(missing ? 'broken.missing' : 'broken.title')}
      actions={
        <Button tone="primary" onClick={() => location.reload()}>
          {t('broken.reload')}
        </Button>
      }
    >
      {t(missing ? 'broken.missingText' : 'broken.text')}
    </State>
  );
}
