import { Secret } from '@gatehouse/auth-core';
import { afterEach, describe, expect, test } from 'vitest';
import { createHashing, type Hashing, type HashingOptions } from '../src/hashing.ts';
import { HashWorkerError } from '../src/jobs.ts';
import {
  BCRYPT_PUBLIC,
  CRASHING_WORKER,
  EXITING_WORKER,
  ManualClock,
  SILENT_WORKER,
  bytes,
  subject,
} from './support.ts';

const open: Hashing[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((hashing) => hashing.close()));
});

const clock = new ManualClock();
const make = (options: Partial<HashingOptions> = {}): Hashing => {
  const hashing = createHashing({ workers: 1, clock, ...options });
  open.push(hashing);
  return hashing;
};

describe('the verified cache', () => {
  test('a fast form answers at once, and the second time from the cache', () => {
    const { verifier, stats } = make();
    expect(verifier.peek(subject())).toBeUndefined();
    expect(verifier.verify(subject())).toEqual({ result: 'match', needsRehash: true, cached: false });
    expect(verifier.peek(subject())).toEqual({ result: 'match', needsRehash: true, cached: true });
    expect(verifier.verify(subject())).toEqual({ result: 'match', needsRehash: true, cached: true });
    expect(stats()).toMatchObject({ verified: 1, cacheHits: 2, cacheEntries: 1 });
  });

  test('a slow form answers from the cache synchronously once it was verified', async () => {
    const { verifier, stats } = make();
    const slow = subject({ hash: BCRYPT_PUBLIC });
    expect(await verifier.verify(slow)).toMatchObject({ result: 'match', cached: false });
    expect(verifier.verify(slow)).toMatchObject({ result: 'match', cached: true });
    expect(stats().verified).toBe(1);
  });

  test('a device that retries one wrong password costs one hash', async () => {
    const { verifier, stats } = make();
    const wrong = subject({ hash: BCRYPT_PUBLIC, password: 'wrong' });
    expect(await verifier.verify(wrong)).toEqual({ result: 'mismatch', cached: false });
    for (let i = 0; i < 100; i++)
      expect(verifier.verify(wrong)).toEqual({ result: 'mismatch', cached: true });
    expect(stats().verified).toBe(1);
  });

  test.each([
    ['authenticator', { authenticator: 'other' }],
    ['identity', { identity: 'cred-2' }],
    ['version', { version: 2 }],
    ['stored hash', { hash: 'sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b' }],
    ['password', { password: 'Public' }],
    ['boundary between fields', { authenticator: 'builtinc', identity: 'red-1' }],
  ])('another %s is another entry', (_what, over) => {
    const { verifier } = make();
    void verifier.verify(subject());
    expect(verifier.peek(subject(over))).toBeUndefined();
  });

  test('successes are remembered for ten minutes and failures for one', () => {
    const own = new ManualClock();
    const { verifier } = make({ clock: own });
    void verifier.verify(subject());
    void verifier.verify(subject({ password: 'wrong' }));
    own.ms = 59_999;
    expect(verifier.peek(subject({ password: 'wrong' }))).toMatchObject({ result: 'mismatch' });
    own.ms = 60_000;
    expect(verifier.peek(subject({ password: 'wrong' }))).toBeUndefined();
    own.ms = 599_999;
    expect(verifier.peek(subject())).toMatchObject({ result: 'match' });
    own.ms = 600_000;
    expect(verifier.peek(subject())).toBeUndefined();
  });

  test('it is bounded, and guessing never pushes a good device out', () => {
    const { verifier, stats } = make({ cache: { entriesMax: 40 } });
    void verifier.verify(subject());
    for (let i = 0; i < 500; i++) void verifier.verify(subject({ password: `guess-${i}` }));
    expect(stats().cacheEntries).toBeLessThanOrEqual(40);
    expect(verifier.peek(subject())).toMatchObject({ result: 'match' });
  });

  test('it can be emptied', () => {
    const { verifier, invalidateAll } = make();
    void verifier.verify(subject());
    invalidateAll();
    expect(verifier.peek(subject())).toBeUndefined();
  });
});

