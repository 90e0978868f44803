import { LruMap } from './lru-map.ts';
import { pbkdf2Rounds, scryptMemoryBytes, type StoredForm } from './stored-form.ts';

/** Starting points per unit of cost, in milliseconds on a slow core; the first real runs correct them. */
const START_MS = {
  bcryptCost10: 70,
  argon2PerKiB: 0.001,
  scryptPerByte: 0.000_004,
  pbkdf2PerRound: 0.001,
  md4PerRound: 0.004,
};

/** A new sample moves the estimate by this much. */
const SMOOTHING = 0.25;
const COST_KEYS_MAX = 256;

/** What a job is expected to cost, under a key shared by all jobs of the same parameters. */
export interface Cost {
  readonly key: string;
  readonly startMs: number;
}

export function costOf(form: StoredForm): Cost {
  switch (form.kind) {
    case 'bcrypt':
      return { key: `bcrypt,${form.cost}`, startMs: START_MS.bcryptCost10 * 2 ** (form.cost - 10) };
    case 'argon2':
      return argon2Cost(form);
    case 'scrypt': {
      const bytes = scryptMemoryBytes(form) * form.parallelism;
      return { key: `scrypt,${bytes}`, startMs: bytes * START_MS.scryptPerByte };
    }
    case 'pbkdf2': {
      const rounds = pbkdf2Rounds(form);
      const perRound = form.macfun === 'md4' ? START_MS.md4PerRound : START_MS.pbkdf2PerRound;
      return { key: `pbkdf2,${form.macfun},${rounds}`, startMs: rounds * perRound };
    }
    default:
      return { key: form.kind, startMs: 0 };
  }
}

/** Of deriving a key, not of checking a stored one. */
export const pbkdf2Cost = (hash: string, iterations: number): Cost => ({
  key: `derive,${hash},${iterations}`,
  startMs: iterations * START_MS.pbkdf2PerRound,
});

export const argon2Cost = (parameters: {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}): Cost => {
  const { memoryKiB, passes, lanes } = parameters;
  return {
    key: `argon2,${memoryKiB},${passes},${lanes}`,
    startMs: memoryKiB * passes * START_MS.argon2PerKiB,
  };
};

/** Recent cost per key in milliseconds, learnt from what the workers report. */
export class CostModel {
  readonly #learnt = new LruMap<string, number>(COST_KEYS_MAX);

  estimateMs(cost: Cost): number {
    return this.#learnt.get(cost.key) ?? cost.startMs;
  }

  learn(cost: Cost, ms: number): void {
    const before = this.#learnt.get(cost.key);
    this.#learnt.set(cost.key, before === undefined ? ms : before + (ms - before) * SMOOTHING);
  }
}
