'use client';

import { Undo2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';

const RevertDialog = dynamic(() => import('./revert-dialog').then((module) => module.RevertDialog), {
  ssr: false,
});

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
