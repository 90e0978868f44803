import type { Clock } from '@gatehouse/auth-core';
import { DenialBook } from '@gatehouse/broker';
import { type ControlPlane, type DataPlane, DENIAL_LIMITS } from '@gatehouse/ports';
import type { Logger } from 'pino';
import { startRounds } from './rounds.ts';

export interface DenialsOptions {
  readonly control: Pick<ControlPlane, 'flushDenials'>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

/** What clients were denied, on its way to the store. */
export interface Denials {
  /** Where the broker writes them down. */
  readonly book: DenialBook;
  readonly methods: Pick<DataPlane, 'flushDenials' | 'discardDenials'>;
  /** Ends the rounds and stores what waits. */
  stop(): Promise<void>;
}

/** Makes the data plane's half of denials; they are stored in batches, a second apart. */
export function createDenials({ control, clock, log }: DenialsOptions): Denials {
  const book = new DenialBook(clock);
  const storeAll = async (): Promise<void> => {
    // What comes in meanwhile is for the next round: a storm never keeps this one going.
    const batchesMax = Math.ceil(DENIAL_LIMITS.waitingMax / DENIAL_LIMITS.batchMax);
    for (let batches = 0; batches < batchesMax; batches += 1) {
      const batch = book.take();
      if (batch === undefined) return;
      try {
        await control.flushDenials(batch);
      } catch (error) {
        book.putBack(batch);
        log.warn({ err: error }, 'denials were not stored; they are stored with the next');
        return;
      }
    }
  };
  let storing: Promise<void> = Promise.resolve();
  // One after the other: who asks for a flush finds stored what another one has taken.
  const flush = (): Promise<void> => (storing = storing.then(storeAll));
  const rounds = startRounds(clock, DENIAL_LIMITS.flushIntervalMs, flush);
  return {
    book,
    methods: {
      flushDenials: flush,
      discardDenials: () => {
        book.discard();
        return Promise.resolve();
      },
    },
    stop: () => rounds.stop(),
  };
}
