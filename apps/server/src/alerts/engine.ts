import { randomUUID } from 'node:crypto';
import type {
  AlertDelivery,
  AttemptBatch,
  CertificateAuthority,
  DataPlane,
  SeenEntry,
  StoredAlert,
  StoredAlertChannel,
  Store,
} from '@gatehouse/ports';
import type { Logger } from 'pino';
import { advance, type Notice } from './advance.ts';
import { deliverDue } from './deliver.ts';
import { type MessageSource, messageOf } from './message.ts';
import { createObserver } from './observe.ts';
import { openSeenMemory } from './seen.ts';
import type { Sender } from './sender.ts';

/** Milliseconds between two rounds, as between two points of the series. */
const ROUND_MS = 5_000;
/** Rounds between two sweeps: an hour. */
const ROUNDS_PER_SWEEP = 720;

export interface AlertsOptions {
  readonly store: Store;
  readonly dataPlane: Pick<DataPlane, 'stats'>;
  readonly certificates: Pick<CertificateAuthority, 'listeners' | 'current'>;
  readonly send: Sender;
  readonly source: () => MessageSource;
  readonly log: Pick<Logger, 'warn'>;
}

/** Alerts while the server runs. */
export interface Alerts {
  /** Told of every batch of the recorder, after it was stored. */
  notice(batch: AttemptBatch): void;
  /** Resolves when a round under way is done. */
  stop(): Promise<void>;
}

/**
 * Asks the rules every five seconds and sends what is due. What fires is in the store, with what waits to be told: a restart
 * goes on where it was.
 */
export async function startAlerts(options: AlertsOptions): Promise<Alerts> {
  const { store, dataPlane, certificates, send, log } = options;
  const now = (): number => Date.now();
  const seen = await openSeenMemory(store, now());
  const observe = createObserver({ store, stats: () => dataPlane.stats(), certificates });
  let firing: readonly StoredAlert[] = await store.alerts.firing();
  let rounds = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const round = async (): Promise<void> => {
    const sightings = seen.pending(now());
    const observation = await observe(now(), sightings);
    const [rules, silences, channels] = await Promise.all([
      store.alertSetup.rules(),
      store.alertSetup.silences(observation.now),
      store.alertSetup.channels(),
    ]);
    const next = advance({ rules, silences, firing, seen: observation, newId: randomUUID });
    const deliveries = next.notices.flatMap((notice) =>
      deliveriesOf(notice, channels, observation.now, options.source()),
    );
    const dropped = await storeRound(store, {
      changed: next.changed,
      deliveries,
      entries: sightings.entries,
    });
    if (dropped > 0) log.warn({ dropped }, 'no room for messages about alerts');
    seen.settle(sightings);
    firing = next.firing;
    if (rounds++ % ROUNDS_PER_SWEEP === 0) await store.alerts.sweep(observation.now);
  };
  const guarded = async (what: string, work: () => Promise<void>): Promise<void> => {
    await work().catch((error: unknown) => log.warn({ err: error }, `${what}; it is tried again`));
  };
  let running: Promise<void> = Promise.resolve();
  let delivering: Promise<void> | undefined;
  // Beside the rounds: a channel that hangs must not keep the rules from being asked.
  const deliver = (): void => {
    delivering ??= guarded('messages about alerts were not sent', () =>
      deliverDue({ store, send, now, log }),
    ).finally(() => {
      delivering = undefined;
    });
  };
  const plan = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = guarded('a round of the alerts failed', round).then(deliver).finally(plan);
    }, ROUND_MS);
  };
  plan();
  return {
    notice: (batch) => seen.notice(batch),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
      await delivering;
    },
  };
}

interface RoundOutcome {
  readonly changed: readonly StoredAlert[];
  readonly deliveries: readonly AlertDelivery[];
  readonly entries: readonly SeenEntry[];
}

/**
 * Stores what fired, what is to be told of it and what is no news any more together, or not at all: news that were
 * remembered and not told would be told never. Resolves with how many messages found no room.
 */
export async function storeRound(
  store: Pick<Store, 'transaction'>,
  { changed, deliveries, entries }: RoundOutcome,
): Promise<number> {
  if (changed.length === 0 && deliveries.length === 0 && entries.length === 0) return 0;
  return store.transaction(async (tx) => {
    await tx.alerts.remember(entries);
    await tx.alerts.put(changed);
    const dropped = await tx.alerts.enqueue(deliveries);
    for (const { channelId } of dropped) await countDropped(tx, channelId);
    return dropped.length;
  });
}

const deliveriesOf = (
  { event, alert, rule }: Notice,
  channels: readonly StoredAlertChannel[],
  now: number,
  source: MessageSource,
): readonly AlertDelivery[] => {
  const message = messageOf(event, alert, rule, now, source);
  return channels
    .filter(({ id, enabled }) => enabled && rule.channels.includes(id))
    .map(({ id }) => ({
      id: randomUUID(),
      channelId: id,
      event,
      message,
      attempts: 0,
      nextAt: now,
      createdAt: now,
    }));
};

async function countDropped({ alertSetup }: Pick<Store, 'alertSetup'>, channelId: string): Promise<void> {
  const channel = await alertSetup.channel(channelId);
  if (channel === null) return;
  await alertSetup.noteHealth(channelId, { ...channel.health, dropped: channel.health.dropped + 1 });
}
