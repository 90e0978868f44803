'use client';

import { Unplug } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '@/components/ui/button';
import { State } from '@/components/ui/states';
import { useText } from '@/lib/i18n';
import { isMissingPart, whenServerAnswers } from '@/lib/missing-part';

/** Loads the page anew as soon as its server answers. */
function useReturn(wanted: boolean): void {
  useEffect(() => (wanted ? whenServerAnswers(() => location.reload()) : undefined), [wanted]);
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
