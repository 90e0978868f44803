import { FAMILIES } from '@gatehouse/auth-core';
import { DROP_REASONS, type BrokerStats } from '@gatehouse/ports';
import type { ApiDeps } from '../../house.ts';
import { SERIES_KEPT_MS, SERIES_STEP_MS } from './names.ts';
import { noteFirsts } from './start-status.ts';

export interface Sampler {
  start(): void;
  /** Resolves when a sample under way is stored. */
  stop(): Promise<void>;
}

/** Steps between two sweeps of old points: an hour. */
const STEPS_PER_SWEEP = 720;

const countersOf = (stats: BrokerStats): Readonly<Record<string, number>> => ({
  accepted: stats.auth.accepted,
  refused: stats.auth.refused,
  ...Object.fromEntries(
    FAMILIES.map((family) => [`refused.${family}`, stats.auth.refusedByFamily[family] ?? 0]),
  ),
  messagesReceived: stats.messages.received,
  messagesSent: stats.messages.sent,
  bytesReceived: stats.messages.bytesReceived,
  bytesSent: stats.messages.bytesSent,
  dropped: stats.messages.dropped,
  ...Object.fromEntries(
    DROP_REASONS.map((reason) => [`dropped.${reason}`, stats.messages.droppedBy[reason]]),
  ),
});

/** A counter that went back belongs to a data plane that began anew: all it shows is increase. */
const increase = (before: number | undefined, now: number): number =>
  before === undefined || now < before ? now : now - before;

/**
 * Appends a point of this node to the series every five seconds: increases of the counters and the level of sessions online. A
 * sample that fails is logged and its increase is in the next one.
 */
export const createSampler = (
  deps: Pick<ApiDeps, 'store' | 'dataPlane' | 'clock' | 'log'> & {
    readonly config: Pick<ApiDeps['config'], 'node'>;
  },
): Sampler => {
  const { store, dataPlane, clock, log, config } = deps;
  let last: Readonly<Record<string, number>> = {};
  let steps = 0;
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();

  const sample = async (): Promise<void> => {
    const stats = await dataPlane.stats();
    const counters = countersOf(stats);
    const values = Object.fromEntries(
      Object.entries(counters).map(([name, value]) => [name, increase(last[name], value)]),
    );
    await store.series.append([
      { at: clock.now(), node: config.node, values: { ...values, online: stats.sessions.online } },
    ]);
    last = counters;
    await noteFirsts(store, stats);
    if (steps++ % STEPS_PER_SWEEP === 0) await store.series.sweep(clock.now() - SERIES_KEPT_MS);
  };
  const step = (): void => {
    running = sample()
      .catch((error: unknown) => log.warn({ err: error }, 'a sample of the numbers was not stored'))
      .finally(() => {
        if (cancel !== undefined) cancel = clock.after(SERIES_STEP_MS, step);
      });
  };
  return {
    start: () => {
      cancel ??= clock.after(SERIES_STEP_MS, step);
    },
    stop: async () => {
      cancel?.();
      cancel = undefined;
      await running;
    },
  };
};
