import { pbkdf2Sync } from 'node:crypto';
import os from 'node:os';
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { SCRAM_HASH_BYTES } from '@gatehouse/auth-core';
import { hashSync } from '@node-rs/argon2';
import { checkAny } from './check-any.ts';
import type { HashJob, HashResult, WorkerReply } from './jobs.ts';
import { ARGON2ID_DEFAULT } from './limits.ts';

// Synchronous on purpose: asynchronous crypto inside a worker still takes libuv's one pool (auth.md §5).
function run(job: HashJob): HashResult {
  if (job.kind === 'check') return { kind: 'check', match: checkAny(job.form, job.password) };
  if (job.kind === 'pbkdf2') {
    const { password, hash, salt, iterations } = job;
    return { kind: 'pbkdf2', derived: pbkdf2Sync(password, salt, iterations, SCRAM_HASH_BYTES[hash], hash) };
  }
  const { memoryKiB, passes, lanes } = ARGON2ID_DEFAULT;
  const options = { memoryCost: memoryKiB, timeCost: passes, parallelism: lanes };
  return { kind: 'argon2id', encoded: hashSync(job.password, options) };
}

function answer(job: HashJob): WorkerReply {
  const started = performance.now();
  try {
    return { result: run(job), ms: performance.now() - started };
  } catch {
    // The library's message might quote the hash.
    return { failed: `the ${job.kind} job was refused by the hash library` };
  } finally {
    job.password.fill(0);
  }
}

/** What a hash is nicer by than the process: its thread gets a tenth of a core that others want too. */
const NICER_BY = 10;
const NICENESS_MAX = 19;

/** Messages go before hashes where both want one core. */
function giveWay(): void {
  // On Linux this is the priority of the calling thread alone (setpriority(2) with PRIO_PROCESS), elsewhere of the process.
  if (process.platform !== 'linux') return;
  try {
    os.setPriority(Math.min(NICENESS_MAX, os.getPriority() + NICER_BY));
  } catch {
    // A sandbox may forbid it: then hashes share the core evenly.
  }
}

giveWay();

parentPort?.on('message', (job: HashJob) => parentPort?.postMessage(answer(job)));
