import { availableParallelism } from 'node:os';
import type { Clock, PasswordVerifier, ScramCrypto } from '@gatehouse/auth-core';
import type { BrokerStats, MismatchInspector, PasswordHasher } from '@gatehouse/ports';
import { HashPool } from './hash-pool.ts';
import { createHasher } from './hasher.ts';
import { createInspector } from './inspector.ts';
import { HASHING_LIMITS } from './limits.ts';
import { VerifiedCache } from './verified-cache.ts';
import { createScramCrypto } from './scram.ts';
import { CachingVerifier } from './verifier.ts';

export interface HashingOptions {
  /** Worker threads for slow hashes; default: one fewer than the cores, 1 to 4. They start when first needed. */
  readonly workers?: number | undefined;
  /** Milliseconds of work that may wait per worker before the answer is "busy". Default 2 000. */
  readonly queueMsMax?: number | undefined;
  readonly cache?:
    | {
        /** Default 100 000. A quarter of them is for failures. */
        readonly entriesMax?: number | undefined;
        /** Default 10 minutes. */
        readonly successTtlMs?: number | undefined;
        /** Default 60 seconds. */
        readonly failureTtlMs?: number | undefined;
      }
    | undefined;
  readonly clock: Clock;
  /** Another worker script; for tests of what happens when it fails. */
  readonly workerUrl?: URL | undefined;
}

export interface Hashing {
  readonly verifier: PasswordVerifier;
  readonly hasher: PasswordHasher;
  readonly inspector: MismatchInspector;
  /** SCRAM's cryptography, slow work on the workers. */
  readonly scram: ScramCrypto;
  readonly stats: () => BrokerStats['hashing'];
  /** Empties the verified cache. A changed credential needs no call: its version is part of the cache's key. */
  readonly invalidateAll: () => void;
  /** Ends the workers; what waits is rejected. */
  readonly close: () => Promise<void>;
}

const DEFAULT_WORKERS_MAX = 4;
const defaultWorkers = (): number => Math.min(DEFAULT_WORKERS_MAX, Math.max(1, availableParallelism() - 1));

/** Workers run built code, also when this module is loaded from its source by the tests. */
const builtWorker = (): URL => new URL('../dist/worker.js', import.meta.url);

/**
 * Password hashing for one thread's needs: the verifier for clients, the hasher for credentials and people.
 *
 * @example const { verifier, hasher, close } = createHashing({ clock });
 */
export function createHashing(options: HashingOptions): Hashing {
  const { clock } = options;
  const cache = new VerifiedCache(
    {
      entriesMax: options.cache?.entriesMax ?? HASHING_LIMITS.cacheEntriesMax,
      successTtlMs: options.cache?.successTtlMs ?? HASHING_LIMITS.cacheSuccessTtlMs,
      failureTtlMs: options.cache?.failureTtlMs ?? HASHING_LIMITS.cacheFailureTtlMs,
    },
    clock,
  );
  const pool = new HashPool({
    workers: options.workers ?? defaultWorkers(),
    queueMsMax: options.queueMsMax ?? HASHING_LIMITS.queueMsMax,
    workerUrl: options.workerUrl ?? builtWorker(),
    clock,
  });
  const verifier = new CachingVerifier(cache, pool);

  return {
    verifier,
    hasher: createHasher(pool),
    inspector: createInspector(pool, clock),
    scram: createScramCrypto(pool),
    stats: () => ({
      queued: pool.queued,
      queueMs: pool.queueMs,
      ...verifier.counters,
      cacheEntries: cache.size,
    }),
    invalidateAll: () => {
      verifier.invalidateAll();
    },
    close: () => pool.close(),
  };
}
