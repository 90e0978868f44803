'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import { Eye } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { MenuItem } from '@/components/ui/menu';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import type { WatchAsk } from '@/lib/unauthorized/watches';
import { useWatches } from './watch-provider';

interface WatchChoicesProps {
  readonly row: Pick<UnauthorizedClientDto, 'clientId' | 'clientIdTruncated' | 'ip'>;
}

interface Choice {
  readonly kind: 'client' | 'ip';
  readonly ask: WatchAsk;
}

/** A watch follows a whole client ID exactly: one that is empty, cut or was never sent cannot be followed. */
function choicesOf({ clientId, clientIdTruncated, ip }: WatchChoicesProps['row']): readonly Choice[] {
  const byIp: Choice = { kind: 'ip', ask: { ip } };
  if (clientId === null || clientId === '' || clientIdTruncated) return [byIp];
  return [{ kind: 'client', ask: { clientId } }, byIp];
}

/** Items of a row's menu. */
export function WatchItems({ row }: WatchChoicesProps) {
  const t = useText('unauthorized');
  const { start } = useWatches();
  if (!useMay('unauthorized:watch')) return null;
  return choicesOf(row).map(({ kind, ask }) => (
    <MenuItem key={kind} icon={<Eye aria-hidden />} onSelect={() => start(ask)}>
      {t(`watch.start.${kind}`)}
    </MenuItem>
  ));
}

/** The same as buttons, under what is known of the attempts. */
export function WatchButtons({ row }: WatchChoicesProps) {
  const t = useText('unauthorized');
  const { start } = useWatches();
  if (!useMay('unauthorized:watch')) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {choicesOf(row).map(({ kind, ask }) => (
        <Button
          key={kind}
          size="sm"
          icon={<Eye aria-hidden className="size-3.5" />}
          onClick={() => start(ask)}
        >
          {t(`watch.start.${kind}`)}
        </Button>
      ))}
    </div>
  );
}
