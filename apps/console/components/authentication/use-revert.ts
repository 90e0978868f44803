'use client';

import { showToast } from '@/components/ui/toast';
import { api } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { useAction } from '@/lib/use-action';
import { STALE, useConflict } from './use-authentication-actions';

/** Milliseconds for which the way back is offered. */
const UNDO_MS = 10_000;

interface Reverted {
  readonly version: number;
}

interface RevertOptions {
  /** Of the chain, authenticator or policy, under the API. */
  readonly path: string;
  /** Further paths whose data it makes old. */
  readonly stale?: readonly string[];
  readonly onDone: () => void;
}

/** Brings back what the last change replaced, over the version that was looked at; the toast after it undoes that. */
export function useRevert({ path, stale = [], onDone }: RevertOptions) {
  const t = useText('authentication');
  const common = useText('common');
  const isConflict = useConflict();
  const write = (version: number): Promise<Reverted> =>
    api.post<Reverted>(`${path}/revert`, undefined, { version });
  const old = [...STALE, ...stale];
  // A revert undoes a revert: what it replaced is kept in its turn.
  const undo = useAction(write, {
    stale: old,
    onDone: () => showToast({ tone: 'good', text: t('revert.undone') }),
  });
  const revert = useAction(write, {
    stale: old,
    toastProblems: false,
    onDone: ({ version }) => {
      showToast({
        tone: 'good',
        text: t('revert.done'),
        durationMs: UNDO_MS,
        action: { label: common('undo'), run: () => undo.mutate(version) },
      });
      onDone();
    },
  });
  return {
    busy: revert.isPending,
    run: (version: number): void =>
      revert.mutate(version, {
        onError: (error) => {
          onDone();
          if (!isConflict(error)) {
            showToast({ tone: 'bad', text: t('revert.failed'), detail: error.message });
          }
        },
      }),
  };
}
