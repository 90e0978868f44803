import { DENIAL_LIMITS, type Store } from '@gatehouse/ports';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';

const DAY_MS = 86_400_000;
/** Milliseconds between two rounds of retention, and between two chunks of one round. */
const ROUND_MS = 30_000;
const CHUNK_PAUSE_MS = 20;

/** Keeps refused clients within their age and count, and denials within their age, in chunks that leave room for others. */
export interface Retention {
  /** Resolves when a chunk under way is done. */
  readonly stop: () => Promise<void>;
}

export function startRetention(config: Config, store: Store, log: Logger): Retention {
  const policy = {
    maxAgeMs: config.unauthorized.retention_days * DAY_MS,
    maxRows: config.unauthorized.retention_rows,
  };
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const told = async (what: string, sweep: Promise<number>): Promise<number> => {
    try {
      const removed = await sweep;
      if (removed > 0) log.debug({ removed }, `retention of ${what}`);
      return removed;
    } catch (error) {
      log.warn({ err: error }, `retention of ${what} failed; it is tried again`);
      return 0;
    }
  };
  const chunk = async (): Promise<void> => {
    const now = Date.now();
    const removed =
      (await told('refused clients', store.unauthorized.sweep(policy, now))) +
      (await told('denials', store.denials.sweep(now - DENIAL_LIMITS.retentionMs)));
    plan(removed > 0 ? CHUNK_PAUSE_MS : ROUND_MS);
  };
  const plan = (ms: number): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = chunk();
    }, ms);
  };
  plan(CHUNK_PAUSE_MS);
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
