import { describe, expect, test } from 'vitest';
import type { AttemptDelta, Page, UnauthorizedClient } from '@gatehouse/ports';
import { HISTORY_MAX, IPS_MAX, SIGNATURES_MAX } from '../src/unauthorized/merge.ts';
import { batch, delta, keyOf, login } from './support/records.ts';
import { describeStores } from './support/stores.ts';

describeStores('refused clients: recording', (subject) => {
  const flush = (...deltas: readonly AttemptDelta[]) => subject().store.unauthorized.flush(batch(deltas), 1);
  const resolve = (values: Parameters<typeof login>[0]) =>
    subject().store.unauthorized.flush(batch([], [login(values)]), 1);
  const find = (clientId: string): Promise<Page<UnauthorizedClient>> =>
    subject().store.unauthorized.page(
      { clientId: { op: 'eq', value: clientId } },
      { limit: 5, sort: { field: 'lastAttemptAt', direction: 'desc' } },
    );
  const only = async (clientId: string): Promise<UnauthorizedClient> => {
    const { items } = await find(clientId);
    if (items[0] === undefined || items.length > 1) throw new Error(`expected one row, got ${items.length}`);
    return items[0];
  };

  test('a refusal is a row with all that was reported', async () => {
    const reported = delta({
      clientId: 'whole',
      detail: { found: 'x', list: ['a', 'b'], sure: true },
      protocol: 3,
      tlsUsed: true,
      pskIdentity: 'psk',
    });
    const { changes } = await flush(reported);
    const row = await only('whole');
    expect(changes).toEqual([{ kind: 'upsert', isNew: true, row }]);
    expect(row).toMatchObject({
      username: 'user',
      passwordProvided: true,
      tlsUsed: true,
      ip: '192.0.2.1',
      ips: ['192.0.2.1'],
      family: 'basic',
      reason: 'BASIC_PASSWORD_MISMATCH',
      detail: { found: 'x', list: ['a', 'b'], sure: true },
      attempts: 1,
      firstAttemptAt: 1_000,
      lastAttemptAt: 1_000,
      node: 'node-1',
      protocol: 3,
      pskIdentity: 'psk',
      state: 'open',
      resolvedAt: null,
    });
    const whole = await subject().store.unauthorized.get(row.id);
    expect(whole).toMatchObject({
      ...row,
      ref: reported.last.ref,
      trace: [],
      certificate: null,
      signatures: reported.history?.signatures,
    });
    expect(await subject().store.unauthorized.attempts(row.id)).toEqual(reported.history?.samples);
  });

  test('later refusals add up in the row; the first stays first, the newest is shown', async () => {
    await flush(delta({ clientId: 'again', at: 5_000, attempts: 2 }));
    const { changes } = await flush(
      delta({ clientId: 'again', at: 9_000, attempts: 3, reason: 'CREDENTIAL_DISABLED', ip: '192.0.2.7' }),
    );
    expect(changes[0]).toMatchObject({ kind: 'upsert', isNew: false });
    expect(await only('again')).toMatchObject({
      attempts: 5,
      firstAttemptAt: 5_000,
      lastAttemptAt: 9_000,
      reason: 'CREDENTIAL_DISABLED',
      family: 'policy',
      ips: ['192.0.2.7', '192.0.2.1'],
    });
  });

  test('a hint that is found late reaches its row, and neither counts nor opens it again', async () => {
    await flush(delta({ clientId: 'hinted', at: 1_000, attempts: 2 }));
    await resolve({ clientId: 'hinted', at: 2_000 });
    const before = await only('hinted');
    const hint = {
      ...batch([]),
      hints: [{ key: keyOf('hinted'), mismatchHints: ['previous-secret'] as const }],
    };
    const { changes } = await subject().store.unauthorized.flush(hint, 1);
    expect(changes).toEqual([{ kind: 'upsert', isNew: false, row: before }]);
    expect(await only('hinted')).toEqual(before);
    expect((await subject().store.unauthorized.get(before.id))?.evidence.mismatchHints).toEqual([
      'previous-secret',
    ]);
    expect(await subject().store.unauthorized.attempts(before.id)).toHaveLength(1);
    expect((await subject().store.unauthorized.flush(hint, 1)).changes).toEqual([]);
  });

  test('a late hint makes no row', async () => {
    const hint = {
      ...batch([]),
      hints: [{ key: keyOf('gone'), mismatchHints: ['previous-secret'] as const }],
    };
    expect((await subject().store.unauthorized.flush(hint, 1)).changes).toEqual([]);
    expect((await find('gone')).items).toEqual([]);
  });

  test('an older refusal that arrives late counts and does not replace the newer one', async () => {
    await flush(delta({ clientId: 'late', at: 9_000, username: 'new' }));
    await flush(delta({ clientId: 'late', at: 4_000, username: 'old' }));
    expect(await only('late')).toMatchObject({
      username: 'new',
      attempts: 2,
      firstAttemptAt: 4_000,
      lastAttemptAt: 9_000,
    });
  });

  test('one key twice in a batch is one row', async () => {
    await flush(delta({ clientId: 'double', at: 1 }), delta({ clientId: 'double', at: 2 }));
    expect(await only('double')).toMatchObject({ attempts: 2, firstAttemptAt: 1, lastAttemptAt: 2 });
  });

  test('no CONNECT, an empty client ID and an empty username are told apart', async () => {
    const { changes } = await flush(
      delta({
        clientId: null,
        username: null,
        listener: 'tls',
        reason: 'TLS_HANDSHAKE_FAILED',
        protocol: null,
        keepAliveSeconds: null,
        cleanStart: null,
      }),
      delta({ clientId: '', username: '', key: 'e'.repeat(64) }),
    );
    expect(
      changes.map(({ row: { clientId, username, protocol } }) => [clientId, username, protocol]),
    ).toEqual([
      [null, null, null],
      ['', '', 5],
    ]);
  });

  test('histories, addresses and signatures stay within their bounds, newest kept', async () => {
    const many = Array.from({ length: HISTORY_MAX + 10 }, (_, index) =>
      delta({ clientId: 'bounded', at: index, ip: `198.51.100.${index}`, username: `u${index}` }),
    );
    for (const one of many) await flush(one);
    const row = await only('bounded');
    expect(row.attempts).toBe(HISTORY_MAX + 10);
    expect(row.ips).toHaveLength(IPS_MAX);
    const samples = await subject().store.unauthorized.attempts(row.id);
    expect(samples).toHaveLength(HISTORY_MAX);
    expect(samples?.[0]?.at).toBe(HISTORY_MAX + 9);
    const whole = await subject().store.unauthorized.get(row.id);
    expect(whole?.signatures).toHaveLength(SIGNATURES_MAX);
  });

  test('a row is found by any reference that a client was told in its history, and by no other', async () => {
    const [first, second] = [delta({ clientId: 'by-ref', at: 1 }), delta({ clientId: 'by-ref', at: 2 })];
    const untold = delta({ clientId: 'by-ref', at: 3, untold: true });
    for (const one of [first, second, untold]) await flush(one);
    const byRef = (ref: string) =>
      subject().store.unauthorized.page(
        { search: ref },
        { limit: 5, sort: { field: 'lastAttemptAt', direction: 'desc' } },
      );
    expect((await byRef(first.last.ref)).items.map(({ clientId }) => clientId)).toEqual(['by-ref']);
    expect((await byRef(second.last.ref)).total).toBe(1);
    expect((await byRef(untold.last.ref)).total).toBe(0);
    expect((await byRef('ref-none')).total).toBe(0);
  });

  test('a good login resolves the row; a later refusal opens it again', async () => {
    await flush(delta({ clientId: 'fixed', at: 1_000 }));
    const { changes } = await resolve({ clientId: 'fixed', at: 2_000 });
    expect(changes).toEqual([{ kind: 'resolved', isNew: false, row: await only('fixed') }]);
    expect(await only('fixed')).toMatchObject({ state: 'resolved', resolvedAt: 2_000, attempts: 1 });
    await flush(delta({ clientId: 'fixed', at: 3_000 }));
    expect(await only('fixed')).toMatchObject({ state: 'open', resolvedAt: null, attempts: 2 });
  });

  test("a stranger's success with the same client ID does not hide the device's own failure", async () => {
    await flush(delta({ clientId: 'shared', ip: '192.0.2.1', username: 'device' }));
    await flush(delta({ clientId: 'shared', ip: '203.0.113.5', username: 'stranger', at: 1_500 }));
    await resolve({ clientId: 'shared', ip: '203.0.113.99', username: 'stranger' });
    const row = await only('shared');
    expect(row.state).toBe('open');
    const whole = await subject().store.unauthorized.get(row.id);
    expect(whole?.signatures.map(({ username, resolved }) => [username, resolved])).toEqual([
      ['stranger', true],
      ['device', false],
    ]);
    await resolve({ clientId: 'shared', ip: '192.0.2.200', username: 'device' });
    expect((await only('shared')).state).toBe('resolved');
  });

  test('a login from elsewhere, as somebody else, or before the refusal resolves nothing', async () => {
    await flush(delta({ clientId: 'unresolved', at: 1_000 }));
    for (const values of [{ ip: '203.0.113.1' }, { username: 'other' }, { at: 999 }]) {
      expect((await resolve({ clientId: 'unresolved', ...values })).changes).toEqual([]);
    }
    expect((await only('unresolved')).state).toBe('open');
  });

  test('a device that came without a username and got one is resolved', async () => {
    await flush(delta({ clientId: 'anonymous', username: null, reason: 'BASIC_NO_CREDENTIALS' }));
    await resolve({ clientId: 'anonymous', username: 'given' });
    expect((await only('anonymous')).state).toBe('resolved');
  });

  describe('a client that is told by its handshake is resolved whatever its client ID', () => {
    const facts = (commonName: string, fingerprint: string) => ({
      ...{ subject: `CN=${commonName}`, issuer: 'CN=Root', commonName, fingerprint },
      ...{ serialNumber: '01', notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' },
    });
    const certified = (clientId: string | null, commonName: string, fingerprint: string, at = 1_000) => {
      const made = delta({ clientId, username: null, at, key: keyOf(`${clientId} ${fingerprint} ${at}`) });
      return {
        ...made,
        last: { ...made.last, certificate: facts(commonName, fingerprint) },
        history: undefined,
      };
    };
    const refuse = async (one: AttemptDelta): Promise<string> => {
      const { changes } = await flush(one);
      return changes[0]?.row.id ?? '';
    };
    const stateOf = async (id: string) => (await subject().store.unauthorized.get(id))?.state;

    test('by its certificate from anywhere, by its common name from the same network', async () => {
      const handshake = await refuse(certified(null, 'pump-1', 'f1'));
      const other = await refuse(certified('random-1', 'pump-1', 'f1', 1_100));
      const renewed = await refuse(certified(null, 'pump-1', 'f0'));
      const stranger = await refuse(certified(null, 'pump-2', 'f2'));
      await resolve({ clientId: 'random-2', username: null, ip: '203.0.113.9', fingerprint: 'f1' });
      expect(await Promise.all([handshake, other, renewed, stranger].map(stateOf))).toEqual([
        ...['resolved', 'resolved', 'open', 'open'],
      ]);
      await resolve({ clientId: 'random-3', username: null, fingerprint: 'f9', commonName: 'pump-1' });
      expect(await Promise.all([renewed, stranger].map(stateOf))).toEqual(['resolved', 'open']);
    });

    test('by its PSK identity from the same network, and by its username where it had no client ID', async () => {
      const psk = delta({ clientId: null, username: null, key: keyOf('psk row'), pskIdentity: 'meter' });
      const key = await refuse({
        ...psk,
        history: undefined,
      });
      const nameless = await refuse(delta({ clientId: '', username: 'walker', key: keyOf('empty row') }));
      await resolve({ clientId: 'm', username: null, ip: '203.0.113.9', pskIdentity: 'meter' });
      expect(await stateOf(key)).toBe('open');
      await resolve({ clientId: 'm', username: 'walker', pskIdentity: 'meter' });
      expect(await Promise.all([key, nameless].map(stateOf))).toEqual(['resolved', 'resolved']);
    });

    test('and is open again when it is refused again, until it gets in again', async () => {
      const id = await refuse(certified('again-c', 'pump-3', 'f3'));
      await resolve({ clientId: 'x', username: null, fingerprint: 'f3' });
      expect(await stateOf(id)).toBe('resolved');
      const later = { ...certified('again-c', 'pump-3', 'f3', 3_000), key: keyOf('again-c f3 1000') };
      await flush(later);
      expect(await stateOf(id)).toBe('open');
      await resolve({ clientId: 'y', username: null, fingerprint: 'f3', at: 4_000 });
      expect(await stateOf(id)).toBe('resolved');
    });
  });

  test('hostile text is kept, and one record that cannot be stored costs no other', async () => {
    const hostile = 'a\0b\ud800c\u202e"; DROP TABLE unauthorized_clients; --';
    const broken = { ...delta({ clientId: 'broken' }), attempts: 3, firstAt: Number.NaN };
    const result = await flush(
      delta({ clientId: 'h-1' }),
      broken,
      delta({ clientId: hostile, username: hostile, detail: { hostile } }),
    );
    expect(result.changes.map(({ row }) => row.clientId)).toEqual(['h-1', hostile]);
    expect(result).toMatchObject({ skippedAttempts: 3 });
    expect(
      (await find('a\uFFFDb\uFFFDc\u202e"; DROP TABLE unauthorized_clients; --')).items[0]?.detail,
    ).toEqual({ hostile });
    expect((await find('broken')).total).toBe(0);
  });

  test('everything is there after reopening, and counts agree with rows', async () => {
    const { store, reopen } = subject();
    const before = await store.unauthorized.facets({});
    const again = await reopen();
    const after = await again.unauthorized.facets({});
    expect(after).toEqual(before);
    let rows = 0;
    for await (const chunk of again.unauthorized.stream({}, 7)) rows += chunk.length;
    expect(rows).toBe(after.clients);
  });
});
