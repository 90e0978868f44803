'use client';

import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';

const RevertDialog = lazyPart(() => import('./revert-dialog').then((module) => module.RevertDialog));

interface RevertButtonProps {
  /** Of the chain, authenticator or policy, under the API. */
  readonly path: string;
  /** What it brings back, where that can be said in a line. */
  readonly tip?: string;
}

/** Asks before it brings back what the last change replaced. */
export function RevertButton({ path, tip }: RevertButtonProps) {
  const t = useText('authentication');
  const [asking, setAsking] = useState(false);
  if (!useMay('authentication:write')) return null;
  return (
    <>
      <Button
        size="sm"
        icon={<Undo2 aria-hidden className="size-4" />}
        data-tip={tip ?? t('revert.tip')}
        onClick={() => setAsking(true)}
      >
        {t('revert.open')}
      </Button>
      {asking && <RevertDialog path={path} onClose={() => setAsking(false)} />}
    </>
  );
}
