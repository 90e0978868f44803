'use client';

import type { UnauthorizedClientDto } from '@gatehouse/contract';
import type { UseQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useAfterPaint } from '../use-after-paint';
import { isEmpty, type Selection } from './selection';
import type { RefusedPage } from './query';
import { useColumns, type ColumnControl } from './use-columns';
import { useDeletion, type DeletionControl, type DeletionTarget } from './use-deletion';
import { useList } from './use-list';
import { useLive, type Live } from './use-live';
import { useSelection, type SelectionControl } from './use-selection';
import { useView, type ViewControl } from './use-view';
import type { View } from './view';

/** What keeps the rows still while the reader is busy with them. */
type Hold = 'hover' | 'scroll';

export interface RefusedModel {
  readonly control: ViewControl;
  /** The same with the view that the rows follow: for what may follow with them. */
  readonly shown: ViewControl;
  /** What the rows follow: a little behind the control's, so that what was clicked shows before they are drawn. */
  readonly view: View;
  /** The row that the drawer shows, as much behind. */
  readonly openId: string | null;
  readonly list: UseQueryResult<RefusedPage>;
  readonly rows: readonly UnauthorizedClientDto[];
  readonly live: Live;
  /** The rows do not move: something is chosen, pointed at, or scrolled to. */
  readonly held: boolean;
  readonly hold: (reason: Hold, on: boolean) => void;
  readonly selection: SelectionControl;
  /** The rows chosen, as much behind: the tick is seen before the bar that speaks of it. */
  readonly chosen: Selection;
  readonly columns: ColumnControl;
  readonly deletion: DeletionControl;
  /** What a dialog asks about now. */
  readonly asked: DeletionTarget | null;
  readonly ask: (target: DeletionTarget | null) => void;
  /** The row that keys act upon. */
  readonly active: string | null;
  readonly setActive: (id: string | null) => void;
}

const NO_ROWS: readonly UnauthorizedClientDto[] = [];
const NO_HOLDS: ReadonlySet<Hold> = new Set();

/** What the filter is, as text: a selection belongs to it. */
const scopeOf = ({ cursor: _cursor, at: _at, sort: _sort, limit: _limit, ...filter }: View): string =>
  JSON.stringify(filter);

/** The state of the page, put together once; the same as long as nothing of it changes. */
export function useModel(): RefusedModel & { readonly openNow: string | null } {
  const { control, openId: openNow } = useView();
  const view = useAfterPaint(control.view);
  const shown = useShown(control, view);
  const openId = useAfterPaint(openNow);
  const list = useList(view);
  const rows = list.data?.items ?? NO_ROWS;
  const order = useMemo(() => rows.map((row) => row.id), [rows]);
  const selection = useSelection(
    order,
    useMemo(() => scopeOf(view), [view]),
  );
  const [holds, setHolds] = useState(NO_HOLDS);
  const chosen = useAfterPaint(selection.selection);
  const held = holds.size > 0 || !isEmpty(chosen);
  const live = useLive(view, held);
  const columns = useColumns();
  const deletion = useDeletion();
  const [asked, ask] = useState<DeletionTarget | null>(null);
  const [active, setActive] = useState<string | null>(null);
  const hold = useCallback(
    (reason: Hold, on: boolean): void =>
      setHolds((before) => {
        if (before.has(reason) === on) return before;
        return new Set(on ? [...before, reason] : [...before].filter((one) => one !== reason));
      }),
    [],
  );
  return {
    control,
    shown,
    view,
    openId,
    openNow,
    list,
    rows,
    live,
    held,
    hold,
    selection,
    chosen,
    columns,
    deletion,
    asked,
    ask,
    active,
    setActive,
  };
}

function useShown({ change, open, turn, clear, unreadable }: ViewControl, view: View): ViewControl {
  return useMemo(
    () => ({ change, open, turn, clear, unreadable, view }),
    [change, open, turn, clear, unreadable, view],
  );
}
