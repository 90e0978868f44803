import { networkOf } from '@gatehouse/auth-core';
import {
  ALERT_LIMITS,
  type AlertItem,
  type AttemptBatch,
  type SeenEntry,
  type Store,
} from '@gatehouse/ports';

/** News that wait for a round; more are noticed when they come again. */
const NEWS_MAX = 1_000;
/** Milliseconds after which the last sighting of what is known is written anew. */
const RENEW_MS = 3_600_000;

type Kind = SeenEntry['kind'];
const KINDS: readonly Kind[] = ['reason', 'network'];

const keyOf = ({ kind, value }: SeenEntry): string => `${kind} ${value}`;

/** What was seen for the first time, and what the store is to remember of it. */
export interface Sightings {
  readonly news: Readonly<Record<Kind, readonly AlertItem[]>>;
  readonly entries: readonly SeenEntry[];
}

/** What was seen, and what of it for the first time. */
export interface SeenMemory {
  notice(batch: AttemptBatch): void;
  /** What waits to be told and remembered; it waits on until it is settled. */
  pending(now: number): Sightings;
  /** They are told and remembered: what came meanwhile waits for the next round. */
  settle(sightings: Sightings): void;
}

interface News {
  readonly item: AlertItem;
  readonly firstAt: number;
}

interface Known {
  /** Value to the time of its last written sighting. */
  readonly values: Map<string, number>;
  readonly news: Map<string, News>;
}

/**
 * The memory of reasons and networks, as the store has it. Where it is empty it begins with what the table of refused clients
 * holds, so that an update makes nothing new that is not.
 */
export async function openSeenMemory(
  store: Pick<Store, 'alerts' | 'unauthorized'>,
  now: number,
): Promise<SeenMemory> {
  const known: Readonly<Record<Kind, Known>> = {
    reason: await openKnown(store, 'reason', now),
    network: await openKnown(store, 'network', now),
  };
  const renewed = new Map<string, SeenEntry>();
  const see = (kind: Kind, value: string, clientId: string | null, at: number): void => {
    const { values, news } = known[kind];
    const last = values.get(value);
    if (last === undefined) {
      if (news.size < NEWS_MAX && !news.has(value))
        news.set(value, { item: { value, clientId }, firstAt: at });
    } else if (at - last > RENEW_MS && renewed.size < NEWS_MAX) {
      values.set(value, at);
      const entry: SeenEntry = { kind, value, at, firstAt: 0 };
      renewed.set(keyOf(entry), entry);
    }
  };
  return {
    notice: ({ deltas, aggregates }) => {
      for (const { last } of deltas) {
        see('reason', last.reason, last.clientId, last.at);
        see('network', networkOf(last.ip), last.clientId, last.at);
      }
      for (const { reason, network, lastAt } of aggregates) {
        see('reason', reason, null, lastAt);
        see('network', network, null, lastAt);
      }
    },
    pending: (at) => {
      const first = KINDS.flatMap((kind) =>
        [...known[kind].news.values()].map(({ item: { value }, firstAt }): SeenEntry => ({
          kind,
          value,
          at,
          firstAt,
        })),
      );
      return {
        news: { reason: itemsOf(known.reason), network: itemsOf(known.network) },
        entries: [...first, ...renewed.values()],
      };
    },
    settle: ({ entries }) => {
      for (const entry of entries) {
        const { kind, value, at } = entry;
        if (known[kind].news.has(value)) learn(known[kind], value, at);
        const key = keyOf(entry);
        if (renewed.get(key) === entry) renewed.delete(key);
      }
    },
  };
}

const itemsOf = ({ news }: Known): readonly AlertItem[] => [...news.values()].map(({ item }) => item);

/** A Map keeps its order: what was learnt first goes first. */
function learn({ values, news }: Known, value: string, at: number): void {
  news.delete(value);
  values.set(value, at);
  const [oldest] = values.keys();
  if (values.size > ALERT_LIMITS.seenMax && oldest !== undefined) values.delete(oldest);
}

async function openKnown(
  { alerts, unauthorized }: Pick<Store, 'alerts' | 'unauthorized'>,
  kind: Kind,
  now: number,
): Promise<Known> {
  let values = await alerts.seen(kind);
  if (values.length === 0) {
    const top = await unauthorized.top(kind === 'reason' ? 'reason' : 'ip', { from: 0, to: now }, NEWS_MAX);
    values = [...new Set(top.map(({ value }) => (kind === 'reason' ? value : networkOf(value))))];
    await alerts.remember(values.map((value) => ({ kind, value, at: now, firstAt: 0 })));
  }
  return { values: new Map(values.map((value) => [value, now])), news: new Map() };
}
