'use client';

import type { StreamEvent } from '@gatehouse/contract';
import { useQueryClient, type QueryClient, type QueryKey } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { apiUrl } from '@/lib/api';
import { useNow } from '@/lib/now';
import { paced } from '@/lib/paced';
import { keyOf } from '@/lib/resource';
import { usePref } from '@/lib/use-pref';
import { isNewestFirst, withChanges, withoutRows } from './live-event';
import { openLiveSource, type Connection } from './live-source';
import { NOW_STEP_MS, PATH, listResource, streamQuery, type RefusedPage } from './query';
import type { View } from './view';

/** Counts and chart follow the rows at this pace at most. */
const SUMMARY_MS = 4_000;

export interface Live {
  readonly on: boolean;
  readonly setOn: (on: boolean) => void;
  readonly connection: Connection;
  /** Refused clients that came while the rows were held still. */
  readonly pending: number;
  /** Shows them. */
  readonly release: () => void;
}

/** Runs at most every `SUMMARY_MS`, and once more after the last call. */
function useSummaryRefresh(client: QueryClient): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      for (const part of ['facets', 'histogram', 'groups', 'recorder']) {
        void client.invalidateQueries({ queryKey: [`${PATH}/${part}`] });
      }
    }, SUMMARY_MS);
  };
}

interface Rows {
  readonly key: QueryKey;
  readonly limit: number;
  /** Whether new rows go in at the top, rather than only changing those that are there. */
  readonly insert: boolean;
}

/** Puts one event into the rows that are shown, or has them read again where it does not say enough. */
function putIn(client: QueryClient, event: StreamEvent, { key, limit, insert }: Rows): void {
  const update = (change: (page: RefusedPage) => RefusedPage): void => {
    client.setQueryData<RefusedPage>(key, (page) => (page === undefined ? page : change(page)));
  };
  if (event.kind === 'rows') {
    update((page) => withChanges(page, event, { limit, insert }));
    const changed = new Set(event.upserted.flatMap(({ id }) => [`${PATH}/${id}`, `${PATH}/${id}/attempts`]));
    void client.invalidateQueries({ predicate: ({ queryKey: [path] }) => changed.has(path as string) });
  } else if (event.kind === 'deleted' && !event.all) update((page) => withoutRows(page, event.ids));
  else if (event.kind !== 'heartbeat') void client.invalidateQueries({ queryKey: [PATH] });
}

/**
 * Follows the stream of changes and puts them into the rows. `held`: the reader is busy with the rows, so none
 * moves; what comes meanwhile is only counted.
 */
export function useLive(view: View, held: boolean): Live {
  const client = useQueryClient();
  const now = useNow(NOW_STEP_MS);
  const [pref, setPref] = usePref('unauthorized.live', 'on');
  const [connection, setConnection] = useState<Connection>('off');
  const [pending, setPending] = useState(0);
  const refreshSummary = useSummaryRefresh(client);
  const on = pref === 'on';
  const url = apiUrl(`${PATH}/stream`, streamQuery(view));

  const release = useCallback((): void => {
    setPending(0);
    void client.invalidateQueries({ queryKey: [PATH] });
  }, [client]);
  const hear = (event: StreamEvent): void => {
    if (event.kind === 'heartbeat') return;
    refreshSummary();
    const insert = isNewestFirst(view) && !held;
    putIn(client, event, { key: keyOf(listResource(view, now)), limit: view.limit, insert });
    if (event.kind === 'rows' && !insert) setPending((count) => count + event.newRows);
  };

  const latest = useRef({ hear, release });
  useEffect(() => {
    latest.current = { hear, release };
  });
  useEffect(() => {
    if (!on) return;
    const events = paced<StreamEvent>((all) => {
      for (const event of all) latest.current.hear(event);
    });
    const close = openLiveSource({
      url,
      onEvent: events.push,
      onConnection: setConnection,
      onGap: () => latest.current.release(),
    });
    return () => {
      close();
      events.stop();
      setConnection('off');
    };
  }, [on, url]);
  useEffect(() => {
    if (!held && pending > 0 && isNewestFirst(view)) latest.current.release();
  }, [held, pending, view]);

  return useMemo(
    () => ({ on, setOn: (next) => setPref(next ? 'on' : 'off'), connection, pending, release }),
    [on, setPref, connection, pending, release],
  );
}
