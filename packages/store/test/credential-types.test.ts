import { type ScramKeys, writeScramKeys } from '@gatehouse/auth-core';
import type { Credential, CredentialWrite, CredentialWriteResult, X509Facts } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { credential } from './support/records.ts';
import { describeStores } from './support/stores.ts';

function made(result: CredentialWriteResult): Credential {
  if (result.result !== 'ok') throw new Error(`expected ok, got ${result.result}`);
  return result.credential;
}

const RULES = [{ permission: 'allow', action: 'publish', topic: 'a/${cn}' }] as const;
const NO_SECRET = { secretHash: null, hashFormat: null, secretKind: null } as const;

const x509 = (match: X509Facts['match'], more: Partial<X509Facts> = {}): CredentialWrite =>
  credential({
    ...NO_SECRET,
    facts: { type: 'x509', match, rulesByCn: null, skipValidity: false, ...more },
  });
const scramKeys = (bytes: number): ScramKeys => ({
  salt: new Uint8Array(18).fill(1),
  iterations: 4_096,
  storedKey: new Uint8Array(bytes).fill(2),
  serverKey: new Uint8Array(bytes).fill(3),
});
const KEYS = { 'SCRAM-SHA-256': scramKeys(32), 'SCRAM-SHA-512': scramKeys(64) };
const scram = (username: string): CredentialWrite =>
  credential({ username, facts: { type: 'scram' }, secretHash: writeScramKeys(KEYS), hashFormat: 'scram' });
const psk = (identity: string): CredentialWrite =>
  credential({ facts: { type: 'psk', identity }, secretHash: 'sealed', hashFormat: 'psk' });

