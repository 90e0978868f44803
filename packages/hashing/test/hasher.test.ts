import { deriveScramKeys, readScramKeys, SCRAM_MECHANISMS, Secret } from '@gatehouse/auth-core';
import { afterEach, describe, expect, test } from 'vitest';
import { createHashing, type Hashing } from '../src/hashing.ts';
import { HashWorkerError, HashingBusyError } from '../src/jobs.ts';
import { HASHING_LIMITS } from '../src/limits.ts';
import { scramCrypto } from '../src/scram.ts';
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

describe('the keys of a SCRAM password', () => {
  test('are made on the workers for both mechanisms, each with a salt of its own, and prove that password alone', async () => {
    const { hasher, scram } = make();
    const made = await hasher.hashScram(secret('I\u00adX'), 4_096);
    if ('invalid' in made) throw new Error(made.invalid);
    const keys = readScramKeys(made.hash);
    if ('unparsable' in keys) throw new Error(keys.unparsable);
    expect(made.format).toBe('scram');
    expect(Object.keys(keys)).toEqual(SCRAM_MECHANISMS);
    for (const mechanism of SCRAM_MECHANISMS) {
      const stored = keys[mechanism];
      if (stored === undefined) throw new Error(`no keys of ${mechanism}`);
      const right = await deriveScramKeys(scramCrypto, mechanism, 'IX', stored);
      const wrong = await deriveScramKeys(scram, mechanism, 'ix', stored);
      expect([...(right?.storedKey ?? [])]).toEqual([...stored.storedKey]);
      expect([...(right?.serverKey ?? [])]).toEqual([...stored.serverKey]);
      expect([...(wrong?.storedKey ?? [])]).not.toEqual([...stored.storedKey]);
    }
    expect(keys['SCRAM-SHA-256']?.salt).not.toEqual(keys['SCRAM-SHA-512']?.salt);
  });

  test('are not made of what SASLprep forbids', async () => {
    const { hasher } = make();
    expect(await hasher.hashScram(secret('bell\u0007'), 4_096)).toHaveProperty('invalid');
    expect(await hasher.hashScram(secret('\u00ad'), 4_096)).toHaveProperty('invalid');
  });

  test('cannot be made when the worker dies, and that is told as such', async () => {
    const { hasher } = make(CRASHING_WORKER);
    await expect(hasher.hashScram(secret('pencil'), 4_096)).rejects.toBeInstanceOf(HashWorkerError);
  });
});
