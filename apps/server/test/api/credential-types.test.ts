import { readScramKeys } from '@gatehouse/auth-core';
import type { CertificateNamesDto, CredentialDto, CredentialWithSecretDto } from '@gatehouse/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ClientPki } from '../../../../packages/broker/test/support/client-pki.ts';
import { fieldsOf, type Harness, startHarness } from './support/harness.ts';

let house: Harness;
const pki = new ClientPki();
beforeAll(async () => {
  house = await startHarness();
});
afterAll(async () => {
  pki.remove();
  await house.close();
});
afterEach(() => {
  house.plane.events.length = 0;
});

const BASE = '/api/v1/credentials';
const RULES = [{ permission: 'allow', action: 'all', topic: 'a/${cn}' }] as const;
const KEY = 'ab'.repeat(16);
const post = (url: string, payload: object | string, headers: Readonly<Record<string, string>> = {}) =>
  house.send({ method: 'POST', url, headers: { ...house.owner, ...headers }, payload });
const patch = (id: string, payload: object) =>
  house.send({ method: 'PATCH', url: `${BASE}/${id}`, headers: house.owner, payload });
const create = async (body: object): Promise<CredentialWithSecretDto> => {
  const made = await post(BASE, body);
  expect(made.statusCode, made.body).toBe(201);
  return made.json<CredentialWithSecretDto>();
};
const list = async (query: string): Promise<readonly CredentialDto[]> =>
  (await house.send({ method: 'GET', url: `${BASE}?${query}`, headers: house.owner })).json<{
    items: CredentialDto[];
  }>().items;
const kinds = () => house.plane.events.map(({ kind }) => kind);
const audit = async () =>
  JSON.stringify(await house.store.audit.page({}, { limit: 100, sort: { field: 'at', direction: 'desc' } }));

describe('a credential for certificates', () => {
  it('says what it matches and what each common name may do, has no secret, and is announced as what it is', async () => {
    const match = { by: 'cn_pattern', pattern: 'pump-[0-9]+' };
    const made = await create({ type: 'x509', match, rulesByCn: [{ pattern: 'pump-1', rules: RULES }] });
    expect(made).toMatchObject({
      type: 'x509',
      name: 'pump-[0-9]+',
      hasSecret: false,
      rules: [],
      x509: { match, rulesByCn: [{ pattern: 'pump-1', rules: RULES }], skipValidity: false },
      scram: null,
      psk: null,
    });
    expect(made.secret).toBeUndefined();
    expect(house.plane.events).toEqual([
      {
        kind: 'credentials-changed',
        changes: [{ id: made.id, type: 'x509', username: null, clientId: null, disconnect: false }],
      },
    ]);
  });

  it('is refused with a pattern that is none, a topic that is no filter, or no match, by the field', async () => {
    const rulesByCn = [{ pattern: '(', rules: [{ ...RULES[0], topic: 'a/#/b' }] }];
    expect(
      fieldsOf(await post(BASE, { type: 'x509', match: { by: 'cn_pattern', pattern: '(?=a)' }, rulesByCn })),
    ).toEqual(['match.pattern', 'rulesByCn.0.pattern', 'rulesByCn.0.rules.0.topic']);
    expect(fieldsOf(await post(BASE, { type: 'x509' }))).toEqual(['match']);
    expect(fieldsOf(await post(BASE, { type: 'tls', username: 'a' }))).toEqual(['type']);
  });

  it('closes its sessions when it matches something else, and only then', async () => {
    const made = await create({ type: 'x509', match: { by: 'cn', value: 'edited' } });
    house.plane.events.length = 0;
    await patch(made.id, { x509: { rulesByCn: [{ pattern: '.*', rules: RULES }] } });
    const changed = await patch(made.id, {
      x509: { match: { by: 'fingerprint', value: 'AB:'.repeat(31) + 'AB' } },
    });
    expect(changed.json<CredentialDto>().x509).toMatchObject({
      match: { by: 'fingerprint', value: 'ab'.repeat(32) },
      rulesByCn: [{ pattern: '.*' }],
    });
    expect(house.plane.events).toMatchObject([
      { changes: [{ disconnect: false }] },
      { changes: [{ disconnect: true }] },
    ]);
    expect(fieldsOf(await patch(made.id, { username: 'a' }))).toEqual(['username']);
    expect(fieldsOf(await patch(made.id, { psk: { identity: 'a' } }))).toEqual(['psk']);
    expect((await post(`${BASE}/${made.id}/secret`, {})).statusCode).toBe(409);
  });

  it('is filled from a certificate, whatever else the text is', async () => {
    const { cert } = pki.make({ subject: '/O=Acme/CN=valve-7' });
    const read = await post(`${BASE}/read-certificate`, { pem: cert });
    expect(read.json<CertificateNamesDto>()).toMatchObject({
      commonName: 'valve-7',
      subject: 'CN=valve-7,O=Acme',
    });
    expect(fieldsOf(await post(`${BASE}/read-certificate`, { pem: 'no certificate' }))).toEqual(['pem']);
  });
});

