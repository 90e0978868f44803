'use client';

import type { AccessRuleDto } from '@gatehouse/contract';
import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import type { MovePlace } from './who';

/** Paths whose data a change of the rules makes old. */
export const STALE = ['/acl-rules', '/subscriptions'] as const;
const UNDO_MS = 10_000;

/** Moves rules, and removes them at once; for a while one that was removed can be made again where it was. */
export function useRuleActions(): {
  readonly move: (rule: AccessRuleDto, place: MovePlace) => void;
  readonly remove: (rule: AccessRuleDto) => void;
  readonly busy: boolean;
} {
  const t = useText('access');
  const common = useText('common');
  const move = useAction(
    ({ rule, place }: { readonly rule: AccessRuleDto; readonly place: MovePlace }) =>
      api.post<AccessRuleDto>(`/acl-rules/${rule.id}/move`, place),
    { stale: STALE },
  );
  const restore = useAction(
    ({ phase, index, permission, who, action, topics, qos, retain, comment }: AccessRuleDto) =>
      api.post<AccessRuleDto>('/acl-rules', {
        phase,
        index,
        permission,
        who,
        action,
        topics,
        qos,
        retain,
        comment,
      }),
    { stale: STALE, onDone: () => showToast({ tone: 'good', text: common('undone') }) },
  );
  const remove = useAction((rule: AccessRuleDto) => api.delete(`/acl-rules/${rule.id}`), {
    stale: STALE,
    onDone: (_done, rule) =>
      showToast({
        tone: 'good',
        text: t('removed'),
        durationMs: UNDO_MS,
        action: { label: common('undo'), run: () => restore.mutate(rule) },
      }),
  });
  return {
    move: (rule, place) => move.mutate({ rule, place }),
    remove: (rule) => remove.mutate(rule),
    busy: move.isPending || remove.isPending,
  };
}
