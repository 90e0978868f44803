'use client';

import { Ban } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { useText } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazy-part';
import { useMay } from '@/lib/session';
import type { BlockChoice } from './kinds';

const BlockDialog = lazyPart(() => import('./block-dialog').then((module) => module.BlockDialog));

/** Blocks what a page shows; drawn for who may, where there is something to go by. */
export function BlockButton({ choices }: { readonly choices: readonly BlockChoice[] }) {
  const t = useText('blocked');
  const mayWrite = useMay('blocks:write');
  const [asking, setAsking] = useState(false);
  if (!mayWrite || choices.length === 0) return null;
  return (
    <>
      <Button size="sm" icon={<Ban aria-hidden className="size-4" />} onClick={() => setAsking(true)}>
        {t('action')}
      </Button>
      {asking && <BlockDialog choices={choices} onClose={() => setAsking(false)} />}
    </>
  );
}
