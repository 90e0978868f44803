import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RefusedAttempt } from '@gatehouse/ports';
import { login, make, refusal, settle } from './support.ts';

describe('coalescing', () => {
  test('attempts of one client ID become one row under the SHA-256 of the whole ID', async () => {
    const { recorder, store } = make();
    for (let i = 0; i < 5; i++) recorder.refused(refusal({ ref: `r${i}`, at: 100 + i }));
    await recorder.flushNow();
    expect(store.deltas).toHaveLength(1);
    expect(store.deltas[0]).toMatchObject({
      key: createHash('sha256').update('pump-7').digest('hex'),
      attempts: 5,
      firstAt: 100,
      last: { ref: 'r4', at: 104, clientId: 'pump-7', clientIdTruncated: false },
    });
    expect(store.deltas[0]!.history!.samples.map(({ ref }) => ref)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
    expect(store.batches[0]!.node).toBe('node-a');
  });

  test.each([
    ['no CONNECT was seen', { clientId: null }],
    ['the client ID was empty', { clientId: '' }],
  ])(
    'where %s, attempts go together by listener, network and who it said it was',
    async (_when, anonymous) => {
      const { recorder, store } = make();
      const of = (over: Partial<RefusedAttempt>): void =>
        recorder.refused(refusal({ ...anonymous, ...over }));
      of({ ip: '192.0.2.7' });
      of({ ip: '192.0.2.200' });
      of({ ip: '192.0.3.7' });
      of({ listener: 'tls' });
      of({ username: 'other' });
      of({ username: null, pskIdentity: 'psk' });
      of({ ip: '2001:db8:1:2::1' });
      of({ ip: '2001:db8:1:2:ffff::9' });
      await recorder.flushNow();
      expect(store.deltas.map(({ attempts }) => attempts)).toEqual([2, 1, 1, 1, 1, 2]);
      expect(store.deltas[0]!.history!.ips).toEqual(['192.0.2.200', '192.0.2.7']);
    },
  );

  test('no CONNECT and an empty client ID are different rows', async () => {
    const { recorder, store } = make();
    recorder.refused(refusal({ clientId: null }));
    recorder.refused(refusal({ clientId: '' }));
    await recorder.flushNow();
    expect(store.deltas.map(({ last }) => last.clientId)).toEqual([null, '']);
  });

  test('addresses and samples are bounded, newest kept', async () => {
    const { recorder, store } = make();
    for (let i = 0; i < 100; i++) recorder.refused(refusal({ ref: `r${i}`, ip: `192.0.2.${i}` }));
    await recorder.flushNow();
    const [delta] = store.deltas;
    expect(delta!.history!.ips).toEqual([99, 98, 97, 96, 95, 94, 93, 92].map((i) => `192.0.2.${i}`));
    expect(delta!.history!.samples.map(({ ref }) => ref)).toEqual(
      [92, 93, 94, 95, 96, 97, 98, 99].map((i) => `r${i}`),
    );
  });

  test('a stranger who varies what he sends never hides the device that keeps trying', async () => {
    const { recorder, store } = make();
    for (let i = 0; i < 200; i++) {
      recorder.refused(refusal({ ip: '198.51.100.1', username: `stranger-${i}`, at: i }));
      if (i % 20 === 0) recorder.refused(refusal({ at: i }));
    }
    await recorder.flushNow();
    const [delta] = store.deltas;
    expect(delta!.attempts).toBe(210);
    expect(delta!.history!.signatures).toHaveLength(16);
    expect(delta!.history!.signatures).toContainEqual({
      username: 'pump',
      network: '192.0.2.0/24',
      reason: 'BASIC_PASSWORD_MISMATCH',
      listener: 'tcp',
      attempts: 10,
      firstAt: 0,
      lastAt: 180,
      resolved: false,
    });
  });
});

describe('what is kept of an attempt', () => {
  const kept = async (over: Partial<RefusedAttempt>) => {
    const { recorder, store } = make();
    recorder.refused(refusal(over));
    await recorder.flushNow();
    return store.deltas[0]!;
  };

  test('never the secret', async () => {
    const delta = await kept({ secret: new Uint8Array(Buffer.from('hunter2')) });
    expect(delta.last).not.toHaveProperty('secret');
    expect(JSON.stringify(delta)).not.toContain('hunter2');
  });

  test.each([
    ['ASCII', 'x'.repeat(2_000), 1_024],
    ['two-byte characters', 'é'.repeat(1_000), 1_024],
    ['three-byte characters', '€'.repeat(1_000), 1_023],
    ['four-byte characters, shifted by one', `x${'😀'.repeat(1_000)}`, 1_021],
  ])(
    'client IDs are cut at 1 024 bytes between characters, with a flag: %s',
    async (_what, clientId, length) => {
      const delta = await kept({ clientId });
      expect(delta.last.clientIdTruncated).toBe(true);
      expect(Buffer.byteLength(delta.last.clientId!)).toBe(length);
      expect(clientId.startsWith(delta.last.clientId!)).toBe(true);
    },
  );

  test('IDs that are alike for 1 024 bytes stay different rows', async () => {
    const { recorder, store } = make();
    recorder.refused(refusal({ clientId: `${'x'.repeat(2_000)}a` }));
    recorder.refused(refusal({ clientId: `${'x'.repeat(2_000)}b` }));
    await recorder.flushNow();
    expect(store.deltas).toHaveLength(2);
  });

  test('control, bidi and lone surrogate characters are kept as they came', async () => {
    const hostile = 'a\u0007\u202e<script>\ud800';
    expect((await kept({ clientId: hostile })).last).toMatchObject({
      clientId: hostile,
      clientIdTruncated: false,
    });
  });

  const token = (header: object, payload: object): string =>
    [header, payload, 'signature']
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');

  test('a username that is a token becomes its subject and key ID, in samples and signatures too', async () => {
    const username = token({ alg: 'HS256', kid: 'k1' }, { sub: 'pump', role: 'private' });
    const delta = await kept({ username });
    expect(delta.last.username).toBe('jwt:pump/k1');
    expect(JSON.stringify(delta)).not.toContain(username.split('.')[1]);
  });

  test.each([
    [token({ alg: 'none' }, {}), 'jwt:-/-'],
    ['eyJhbGciOiJIUzI1NiJ9.bm90IGpzb24.x', 'jwt:-/-'],
    ['a.b.c', 'a.b.c'],
    ['factory.line.pump', 'factory.line.pump'],
  ])('username %s is kept as %s', async (username, expected) => {
    expect((await kept({ username })).last.username).toBe(expected);
  });

  test('long texts of username, PSK identity, detail and trace are cut', async () => {
    const long = 'x'.repeat(60_000);
    const delta = await kept({
      username: long,
      pskIdentity: long,
      detail: { query: long, columns: [long] },
      trace: [
        { authenticator: 'a', type: 't', outcome: 'deny', reason: null, ms: 0, detail: { rule: long } },
      ],
    });
    expect(JSON.stringify(delta).length).toBeLessThan(16_000);
  });
});

describe('flushing', () => {
  test('a quarter of a second after the first attempt, not before, and with no timer while nothing waits', async () => {
    const { recorder, store, clock } = make();
    expect(clock.timers).toBe(0);
    recorder.refused(refusal());
    await clock.advance(249);
    expect(store.batches).toHaveLength(0);
    await clock.advance(1);
    expect(store.batches).toHaveLength(1);
    expect(clock.timers).toBe(0);
    expect(recorder.counters()).toMatchObject({
      entries: 0,
      flushes: 1,
      lastFlushAt: clock.ms,
      lastFlushError: null,
    });
  });

  test('at most 512 rows a batch, one batch at a time, and the next at once while full ones wait', async () => {
    const { recorder, store, clock } = make();
    store.hold();
    for (let i = 0; i < 1_200; i++) recorder.refused(refusal({ clientId: `c${i}` }));
    await clock.advance(250);
    expect(store.tried).toHaveLength(1);
    store.release();
    await settle();
    expect(store.batches.map(({ deltas }) => deltas.length)).toEqual([512, 512]);
    await clock.advance(250);
    expect(store.batches.map(({ deltas }) => deltas.length)).toEqual([512, 512, 176]);
  });

  test('a failed batch is sent again as it is, while new attempts wait for the next', async () => {
    const { recorder, store, clock } = make();
    store.failing = true;
    recorder.refused(refusal());
    await clock.advance(250);
    recorder.refused(refusal());
    expect(recorder.counters()).toMatchObject({
      lastFlushError: 'disk full',
      flushes: 0,
      itemised: 2,
      entries: 2,
    });
    store.failing = false;
    await clock.advance(500);
    await clock.advance(250);
    expect(store.tried[1]).toEqual(store.tried[0]);
    expect(store.deltas.map(({ attempts }) => attempts)).toEqual([1, 1]);
    expect(recorder.counters()).toMatchObject({ lastFlushError: null, flushes: 2, entries: 0 });
  });

  test('a batch that keeps failing is given up after its tries and counted as dropped', async () => {
    const { recorder, store, clock } = make({ limits: { triesMax: 3 } });
    store.failing = true;
    recorder.refused(refusal());
    for (let i = 0; i < 5; i++) await clock.advance(5_000);
    expect(store.tried).toHaveLength(3);
    expect(recorder.counters()).toMatchObject({ attempts: 1, itemised: 0, dropped: 1, entries: 0 });
  });

  test('flushNow resolves when what waited is stored, and rejects when it could not be', async () => {
    const { recorder, store, clock } = make();
    store.failing = true;
    recorder.refused(refusal());
    await expect(recorder.flushNow()).rejects.toThrow('disk full');
    store.failing = false;
    await recorder.flushNow();
    expect(store.itemised).toBe(1);
    await clock.advance(10_000);
    expect(store.batches).toHaveLength(1);
  });

  test('flushNow waits for the batch that is on its way', async () => {
    const { recorder, store, clock } = make();
    store.hold();
    recorder.refused(refusal());
    await clock.advance(250);
    let done = false;
    const flushed = recorder.flushNow().then(() => {
      done = true;
    });
    await settle();
    expect(done).toBe(false);
    store.release();
    await flushed;
    expect(store.itemised).toBe(1);
  });

  test('stop writes what waits; what comes later is counted as dropped', async () => {
    const { recorder, store } = make();
    recorder.refused(refusal());
    await recorder.stop();
    recorder.refused(refusal());
    expect(store.itemised).toBe(1);
    expect(recorder.counters()).toMatchObject({ attempts: 2, itemised: 1, dropped: 1 });
  });

  test('stop ends even when the store cannot be written', async () => {
    const { recorder, store, clock } = make();
    store.failing = true;
    recorder.refused(refusal());
    await recorder.stop();
    expect(recorder.counters()).toMatchObject({ attempts: 1, itemised: 0, dropped: 1, entries: 0 });
    expect(clock.timers).toBe(0);
  });

  test('discarding gives up what waits', async () => {
    const { recorder, store } = make();
    recorder.refused(refusal());
    recorder.discardBuffered();
    await recorder.flushNow();
    expect(store.batches).toHaveLength(0);
    expect(recorder.counters()).toMatchObject({ attempts: 1, itemised: 0, dropped: 1, entries: 0 });
  });
});

describe('good logins', () => {
  test('are flushed once per client, username and address: the latest', async () => {
    const { recorder, store } = make();
    recorder.accepted(login({ at: 1 }));
    recorder.accepted(login({ at: 2 }));
    recorder.accepted(login({ clientId: 'other' }));
    await recorder.flushNow();
    expect(store.batches[0]!.logins).toMatchObject([{ at: 2 }, { clientId: 'other' }]);
  });

  test('are never flushed ahead of a refusal that came before them', async () => {
    const { recorder, store } = make({ limits: { batchMax: 2 } });
    for (const clientId of ['a', 'b', 'c']) recorder.refused(refusal({ clientId }));
    recorder.accepted(login({ clientId: 'c' }));
    await recorder.flushNow();
    const order = store.batches.map(({ deltas, logins }) => [deltas.length, logins.length]);
    expect(order).toEqual([
      [2, 0],
      [1, 1],
    ]);
  });
});