describeStores('credentials of other types', (subject) => {
  test('each is found again with what only its type has, and without its secret', async () => {
    const { credentials } = subject().store;
    const facts: X509Facts = {
      type: 'x509',
      match: { by: 'issuer_serial', issuer: 'CN=CA', serial: '0A' },
      rulesByCn: [{ pattern: 'pump-.*', rules: RULES }],
      skipValidity: true,
    };
    const one = made(await credentials.create(credential({ ...NO_SECRET, facts }), 1));
    expect(one).toMatchObject({ facts, hasSecret: false, unparsable: null });
    const two = made(await credentials.create(scram('typed'), 1));
    expect(two.facts).toEqual({ type: 'scram', mechanisms: Object.keys(KEYS), iterations: 4_096 });
    const three = made(await credentials.create(psk('typed-key'), 1));
    expect(three).toMatchObject({ facts: { type: 'psk', identity: 'typed-key' }, hasSecret: true });
    for (const each of [one, two, three]) {
      expect(await credentials.get(each.id)).toEqual(each);
      expect(JSON.stringify(each)).not.toMatch(/sealed|storedKey/);
    }
  });

  test('an identity is taken once within its type, and a basic credential may have the same name', async () => {
    const { credentials } = subject().store;
    for (const write of [
      scram('taken'),
      psk('taken'),
      x509({ by: 'cn', value: 'taken' }),
      credential({ username: 'taken' }),
    ]) {
      const first = made(await credentials.create(write, 1));
      expect(await credentials.create(write, 2)).toEqual({ result: 'conflict', existing: first });
      expect(
        await credentials.findByFacts({ facts: write.facts ?? { type: 'basic' }, username: write.username }),
      ).toEqual(first);
    }
  });

  test('hosts and fingerprints are one identity however they are written, common names are not', async () => {
    const { credentials } = subject().store;
    made(await credentials.create(x509({ by: 'san', kind: 'dns', value: 'Pump.Example' }), 1));
    expect(
      await credentials.create(x509({ by: 'san', kind: 'dns', value: 'pump.example' }), 1),
    ).toMatchObject({
      result: 'conflict',
    });
    made(await credentials.create(x509({ by: 'cn', value: 'Case' }), 1));
    made(await credentials.create(x509({ by: 'cn', value: 'case' }), 1));
  });

  test('the data plane finds certificates by key, patterns together, SCRAM by name and keys by identity', async () => {
    const { credentials } = subject().store;
    const pattern = made(await credentials.create(x509({ by: 'cn_pattern', pattern: 'look-.*' }), 1));
    const exact = made(await credentials.create(x509({ by: 'cn', value: 'look-1' }), 2));
    const user = made(await credentials.create(scram('look'), 3));
    const key = made(await credentials.create(psk('look'), 4));
    const [byKeys, patterns, byName, byIdentity, nobody, byId] = await credentials.lookupTyped([
      { by: 'x509-keys', keys: ['fingerprint:00', 'cn:look-1'] },
      { by: 'x509-patterns' },
      { by: 'scram-username', username: 'look' },
      { by: 'psk-identity', identity: 'look' },
      { by: 'scram-username', username: 'nobody' },
      { by: 'id', id: key.id },
    ]);
    expect(byKeys?.records).toMatchObject([
      { type: 'x509', id: exact.id, match: { by: 'cn', value: 'look-1' } },
    ]);
    expect(patterns).toMatchObject({ x509: { isEmpty: false, byCommonName: true } });
    expect(patterns?.records.map(({ id }) => id)).toContain(pattern.id);
    expect(patterns?.records.map(({ id }) => id)).not.toContain(exact.id);
    expect(byName?.records).toMatchObject([{ id: user.id, credential: { username: 'look', keys: KEYS } }]);
    expect(byIdentity?.records).toMatchObject([
      { id: key.id, credential: { identity: 'look', keyChangedAt: 4 } },
    ]);
    expect(nobody?.records).toEqual([]);
    expect(byId).toEqual(byIdentity);
  });

  test('the data plane is told the tags that global rules may be about', async () => {
    const { credentials } = subject().store;
    const tags = ['plant', 'pump'];
    made(await credentials.create({ ...x509({ by: 'cn', value: 'tagged' }), tags }, 1));
    made(await credentials.create({ ...scram('tagged'), tags }, 1));
    made(await credentials.create({ ...psk('tagged'), tags }, 1));
    const found = await credentials.lookupTyped([
      { by: 'x509-keys', keys: ['cn:tagged'] },
      { by: 'scram-username', username: 'tagged' },
      { by: 'psk-identity', identity: 'tagged' },
    ]);
    expect(found.map(({ records: [record] }) => record)).toMatchObject([
      { type: 'x509', tags },
      { type: 'scram', credential: { tags } },
      { type: 'psk', credential: { tags } },
    ]);
  });

  test('a login by password never finds a credential of another type', async () => {
    const { credentials } = subject().store;
    const { id } = made(await credentials.create(scram('apart'), 1));
    const found = await credentials.lookup([{ username: 'apart', clientId: 'apart', strategy: 'both' }]);
    expect(found).toEqual([[]]);
    expect(await credentials.stored(id)).toBeNull();
    expect(await credentials.findByIdentity({ username: 'apart', clientId: null })).toBeNull();
  });

  test('names that a database would change are found by their digest, and never for one another', async () => {
    const { credentials } = subject().store;
    for (const name of [
      'nul\u0000',
      'nul\uFFFD',
      '\uD800',
      `${'l'.repeat(2_000)}1`,
      `${'l'.repeat(2_000)}2`,
    ]) {
      const { id } = made(await credentials.create(x509({ by: 'cn', value: name }), 1));
      const [found] = await credentials.lookupTyped([{ by: 'x509-keys', keys: [`cn:${name}`] }]);
      expect(found?.records.map((record) => record.id)).toEqual([id]);
    }
  });

  test('sealed keys are told with their credential and the time they were set', async () => {
    const { credentials } = subject().store;
    const one = made(await credentials.create({ ...psk('sealed-1'), id: 'given-id' }, 5));
    made(await credentials.create(credential({ ...NO_SECRET, facts: { type: 'psk', identity: 'bare' } }), 5));
    expect(one.id).toBe('given-id');
    expect(await credentials.pskKeys([one.id])).toEqual([
      { credentialId: 'given-id', identity: 'sealed-1', sealed: 'sealed', changedAt: 5 },
    ]);
    expect((await credentials.pskKeys()).map(({ identity }) => identity)).not.toContain('bare');
    const reset = {
      hash: 'other',
      hashFormat: 'psk',
      secretKind: 'generated',
      keepPreviousUntil: null,
    } as const;
    made(await credentials.setSecret(one.id, reset, 9));
    expect(await credentials.pskKeys([one.id])).toMatchObject([{ sealed: 'other', changedAt: 9 }]);
  });

  test('what a credential matches can be changed, to nothing that another one has', async () => {
    const { credentials } = subject().store;
    const one = made(await credentials.create(x509({ by: 'cn', value: 'edit-1' }), 1));
    const two = made(await credentials.create(x509({ by: 'cn', value: 'edit-2' }), 1));
    const facts = { ...(two.facts as X509Facts), match: { by: 'cn', value: 'edit-1' } } as const;
    expect(await credentials.update(two.id, { facts }, undefined, 2)).toEqual({
      result: 'conflict',
      existing: one,
    });
    const moved = { ...facts, match: { by: 'cn', value: 'edit-3' }, skipValidity: true } as const;
    expect(made(await credentials.update(two.id, { facts: moved }, undefined, 2)).facts).toEqual(moved);
    const [found] = await credentials.lookupTyped([{ by: 'x509-keys', keys: ['cn:edit-2', 'cn:edit-3'] }]);
    expect(found?.records.map(({ id }) => id)).toEqual([two.id]);
  });

  test('a SCRAM user who is renamed is found by the new name alone', async () => {
    const { credentials } = subject().store;
    const { id } = made(await credentials.create(scram('before'), 1));
    made(await credentials.update(id, { username: 'after' }, undefined, 2));
    const [before, after] = await credentials.lookupTyped([
      { by: 'scram-username', username: 'before' },
      { by: 'scram-username', username: 'after' },
    ]);
    expect(before?.records).toEqual([]);
    expect(after?.records).toMatchObject([{ id }]);
  });

  test('lists are filtered by type and searched by identity', async () => {
    const { credentials } = subject().store;
    const { id } = made(await credentials.create(x509({ by: 'fingerprint', value: 'cafe'.repeat(16) }), 1));
    const request = { limit: 50, sort: { field: 'createdAt', direction: 'asc' } } as const;
    const ids = async (filter: Parameters<typeof credentials.page>[0]): Promise<readonly string[]> =>
      (await credentials.page(filter, request)).items.map((item) => item.id);
    expect(await ids({ type: 'x509' })).toContain(id);
    expect(await ids({ type: 'psk' })).not.toContain(id);
    expect(await ids({ search: 'cafecafe' })).toEqual([id]);
    expect(await ids({ identity: { op: 'starts', value: 'fingerprint:cafe' } })).toEqual([id]);
  });
});