describe('the hash workers', () => {
  test('identical verifications that run at once share one hash', async () => {
    const { verifier, stats } = make();
    const all = await Promise.all(
      Array.from({ length: 20 }, async () => await verifier.verify(subject({ hash: BCRYPT_PUBLIC }))),
    );
    expect(all.every((one) => one.result === 'match')).toBe(true);
    expect(stats().verified).toBe(1);
  });

  test('more than the queue’s time of work is answered busy, and a cached client still gets in', () => {
    const { verifier, stats } = make({ workerUrl: SILENT_WORKER, queueMsMax: 500 });
    void verifier.verify(subject());
    const cost10 = '$2b$10$abcdefghijklmnopqrstuuqB133muLbebjZ9nczmeCmyhpAaUpSbK';
    const answers = Array.from({ length: 50 }, (_, i) =>
      verifier.verify(subject({ hash: cost10, identity: `c${i}` })),
    );
    for (const answer of answers) if (answer instanceof Promise) answer.catch(() => undefined);
    const accepted = answers.filter((answer) => answer instanceof Promise).length;
    // One runs (70 ms are expected of it), and as many wait as 500 ms have room for, the first beyond included.
    expect(accepted).toBe(8);
    expect(answers.slice(accepted)).toEqual(answers.slice(accepted).map(() => ({ result: 'busy' })));
    expect(stats()).toMatchObject({ queued: 7 });
    expect(verifier.verify(subject())).toMatchObject({ result: 'match', cached: true });
  });

  test('who waits longer than the queue may be, because hashes take longer than thought, is answered busy', async () => {
    const slow = new ManualClock();
    const { verifier, stats } = make({ clock: slow });
    const first = verifier.verify(subject({ hash: BCRYPT_PUBLIC }));
    const second = verifier.verify(subject({ hash: BCRYPT_PUBLIC, identity: 'second' }));
    slow.ms += 2_001;
    expect(await Promise.all([first, second])).toMatchObject([{ result: 'match' }, { result: 'busy' }]);
    expect(stats()).toMatchObject({ queued: 0, verified: 1, cacheEntries: 1 });
  });

  test.each([
    ['crashes', CRASHING_WORKER],
    ['ends', EXITING_WORKER],
    ['does not exist', new URL('file:///nonexistent/worker.js')],
  ])(
    'a worker that %s fails its job with an error instead of leaving it hanging',
    async (_what, workerUrl) => {
      const { verifier, stats } = make({ workerUrl });
      for (const identity of ['first', 'second']) {
        await expect(verifier.verify(subject({ hash: BCRYPT_PUBLIC, identity }))).rejects.toThrow(
          HashWorkerError,
        );
      }
      expect(stats()).toMatchObject({ queued: 0, verified: 0, cacheEntries: 0 });
    },
  );

  test('closing rejects what runs and what waits', async () => {
    const hashing = make({ workerUrl: SILENT_WORKER });
    const pending = ['a', 'b'].map(
      async (identity) => await hashing.verifier.verify(subject({ hash: BCRYPT_PUBLIC, identity })),
    );
    const outcomes = Promise.allSettled(pending);
    await hashing.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('the caller’s password bytes stay as they are', async () => {
    const { verifier } = make();
    const password = bytes('public');
    await verifier.verify({ ...subject({ hash: BCRYPT_PUBLIC }), password: new Secret(password) });
    expect(Buffer.from(password).toString()).toBe('public');
  });
});

test('a stored text in no known form says what is wrong and never quotes it', () => {
  const { verifier } = make();
  const answer = verifier.verify(subject({ hash: 'hunter2' }));
  expect(answer).toMatchObject({ result: 'invalid-hash' });
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});
