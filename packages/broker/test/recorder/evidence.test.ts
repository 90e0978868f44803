import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CredentialSource, MismatchHint, MismatchInspector } from '@gatehouse/ports';
import type { BasicCredential, Secret } from '@gatehouse/auth-core';
import { createAttemptInspector, type AttemptInspector } from '../../src/recorder/attempt-inspector.ts';
import { intervalOf } from '../../src/recorder/evidence.ts';
import { login, make, refusal, settle } from './support.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

describe('distinct secrets', () => {
  test('are counted across flushes, and told apart up to eight', async () => {
    const { recorder, store } = make();
    recorder.refused(refusal({ secret: bytes('a') }));
    recorder.refused(refusal({ secret: bytes('a') }));
    await recorder.flushNow();
    recorder.refused(refusal({ secret: bytes('b') }));
    await recorder.flushNow();
    for (let i = 0; i < 20; i++) recorder.refused(refusal({ secret: bytes(`guess-${i}`) }));
    await recorder.flushNow();
    expect(
      store.deltas.map(({ evidence }) => [evidence.distinctSecrets, evidence.distinctSecretsCapped]),
    ).toEqual([
      [1, false],
      [2, false],
      [8, true],
    ]);
  });

  test('of one key never count for another', async () => {
    const { recorder, store } = make();
    recorder.refused(refusal({ clientId: 'a', secret: bytes('x') }));
    recorder.refused(refusal({ clientId: 'b', secret: bytes('y') }));
    await recorder.flushNow();
    expect(store.deltas.map(({ evidence }) => evidence.distinctSecrets)).toEqual([1, 1]);
  });

  test('are remembered for a bounded number of keys', async () => {
    const { recorder, store } = make({ limits: { evidenceKeysMax: 2 } });
    for (const clientId of ['a', 'b', 'c']) recorder.refused(refusal({ clientId, secret: bytes('1') }));
    await recorder.flushNow();
    for (const clientId of ['a', 'c']) recorder.refused(refusal({ clientId, secret: bytes('2') }));
    await recorder.flushNow();
    const second = store.batches[1]!.deltas.map(({ evidence }) => evidence.distinctSecrets);
    expect(second).toEqual([1, 2]);
  });
});

describe('the interval between attempts', () => {
  test('a retry loop is clockwork', () => {
    expect(intervalOf([0, 5_000, 10_000, 15_000])).toEqual({ medianSeconds: 5, regularity: 1 });
  });

  test('is unknown below three attempts, and for a burst', () => {
    expect(intervalOf([0, 5_000])).toBeNull();
    expect(intervalOf([7, 7, 7, 7])).toBeNull();
  });

  test('lies between 0 and 1 for any times, and shaken times are less regular than even ones', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 3, maxLength: 16 }), (gaps) => {
        let at = 0;
        const interval = intervalOf(gaps.map((gap) => (at += gap)));
        const regularity = interval?.regularity ?? 0;
        expect(regularity).toBeGreaterThanOrEqual(0);
        expect(regularity).toBeLessThanOrEqual(1);
      }),
    );
    const shaken = intervalOf([0, 1_000, 9_000, 11_000, 30_000]);
    expect(shaken?.regularity).toBeLessThan(0.9);
  });

  test('clocks that jump back do no harm', () => {
    expect(intervalOf([10_000, 5_000, 6_000, 7_000])).toMatchObject({ medianSeconds: 1 });
  });
});

describe('the last good login', () => {
  test('says what is different now', async () => {
    const { recorder, store } = make();
    recorder.accepted(login({ at: 5, ip: '198.51.100.1', tlsUsed: true, listener: 'tls' }));
    recorder.refused(refusal());
    await recorder.flushNow();
    expect(store.deltas[0]!.evidence.lastGoodLogin).toEqual({
      at: 5,
      ip: '198.51.100.1',
      listener: 'tls',
      tlsUsed: true,
      protocol: 5,
      clientId: 'pump-7',
      username: 'pump',
      differs: ['ip', 'listener', 'tls'],
    });
  });

  test('is found by username when the client ID is new', async () => {
    const { recorder, store } = make();
    recorder.accepted(login({ clientId: 'old-id' }));
    recorder.refused(refusal({ clientId: 'new-id' }));
    await recorder.flushNow();
    expect(store.deltas[0]!.evidence.lastGoodLogin).toMatchObject({
      clientId: 'old-id',
      differs: ['clientId'],
    });
  });

  test('tells another certificate by its serial number', async () => {
    const { recorder, store } = make();
    recorder.accepted(login({ serialNumber: '0A' }));
    const certificate = {
      subject: 'CN=pump-7',
      issuer: 'CN=ca',
      commonName: 'pump-7',
      fingerprint: 'ab',
      serialNumber: '0B',
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
    };
    recorder.refused(refusal({ certificate }));
    await recorder.flushNow();
    expect(store.deltas[0]!.evidence.lastGoodLogin).toMatchObject({
      serialNumber: '0A',
      differs: ['certificate'],
    });
  });

  test('is null for who never logged in', async () => {
    const { recorder, store } = make();
    recorder.refused(refusal());
    await recorder.flushNow();
    expect(store.deltas[0]!.evidence.lastGoodLogin).toBeNull();
  });
});

