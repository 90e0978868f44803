'use client';

import type { deletion, undone } from '@gatehouse/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { showToast } from '@/components/ui/toast';
import { api, problemOf } from '@/lib/api';
import { useFormat, useText } from '@/lib/i18n';
import { PATH, filterQuery } from './query';
import type { Selection } from './selection';
import type { View } from './view';

type Deletion = (typeof deletion)['_output'];
type Undone = (typeof undone)['_output'];

/** How long a deletion can be taken back; the server's own limit comes with its answer. */
const UNDO_MS = 10_000;

/** What is to be deleted; `count` is what the question names. */
export type DeletionTarget =
  | { readonly kind: 'one'; readonly id: string; readonly clientId: string | null }
  | {
      readonly kind: 'selected';
      readonly selection: Selection;
      readonly view: View;
      readonly count: number;
    }
  | { readonly kind: 'everything' };

/** The request's body: ids, the filter itself, or all; always one request. */
function deletionBody(target: DeletionTarget, now: number): unknown {
  if (target.kind === 'everything') return { all: true };
  if (target.kind === 'one') return { ids: [target.id] };
  return target.selection.mode === 'some'
    ? { ids: [...target.selection.ids] }
    : { filter: filterQuery(target.view, now), except: [...target.selection.except] };
}

export interface DeletionControl {
  /** Answers whether it was done; says so in either case. */
  readonly run: (target: DeletionTarget) => Promise<boolean>;
  /** Takes the latest deletion back, while that is possible. */
  readonly undo: () => void;
  readonly busy: boolean;
}

export function useDeletion(): DeletionControl {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const latest = useRef<{ readonly token: string; readonly until: number } | null>(null);
  const reread = (): Promise<void> =>
    client.invalidateQueries({
      predicate: ({ queryKey: [path] }) => String(path).startsWith(PATH) || path === '/stats',
    });
  const failed = (error: unknown): void => {
    const { title, requestId } = problemOf(error);
    showToast({ tone: 'bad', text: title, detail: requestId });
  };

  const undo = (): void => {
    const deletion = latest.current;
    if (deletion === null || deletion.until < Date.now()) {
      showToast({ text: t('undo.nothing') });
      return;
    }
    latest.current = null;
    void api
      .post<Undone>(`${PATH}/undo`, { undoToken: deletion.token })
      .then(({ restored }) => showToast({ tone: 'good', text: t('undo.done', { count: restored }) }), failed)
      .then(reread);
  };
  const run = async (target: DeletionTarget): Promise<boolean> => {
    setBusy(true);
    try {
      const done = await api.post<Deletion>(`${PATH}/delete`, deletionBody(target, Date.now()));
      latest.current = { token: done.undoToken, until: Date.now() + UNDO_MS };
      showToast({
        tone: 'good',
        text: t('delete.done', { count: done.deleted, shown: formatNumber(done.deleted) }),
        action: { label: t('undo.action'), run: undo },
        durationMs: UNDO_MS,
      });
      void reread();
      return true;
    } catch (error) {
      failed(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { run, undo, busy };
}
