import type { Attempt } from '../../src/attempt.ts';
import type { StoredCredential } from '../../src/credential.ts';
import { type BuiltinOptions, createBuiltin } from '../../src/methods/builtin.ts';
import type {
  CredentialSource,
  GuessingBudget,
  MaybePromise,
  MismatchProbe,
  Verification,
} from '../../src/needs.ts';
import { attemptOf, credentialOf, manualClock, passwordOf } from '../../src/testing/index.ts';
import type { Verdict } from '../../src/verdict.ts';

type Query = Parameters<CredentialSource['find']>[0];

export interface World {
  readonly records?: readonly StoredCredential[] | 'unavailable';
  readonly strategy?: BuiltinOptions['strategy'];
  readonly refused?: { readonly until: number; readonly failures: number };
  /** What the verified cache knows, by stored hash; everything else costs work. */
  readonly cached?: Readonly<Record<string, Verification>>;
  /** What verifying answers instead of comparing, by stored hash. */
  readonly answers?: Readonly<Record<string, Verification>>;
  readonly asynchronous?: boolean;
}

/** A builtin authenticator over records in memory, whose stored form `plain:TEXT` verifies exactly TEXT. */
export function worldOf(world: World = {}) {
  const clock = manualClock();
  const queries: Query[] = [];
  const verified: string[] = [];
  const told: string[] = [];
  const probes: (readonly MismatchProbe[])[] = [];
  const later = <T>(value: T): MaybePromise<T> =>
    world.asynchronous === true ? Promise.resolve(value) : value;
  const budget: GuessingBudget = {
    admit: () => (world.refused === undefined ? { result: 'ok' } : { result: 'refused', ...world.refused }),
    failed: () => void told.push('failed'),
    succeeded: () => void told.push('succeeded'),
    released: () => void told.push('released'),
  };
  const authenticator = createBuiltin({
    name: 'builtin',
    strategy: world.strategy ?? 'both',
    clock,
    budget,
    source: {
      find(query) {
        queries.push(query);
        return later(world.records ?? [credentialOf()]);
      },
    },
    verifier: {
      peek: ({ hash }) => world.cached?.[hash],
      verify({ hash, password }) {
        verified.push(hash);
        const right = `plain:${new TextDecoder().decode(password.reveal())}` === hash;
        const plain: Verification = right
          ? { result: 'match', needsRehash: false, cached: false }
          : { result: 'mismatch', cached: false };
        return later(world.answers?.[hash] ?? plain);
      },
    },
    hooks: { mismatch: (_, some) => void probes.push(some) },
  });
  const check = (differs: Partial<Attempt>): Verdict => {
    const verdict = authenticator.check(attemptOf(differs));
    if (verdict instanceof Promise) throw new Error('expected an answer at once');
    return verdict;
  };
  return { authenticator, check, clock, queries, verified, told, probes };
}

export const right = { username: 'pump-7', password: passwordOf('right') };
export const wrong = { username: 'pump-7', password: passwordOf('wrong') };
export const MATCH: Verification = { result: 'match', needsRehash: false, cached: true };
export const HOUR_MS = 3_600_000;
export const START = manualClock().now();
