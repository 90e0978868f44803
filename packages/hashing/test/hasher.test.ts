import { Secret } from '@gatehouse/auth-core';
import { afterEach, describe, expect, test } from 'vitest';
import { createHashing, type Hashing } from '../src/hashing.ts';
import { HashWorkerError, HashingBusyError } from '../src/jobs.ts';
import { HASHING_LIMITS } from '../src/limits.ts';
import { CRASHING_WORKER, ManualClock, SILENT_WORKER, subject } from './support.ts';

const open: Hashing[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((hashing) => hashing.close()));
});
const make = (workerUrl?: URL): Hashing => {
  const hashing = createHashing({ workers: 1, clock: new ManualClock(), workerUrl });
  open.push(hashing);
  return hashing;
};
const secret = (text: string): Secret<string> => new Secret(text);

describe('a generated secret', () => {
  test('has at least 128 bits, is URL-safe, and verifies inline without ever being replaced', () => {
    const { hasher, verifier } = make();
    const made = hasher.generate();
    expect(made.secret).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(made.format).toBe('sha256-salted');
    expect(hasher.describe(made.hash)).toEqual({ format: made.format });
    expect(verifier.verify(subject({ hash: made.hash, password: made.secret }))).toMatchObject({
      result: 'match',
      needsRehash: false,
    });
  });

  test('is never the same twice', () => {
    const { hasher } = make();
    const made = Array.from({ length: 100 }, () => hasher.generate());
    expect(new Set(made.flatMap(({ secret: text, hash }) => [text, hash])).size).toBe(200);
  });
});

describe('a chosen password', () => {
  test('becomes argon2id of 19 MiB and two passes, which needs no rehash', async () => {
    const { hasher, verifier } = make();
    const made = await hasher.hashChosen(secret('correct horse'));
    expect(made.format).toBe('argon2id');
    expect(made.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifier.verify(subject({ hash: made.hash, password: 'correct horse' }))).toMatchObject({
      result: 'match',
      needsRehash: false,
    });
    expect(await hasher.verifyPerson(made.hash, secret('correct horse'))).toEqual({
      ok: true,
      needsRehash: false,
    });
    expect(await hasher.verifyPerson(made.hash, secret('wrong'))).toEqual({ ok: false, needsRehash: false });
  });
});

describe('a person’s login', () => {
  test('an unknown user is refused after the same work', () => {
    const { hasher, stats } = make(SILENT_WORKER);
    const pending = Promise.resolve(hasher.verifyPerson(null, secret('anything')));
    pending.catch(() => undefined);
    // The worker has a job, which this one never answers.
    expect(stats().queueMs).toBeGreaterThan(0);
  });

  test('an unknown user, or one whose hash cannot be read, never gets in', async () => {
    const { hasher } = make();
    expect(await hasher.verifyPerson(null, secret(''))).toEqual({ ok: false, needsRehash: false });
    expect(await hasher.verifyPerson('rubbish', secret('rubbish'))).toEqual({
      ok: false,
      needsRehash: false,
    });
  });

  test('is answered busy when too many wait, and new hashes say so by an error', async () => {
    const { hasher, stats } = make(SILENT_WORKER);
    for (let i = 0; i <= HASHING_LIMITS.peopleQueueMax; i++) {
      hasher.verifyPerson(null, secret('x')).catch(() => undefined);
    }
    expect(stats().queued).toBe(HASHING_LIMITS.peopleQueueMax);
    expect(await hasher.verifyPerson(null, secret('x'))).toBe('busy');
    await expect(hasher.hashChosen(secret('x'))).rejects.toThrow(HashingBusyError);
  });

  test('fails with an error when the worker crashes', async () => {
    const { hasher } = make(CRASHING_WORKER);
    await expect(hasher.hashChosen(secret('x'))).rejects.toThrow(HashWorkerError);
  });
});

test('describe names a form or says what is wrong with it', () => {
  const { hasher } = make();
  expect(hasher.describe('{SSHA}Q+cYNAZ9Wdg66TS7gGcBeLgQub5zYWx0')).toEqual({ format: 'sha-salted' });
  expect(hasher.describe('public')).toHaveProperty('invalid');
});