describe('a SCRAM credential', () => {
  it('keeps keys of a generated or chosen password, and of a chosen one tells nothing', async () => {
    const made = await create({ type: 'scram', username: 'I\u00adX' });
    expect(made).toMatchObject({
      type: 'scram',
      username: 'IX',
      secretKind: 'generated',
      hashFormat: 'scram',
      scram: { mechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-512'], iterations: 4_096 },
    });
    expect(made.secret?.length).toBeGreaterThanOrEqual(22);
    const chosen = await create({ type: 'scram', username: 'chosen', password: 'pencil-in-pocket' });
    expect(chosen.secret).toBeUndefined();
    expect(await house.store.credentials.secretHash(chosen.id)).not.toContain('pencil');
    expect(await audit()).not.toContain(made.secret);
    expect(house.logged.join('')).not.toContain('pencil-in-pocket');
    expect(fieldsOf(await post(BASE, { type: 'scram', username: 'bell', password: '\u0007' }))).toEqual([
      'password',
    ]);
    expect(fieldsOf(await post(BASE, { type: 'scram', username: '\u0007' }))).toEqual(['username']);
  });

  it('gets a new password under the same salts, so that the one before can be accepted for a while', async () => {
    const { id } = await create({ type: 'scram', username: 'rotated', password: 'first-password' });
    const before = readScramKeys((await house.store.credentials.secretHash(id)) ?? '');
    const reset = await post(`${BASE}/${id}/secret`, { keepPreviousForSeconds: 60 });
    expect(reset.json<CredentialWithSecretDto>().previousSecretValidUntil).not.toBeNull();
    const after = readScramKeys((await house.store.credentials.secretHash(id)) ?? '');
    if ('unparsable' in before || 'unparsable' in after) throw new Error('the keys cannot be read');
    expect(after['SCRAM-SHA-512']?.salt).toEqual(before['SCRAM-SHA-512']?.salt);
    expect(after['SCRAM-SHA-512']?.storedKey).not.toEqual(before['SCRAM-SHA-512']?.storedKey);
  });
});

describe('a pre-shared key', () => {
  it('is generated and told once, sealed at rest, and known to the listeners at once', async () => {
    const made = await create({ type: 'psk', identity: 'pump-7' });
    expect(made.secret).toMatch(/^[0-9a-f]{64}$/);
    expect(made).toMatchObject({ type: 'psk', name: 'pump-7', psk: { identity: 'pump-7' }, hasSecret: true });
    const stored = await house.store.credentials.secretHash(made.id);
    expect(stored).toMatch(/^gh1:/);
    expect(stored).not.toContain(made.secret);
    expect(house.plane.events[1]).toMatchObject({
      kind: 'psk-keys-changed',
      put: [
        {
          credentialId: made.id,
          identity: 'pump-7',
          key: Uint8Array.from(Buffer.from(made.secret ?? '', 'hex')),
        },
      ],
      removed: [],
    });
    expect(await audit()).not.toContain(made.secret);
  });

  it('is refused when it is no hexadecimal, too short, or its identity too long, by the field', async () => {
    const bad = [
      { identity: 'a', key: 'xy'.repeat(16) },
      { identity: 'a', key: 'abcd' },
      { identity: 'a'.repeat(257), key: KEY },
      { identity: 'a\u0000', key: KEY },
    ];
    const fields = await Promise.all(
      bad.map(async (body) => fieldsOf(await post(BASE, { type: 'psk', ...body }))),
    );
    expect(fields).toEqual([['key'], ['key'], ['identity'], ['identity']]);
  });

  it('can be replaced, not kept beside the new one, and is gone from the listeners with its credential', async () => {
    const { id } = await create({ type: 'psk', identity: 'replaced', key: KEY });
    expect(fieldsOf(await post(`${BASE}/${id}/secret`, { keepPreviousForSeconds: 60 }))).toEqual([
      'keepPreviousForSeconds',
    ]);
    house.plane.events.length = 0;
    expect((await post(`${BASE}/${id}/secret`, { key: 'CD'.repeat(16) })).statusCode).toBe(200);
    expect(house.plane.events).toMatchObject([
      { kind: 'credentials-changed', changes: [{ id, type: 'psk', disconnect: true }] },
      { kind: 'psk-keys-changed', put: [{ key: Uint8Array.from(Buffer.from('cd'.repeat(16), 'hex')) }] },
    ]);
    house.plane.events.length = 0;
    await house.send({ method: 'DELETE', url: `${BASE}/${id}`, headers: house.owner });
    expect(house.plane.events).toMatchObject([{}, { kind: 'psk-keys-changed', put: [], removed: [id] }]);
  });
});

describe('many of them', () => {
  it('are listed by type and by what they are found by', async () => {
    await create({ type: 'psk', identity: 'listed' });
    expect((await list('type=psk')).every(({ type }) => type === 'psk')).toBe(true);
    expect((await list('identity=eq:listed')).map(({ name }) => name)).toEqual(['listed']);
    expect(await list('type=basic&identity=eq:listed')).toEqual([]);
  });

  it('are exported and imported again as they were, without their secrets', async () => {
    const other = await startHarness();
    try {
      const made = [
        { type: 'x509', match: { by: 'issuer_serial', issuer: 'CN=CA,O=Acme', serial: '0A' }, tags: ['rt'] },
        {
          type: 'x509',
          match: { by: 'san', kind: 'uri', value: 'urn:a' },
          rulesByCn: [{ pattern: '.*', rules: RULES }],
          tags: ['rt'],
        },
        { type: 'scram', username: 'round', clientId: 'trip', tags: ['rt'] },
        { type: 'psk', identity: '=round', key: KEY, tags: ['rt'] },
      ];
      for (const body of made) await create(body);
      const send = (url: string) => house.send({ method: 'GET', url, headers: house.owner });
      const csv = await send(`${BASE}/export.csv?tag=rt`);
      expect(csv.body).not.toContain(KEY);
      const into = (payload: string, type: string, query: string) =>
        other.send({
          method: 'POST',
          url: `${BASE}/import?${query}`,
          headers: { ...other.owner, 'content-type': type },
          payload,
        });
      expect((await into(csv.body, 'text/csv', 'dryRun=true')).json()).toMatchObject({
        created: 4,
        errors: [],
      });
      expect((await into(csv.body, 'text/csv', '')).json()).toMatchObject({ created: 4, errors: [] });
      const json = await send(`${BASE}/export.json?tag=rt`);
      expect((await into(json.body, 'application/json', 'onExisting=update')).json()).toMatchObject({
        updated: 4,
        errors: [],
      });
      const again = await other.send({ method: 'GET', url: `${BASE}/export.json`, headers: other.owner });
      // Made within one millisecond, they come in no order of theirs.
      const byName = (rows: readonly { name: string }[]) =>
        rows.toSorted((one, two) => one.name.localeCompare(two.name));
      expect(byName(again.json())).toEqual(byName(json.json()));
    } finally {
      await other.close();
    }
  });

  it('are imported all or not at all, and each bad row says which field and why', async () => {
    const rows = [
      { type: 'x509', cn: 'a', fingerprint: 'ab' },
      { type: 'x509', cn_pattern: '(' },
      { type: 'scram', client_id: 'only' },
      { type: 'psk', identity: 'a', password: 'b' },
      { type: 'psk', identity: 'dup' },
      { type: 'psk', identity: 'dup' },
      { username: 'a', psk_key: KEY },
    ];
    const { created, errors } = (await post(`${BASE}/import`, rows)).json<{
      created: number;
      errors: { row: number; field: string }[];
    }>();
    expect(created).toBe(0);
    expect(errors.map(({ row, field }) => `${row} ${field}`).sort()).toEqual([
      '1 cn',
      '1 fingerprint',
      '2 cn_pattern',
      '3 username',
      '4 password',
      '6 identity',
      '7 psk_key',
    ]);
  });

  it('an imported key is sealed for its credential and reaches the listeners', async () => {
    await post(`${BASE}/import`, [{ type: 'psk', identity: 'imported', psk_key: KEY }]);
    expect(kinds()).toContain('psk-keys-changed');
    const put = house.plane.events.flatMap((event) => (event.kind === 'psk-keys-changed' ? event.put : []));
    expect(put).toMatchObject([{ identity: 'imported', key: Uint8Array.from(Buffer.from(KEY, 'hex')) }]);
  });
});
