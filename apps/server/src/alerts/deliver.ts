import { ALERT_LIMITS, type AlertDelivery, type ChannelHealth, type Store } from '@gatehouse/ports';
import type { Logger } from 'pino';
import type { Sender } from './sender.ts';

/** Deliveries that are looked at in one round; of one channel they go one after another. */
const DUE_MAX = 50;
const SECOND_MS = 1_000;
/** Before each further attempt; the last stands for all that follow. */
const BACK_OFF_SECONDS = [5, 15, 60, 300, 900, 3_600, 7_200] as const;

/** Milliseconds until the next attempt, after so many that failed. */
const backOffMs = (attempts: number): number =>
  (BACK_OFF_SECONDS[Math.min(attempts, BACK_OFF_SECONDS.length) - 1] ?? BACK_OFF_SECONDS[0]) * SECOND_MS;

export interface DeliverOptions {
  readonly store: Pick<Store, 'alerts' | 'alertSetup'>;
  readonly send: Sender;
  readonly now: () => number;
  readonly log: Pick<Logger, 'warn'>;
}

/** Sends what is due. A channel that fails keeps its later messages back too, so that they arrive in their order. */
export async function deliverDue(options: DeliverOptions): Promise<void> {
  const { store, now } = options;
  const due = await store.alerts.due(now(), DUE_MAX);
  const byChannel = groupedOf(due);
  await Promise.all([...byChannel].map(([id, messages]) => deliverTo(options, id, messages)));
}

function groupedOf(due: readonly AlertDelivery[]): ReadonlyMap<string, readonly AlertDelivery[]> {
  const groups = new Map<string, AlertDelivery[]>();
  for (const one of due) groups.set(one.channelId, [...(groups.get(one.channelId) ?? []), one]);
  return groups;
}

async function deliverTo(
  { store, send, now, log }: DeliverOptions,
  channelId: string,
  messages: readonly AlertDelivery[],
): Promise<void> {
  for (const message of messages) {
    const channel = await store.alertSetup.channel(channelId);
    if (channel === null) return;
    const outcome = await send(channel, message.message, message.id);
    const at = now();
    if (outcome.ok) {
      await store.alertSetup.noteHealth(channelId, delivered(channel.health, at));
      await store.alerts.settle(message.id);
      continue;
    }
    const attempts = message.attempts + 1;
    const isLast = attempts >= ALERT_LIMITS.deliveryAttemptsMax;
    await store.alertSetup.noteHealth(channelId, failed(channel.health, at, outcome.failure, isLast));
    if (isLast) {
      log.warn({ channelId, attempts, failure: outcome.failure }, 'a message about an alert was given up');
      await store.alerts.settle(message.id);
      continue;
    }
    const nextAt = at + backOffMs(attempts);
    await store.alerts.postpone(message.id, attempts, nextAt);
    for (const later of messages.slice(messages.indexOf(message) + 1)) {
      await store.alerts.postpone(later.id, later.attempts, nextAt);
    }
    return;
  }
}

const delivered = (health: ChannelHealth, at: number): ChannelHealth => ({
  ...health,
  lastDeliveredAt: at,
  failuresInARow: 0,
  delivered: health.delivered + 1,
});

const failed = (health: ChannelHealth, at: number, lastFailure: string, isLast: boolean): ChannelHealth => ({
  ...health,
  lastFailedAt: at,
  lastFailure,
  failuresInARow: health.failuresInARow + 1,
  gaveUp: health.gaveUp + (isLast ? 1 : 0),
});
