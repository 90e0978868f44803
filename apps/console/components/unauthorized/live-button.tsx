'use client';

import { Pause, Radio, RotateCw } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/i18n';
import type { Live } from '@/lib/unauthorized/use-live';

type Shown = 'off' | 'connecting' | 'live' | 'retrying' | 'resting' | 'held';

/** Switches the live rows on and off, and says how the connection is: by shape and word, not colour alone. */
export function LiveButton({ live, held }: { readonly live: Live; readonly held: boolean }) {
  const t = useText('unauthorized');
  const shown: Shown = live.connection === 'live' && held ? 'held' : live.on ? live.connection : 'off';
  return (
    <Button
      aria-pressed={live.on}
      onClick={() => live.setOn(!live.on)}
      data-tip={t(`live.tip.${shown}`)}
      className="w-26 justify-start"
      icon={<LiveMark shown={shown} />}
    >
      {t(`live.${shown}`)}
    </Button>
  );
}

function LiveMark({ shown }: { readonly shown: Shown }) {
  if (shown === 'held') return <Pause aria-hidden className="size-3.5 text-muted" />;
  if (shown === 'retrying') return <RotateCw aria-hidden className="size-3.5 animate-spin text-ignored" />;
  if (shown === 'off') return <Radio aria-hidden className="size-3.5 text-faint" />;
  return (
    <span
      aria-hidden
      className={cx(
        'mx-0.5 size-2.5 rounded-full border-2',
        shown === 'live' ? 'border-accepted bg-accepted' : 'animate-pulse-soft border-faint',
      )}
    />
  );
}
