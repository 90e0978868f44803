'use client';

import { useQueryClient } from '@tanstack/react-query';
import { copyText } from '@/components/ui/copy';
import { showToast } from '@/components/ui/toast';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { PATH } from '@/lib/unauthorized/query';
import { isEmpty, selectedCount } from '@/lib/unauthorized/selection';
import { useKeys } from '@/lib/unauthorized/use-keys';
import type { RefusedModel } from '@/lib/unauthorized/use-model';

/** Keys act on what was asked for last, drawn or not: one pressed three times goes on by three rows. */
type KeyedModel = RefusedModel & { readonly openNow: string | null };

interface PageKeys {
  readonly focusSearch: () => void;
  readonly showFilters: () => void;
}

/** Puts the focus on a row's name, so that the reader (and the screen reader) is where the keys act. */
export function focusRow(id: string): void {
  const button = document.querySelector<HTMLElement>(`[data-open-row="${CSS.escape(id)}"]`);
  button?.focus();
  button?.scrollIntoView({ block: 'nearest' });
}

/** Reads everything on the page again. */
export function useRefresh(): () => void {
  const client = useQueryClient();
  return () =>
    void client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(PATH) });
}

/** The page's keys; what they do is also on buttons. */
export function useRowKeys(model: KeyedModel, { focusSearch, showFilters }: PageKeys): void {
  const t = useText('unauthorized');
  const refresh = useRefresh();
  const mayDelete = useMay('unauthorized:delete');
  const { control, rows, view, openNow, live, selection, deletion } = model;
  const current = rows.find((row) => row.id === (openNow ?? model.active));

  const move = (step: 1 | -1): void => {
    if (rows.length === 0) return;
    const at = current === undefined ? (step === 1 ? -1 : 0) : rows.indexOf(current);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    if (next === undefined) return;
    model.setActive(next.id);
    if (openNow !== null) control.open(next.id, 'replace');
    else focusRow(next.id);
  };
  const remove = (): void => {
    if (!mayDelete) return;
    if (!isEmpty(selection.selection)) {
      const count = selectedCount(selection.selection, model.list.data?.total ?? 0);
      model.ask({ kind: 'selected', selection: selection.selection, view, count });
    } else if (current !== undefined) model.ask({ kind: 'one', id: current.id, clientId: current.clientId });
  };
  const copy = (): void => {
    const clientId = current?.clientId ?? '';
    if (clientId === '') return;
    void copyText(clientId).then((copied) => {
      if (copied) showToast({ tone: 'good', text: t('copiedClientId') });
    });
  };
  useKeys({
    '/': focusSearch,
    f: showFilters,
    j: () => {
      live.setOn(!live.on);
      showToast({ tone: 'good', text: t(live.on ? 'live.switchedOff' : 'live.switchedOn') });
    },
    r: refresh,
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => {
      if (current !== undefined) control.open(current.id);
    },
    x: (event) => {
      if (current !== undefined) selection.toggle(current.id, event.shiftKey);
    },
    Delete: remove,
    z: deletion.undo,
    c: copy,
  });
}
