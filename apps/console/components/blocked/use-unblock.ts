'use client';

import type { BlockDto } from '@gatehouse/contract';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';

/** Paths whose data a change of the blocks makes old. */
export const STALE = ['/blocked-clients', '/clients', '/stats/overview', '/unauthorized-clients'] as const;
const UNDO_MS = 10_000;

/** Removes a block at once; for a while it can be made again as it was, but for its count. */
export function useUnblock(): { readonly run: (block: BlockDto) => void } {
  const t = useText('blocked');
  const common = useText('common');
  const restore = useAction(
    ({ kind, value, expiresAt, comment }: BlockDto) =>
      api.post<BlockDto>('/blocked-clients', { kind, value, expiresAt, comment }),
    { stale: STALE, onDone: () => showToast({ tone: 'good', text: common('undone') }) },
  );
  const remove = useAction((block: BlockDto) => api.delete(`/blocked-clients/${block.id}`), {
    stale: STALE,
    onDone: (_done, block) =>
      showToast({
        tone: 'good',
        text: t('removed'),
        durationMs: UNDO_MS,
        // What has ended cannot be made again, and need not be.
        ...(block.expired ? {} : { action: { label: common('undo'), run: () => restore.mutate(block) } }),
      }),
  });
  return { run: (block) => remove.mutate(block) };
}
