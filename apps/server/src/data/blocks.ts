import { type BlockGate, type Clock, createBlockGate } from '@gatehouse/auth-core';
import type { ControlPlane } from '@gatehouse/ports';
import type { Logger } from 'pino';
import { re2Patterns } from '../re2-patterns.ts';
import { startRounds } from './rounds.ts';

/** Milliseconds between two rounds of writing hits down. */
const HITS_ROUND_MS = 1_000;

export interface BlocksOptions {
  readonly control: Pick<ControlPlane, 'countBlockHits'>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
}

/** The blocks in force, and their hits on the way to the store. */
export interface DataBlocks {
  readonly gate: BlockGate;
  /** Writes down what was counted so far; what cannot be is counted again with the next. Never rejects. */
  flush(): Promise<void>;
  /** Ends the rounds and writes the last hits. */
  stop(): Promise<void>;
}

/** Makes the data plane's half of blocked clients; it blocks nobody before it is told whom. */
export function createBlocks({ control, clock, log }: BlocksOptions): DataBlocks {
  const gate = createBlockGate({ clock, patterns: re2Patterns });
  const flush = async (): Promise<void> => {
    const hits = gate.takeHits();
    if (hits.length === 0) return;
    try {
      await control.countBlockHits(hits);
    } catch (error) {
      gate.putBackHits(hits);
      log.warn({ err: error }, 'the hits of blocks were not stored; they are counted with the next');
    }
  };
  const rounds = startRounds(clock, HITS_ROUND_MS, flush);
  return { gate, flush, stop: () => rounds.stop() };
}