describe('mismatch hints', () => {
  const inspectorOf = (hints: (secret: string) => readonly MismatchHint[]) => {
    const seen: Secret<Uint8Array>[] = [];
    const texts: string[] = [];
    const inspector: AttemptInspector = {
      hints: async ({ secret }) => {
        seen.push(secret);
        texts.push(Buffer.from(secret.reveal()).toString());
        await settle();
        return hints(Buffer.from(secret.reveal()).toString());
      },
    };
    return { inspector, seen, texts };
  };

  test('come off the hot path, once per distinct secret, and the secret is wiped afterwards', async () => {
    const { inspector, seen, texts } = inspectorOf(() => ['trailing-whitespace']);
    const { recorder, store } = make({ inspector });
    const secret = bytes('public\n');
    for (let i = 0; i < 5; i++) recorder.refused(refusal({ secret }));
    secret.fill(0x78);
    await settle();
    await settle();
    await recorder.flushNow();
    expect(texts).toEqual(['public\n']);
    expect(store.deltas[0]!.evidence.mismatchHints).toEqual(['trailing-whitespace']);
    expect(seen[0]!.reveal().every((byte) => byte === 0)).toBe(true);
  });

  test('found when the row has been flushed reach it by themselves, and count as no attempt', async () => {
    let found: (hints: readonly MismatchHint[]) => void = () => undefined;
    const inspector: AttemptInspector = { hints: () => new Promise((resolve) => (found = resolve)) };
    const { recorder, store, clock } = make({ inspector });
    recorder.refused(refusal({ secret: bytes('old') }));
    await clock.advance(250);
    const before = recorder.counters();
    found(['previous-secret']);
    await settle();
    await clock.advance(250);
    expect(store.batches).toHaveLength(2);
    expect(store.batches[1]).toMatchObject({
      deltas: [],
      hints: [{ key: store.deltas[0]!.key, mismatchHints: ['previous-secret'] }],
    });
    const { attempts, itemised, aggregated, dropped, bytes: bytesNow } = recorder.counters();
    expect({ attempts, itemised, aggregated, dropped }).toEqual({
      attempts: 1,
      itemised: 1,
      aggregated: 0,
      dropped: 0,
    });
    expect(bytesNow).toBe(before.bytes);
  });

  test('found while their batch is being written follow in the next one', async () => {
    let found: (hints: readonly MismatchHint[]) => void = () => undefined;
    const inspector: AttemptInspector = { hints: () => new Promise((resolve) => (found = resolve)) };
    const { recorder, store, clock } = make({ inspector });
    store.hold();
    recorder.refused(refusal({ secret: bytes('old') }));
    await clock.advance(250);
    found(['previous-secret']);
    await settle();
    store.release();
    await recorder.flushNow();
    expect(store.batches.map(({ deltas, hints }) => [deltas.length, hints?.length])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test('are looked for at most so many at a time, and only where a password was wrong', async () => {
    const { inspector, texts } = inspectorOf(() => []);
    const { recorder } = make({ inspector, limits: { inspectionsMax: 3 } });
    recorder.refused(refusal({ clientId: 'x', reason: 'BASIC_NO_CREDENTIALS', secret: bytes('p') }));
    for (let i = 0; i < 50; i++) recorder.refused(refusal({ clientId: `c${i}`, secret: bytes('p') }));
    for (let i = 0; i < 60; i++) await settle();
    // The first is taken up at once, three more wait.
    expect(texts).toHaveLength(4);
  });

  test('an inspector that fails costs the hint and nothing else', async () => {
    const inspector: AttemptInspector = { hints: () => Promise.reject(new Error('store down')) };
    const { recorder, store } = make({ inspector });
    recorder.refused(refusal({ secret: bytes('p') }));
    recorder.refused(refusal({ secret: bytes('q') }));
    await settle();
    await recorder.flushNow();
    expect(store.deltas[0]!.evidence.mismatchHints).toEqual([]);
    expect(store.itemised).toBe(2);
  });
});

describe('the inspector over the credential source', () => {
  const credential = (id: string): BasicCredential => ({
    id,
    version: 1,
    name: id,
    username: 'pump',
    clientId: null,
    enabled: true,
    expiresAt: null,
    secretHash: 'plain:x',
    previousSecret: null,
    passwordless: false,
    superuser: false,
    rules: [],
    secretChangedAt: 0,
  });

  test('asks about each named credential with all others, swapped identities included', async () => {
    const asked: (readonly [string, readonly string[]])[] = [];
    const credentials: CredentialSource = {
      find: ({ username }) =>
        username === 'pump'
          ? [credential('a'), { id: 'broken', version: 1, unparsable: 'x' }]
          : [credential('b'), credential('a')],
    };
    const inspector: MismatchInspector = {
      hints: (one, _username, _password, others) => {
        asked.push([one.id, others.map(({ id }) => id)]);
        return Promise.resolve(['password-of-other-identity']);
      },
    };
    const { recorder, store } = make({ inspector: createAttemptInspector({ credentials, inspector }) });
    recorder.refused(refusal({ secret: bytes('p') }));
    await settle();
    await recorder.flushNow();
    expect(asked).toEqual([['a', ['b']]]);
    expect(store.deltas[0]!.evidence.mismatchHints).toEqual(['password-of-other-identity']);
  });

  test('gives no hint while the source is unavailable', async () => {
    const inspector: MismatchInspector = { hints: () => Promise.resolve(['previous-secret']) };
    const attempts = createAttemptInspector({ credentials: { find: () => 'unavailable' }, inspector });
    const { recorder, store } = make({ inspector: attempts });
    recorder.refused(refusal({ secret: bytes('p') }));
    await settle();
    await recorder.flushNow();
    expect(store.deltas[0]!.evidence.mismatchHints).toEqual([]);
  });
});
