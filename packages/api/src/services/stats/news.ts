import { isReasonCode, type ReasonCode } from '@gatehouse/auth-core';
import type { OverviewDto } from '@gatehouse/contract';
import type { SeenEntry, Store, UnauthorizedFilter, UnauthorizedRepository } from '@gatehouse/ports';
import { iso } from '../../present/time.ts';
import { guessingIn, INCIDENT_MS } from '../unauthorized/guessers.ts';
import type { Range } from './range.ts';

/** Entries of each list. */
const SHOWN_MAX = 5;
/** Groups that are looked at for incidents. */
const GROUPS_MAX = 50;
/** Fewer clients than this that begin to fail together are no incident. */
const INCIDENT_CLIENTS_MIN = 3;
/** Counted as the table counts them: the same filter leads to the same number. */
export const countClients = async (
  unauthorized: UnauthorizedRepository,
  filter: UnauthorizedFilter,
): Promise<{ readonly clients: number; readonly isExact: boolean }> => {
  // In the order of the index that the filter goes by.
  const field = filter.firstFrom === undefined ? 'lastAttemptAt' : 'firstAttemptAt';
  const newest = { limit: 1, sort: { field, direction: 'desc' } } as const;
  const { total, totalIsExact } = await unauthorized.page(filter, newest);
  return { clients: total, isExact: totalIsExact };
};

type FirstSeen = OverviewDto['news']['reasons'];

/** What was refused for the first time within a range, with the clients that are behind it. */
const firstSeen = async (
  store: Pick<Store, 'alerts' | 'unauthorized'>,
  kind: SeenEntry['kind'],
  range: Range,
): Promise<FirstSeen> => {
  const seen = await store.alerts.firstSeen(kind, range, SHOWN_MAX);
  const counted = await Promise.all(
    seen.map(async ({ value, firstAt }) => {
      const filter = filterOf(kind, value);
      if (filter === undefined) return [];
      const count = await countClients(store.unauthorized, { ...range, ...filter });
      return [{ value, firstAt: iso(firstAt), ...count }];
    }),
  );
  // Their rows may be gone: deleted, or refused for another reason since.
  return counted.flat().filter(({ clients }) => clients > 0);
};

/** Undefined: a reason that this version does not know. */
const filterOf = (kind: SeenEntry['kind'], value: string): UnauthorizedFilter | undefined => {
  if (kind === 'network') return { ip: { include: [value] } };
  return isReasonCode(value) ? { reason: { include: [value] } } : undefined;
};

/** Reasons, networks and clients that were refused for the first time within a range. */
export const newsOf = async (
  store: Pick<Store, 'alerts' | 'unauthorized'>,
  range: Range,
): Promise<OverviewDto['news']> => {
  const newest = { limit: SHOWN_MAX, sort: { field: 'firstAttemptAt', direction: 'desc' } } as const;
  const [reasons, networks, clients] = await Promise.all([
    firstSeen(store, 'reason', range),
    firstSeen(store, 'network', range),
    store.unauthorized.page({ firstFrom: range.from, firstTo: range.to }, newest),
  ]);
  return {
    reasons,
    networks,
    clients: clients.items.map(({ id, clientId, ip, reason, firstAttemptAt }) => ({
      id,
      clientId: clientId ?? '',
      ip,
      reason,
      firstAt: iso(firstAttemptAt),
    })),
  };
};

/** A group of the table by incident: the reason, and the ten minutes in which it began. */
const readGroup = (
  value: string,
): { readonly reason: ReasonCode; readonly firstFrom: number } | undefined => {
  const [reason = '', start = ''] = value.split(' ');
  return isReasonCode(reason) ? { reason, firstFrom: Number(start) } : undefined;
};

/** Incidents that began within a range; one that had begun before is none. */
export const incidentsOf = async (
  unauthorized: UnauthorizedRepository,
  range: Range,
): Promise<OverviewDto['incidents']> => {
  const within = { firstFrom: range.from, firstTo: range.to };
  const groups = await unauthorized.groups(within, 'incident', GROUPS_MAX);
  const guessing = await guessingIn(unauthorized, within, 'incident');
  const large = groups.filter(({ clients }) => clients >= INCIDENT_CLIENTS_MIN).slice(0, SHOWN_MAX);
  const incidents = await Promise.all(
    large.map(async ({ value, firstAttemptAt, auditId }) => {
      const group = readGroup(value);
      if (group === undefined) return [];
      const { reason, firstFrom } = group;
      const count = (span: UnauthorizedFilter) =>
        countClients(unauthorized, { reason: { include: [reason] }, ...span });
      const span = { firstFrom, firstTo: firstFrom + INCIDENT_MS };
      const earlier = firstFrom < range.from ? (await count({ firstFrom, firstTo: range.from })).clients : 0;
      if (earlier > 0) return [];
      const counted = await count(span);
      return [
        {
          reason,
          firstFrom: iso(span.firstFrom),
          firstTo: iso(span.firstTo),
          beganAt: iso(firstAttemptAt),
          ...counted,
          auditId: auditId ?? null,
          guessing: guessing(value),
        },
      ];
    }),
  );
  return incidents.flat();
};
