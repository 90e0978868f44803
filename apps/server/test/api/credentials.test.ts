import type { CredentialDto, CredentialWithSecretDto } from '@gatehouse/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, fieldsOf, type Harness, startHarness } from './support/harness.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());
afterEach(() => {
  house.plane.events.length = 0;
});

const BASE = '/api/v1/credentials';
const post = (url: string, payload: object, headers: Readonly<Record<string, string>> = {}) =>
  house.send({ method: 'POST', url, headers: { ...house.owner, ...headers }, payload });
const create = async (body: object): Promise<CredentialWithSecretDto> =>
  (await post(BASE, body)).json<CredentialWithSecretDto>();
const get = (id: string) => house.send({ method: 'GET', url: `${BASE}/${id}`, headers: house.owner });
const lastAudit = async () => {
  const page = await house.store.audit.page({}, { limit: 1, sort: { field: 'at', direction: 'desc' } });
  return page.items[0];
};

describe('creating', () => {
  it('generates a secret, tells it once, stores it hashed, and forgives failures of that username', async () => {
    const made = await post(BASE, { username: 'pump-1', name: 'Pump 1' });
    expect(made.statusCode).toBe(201);
    const { secret, id, ...rest } = made.json<CredentialWithSecretDto>();
    expect(secret?.length).toBeGreaterThanOrEqual(22);
    expect(rest).toMatchObject({
      username: 'pump-1',
      hasSecret: true,
      secretKind: 'generated',
      enabled: true,
    });
    expect((await get(id)).body).not.toContain(secret);
    const stored = await house.store.credentials.stored(id);
    expect(stored?.secretHash).not.toContain(secret);
    expect(house.plane.events).toEqual([
      {
        kind: 'credentials-changed',
        changes: [{ id, username: 'pump-1', clientId: null, disconnect: false }],
      },
      { kind: 'failures-forgiven', identities: [{ by: 'username', value: 'pump-1' }], ip: null },
    ]);
    expect(JSON.stringify(await lastAudit())).not.toContain(secret);
    expect(house.logged.join('')).not.toContain(secret);
  });

  it('writes the default rules where none are given, and none where the list is empty', async () => {
    expect((await create({ clientId: 'gw-1' })).rules).toEqual([
      { permission: 'allow', action: 'all', topic: '#' },
    ]);
    expect((await create({ clientId: 'gw-2', rules: [] })).rules).toEqual([]);
  });

  it('refuses a rule that could never match, by its place; a literal one may be any text', async () => {
    const rule = (topic: string, literal?: true) => ({
      permission: 'allow',
      action: 'publish',
      topic,
      ...(literal === undefined ? {} : { literal }),
    });
    const rules = [rule('a/%u/#'), rule('a/#/b'), rule('a+/b'), rule('a/#/b', true)];
    const refused = await post(BASE, { username: 'ruled', rules });
    expect([refused.statusCode, fieldsOf(refused)]).toEqual([400, ['rules.1.topic', 'rules.2.topic']]);
    const made = await create({ username: 'ruled', rules: [rules[0], rules[3]] });
    const patched = await house.send({
      method: 'PATCH',
      url: `${BASE}/${made.id}`,
      headers: { ...house.owner, 'if-match': '"1"' },
      payload: { rules: [rule('#/x')] },
    });
    expect([patched.statusCode, fieldsOf(patched)]).toEqual([400, ['rules.0.topic']]);
  });

  it('refuses no identity, two passwords, an unknown hash, and an identity that is taken', async () => {
    expect(fieldsOf(await post(BASE, { name: 'nobody' }))).toEqual(['username']);
    expect(fieldsOf(await post(BASE, { username: 'a', password: 'x', passwordHash: 'y' }))).toEqual([
      'passwordHash',
    ]);
    expect(fieldsOf(await post(BASE, { username: 'a', passwordHash: 'no hash' }))).toEqual(['passwordHash']);
    await create({ username: 'taken' });
    const again = await post(BASE, { username: 'taken' });
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'conflict']);
  });

  it('with an Idempotency-Key answers a retry alike and makes nothing twice', async () => {
    const headers = { 'idempotency-key': 'retry-1' };
    const [first, second] = await Promise.all([
      post(BASE, { username: 'once' }, headers),
      post(BASE, { username: 'once' }, headers),
    ]);
    expect(second.json()).toEqual(first.json());
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    const other = await post(BASE, { username: 'twice' }, headers);
    expect([other.statusCode, codeOf(other)]).toEqual([409, 'conflict']);
  });
});

describe('changing', () => {
  it('needs the version of If-Match and answers 412 when somebody was faster', async () => {
    const { id, version } = await create({ username: 'etag' });
    expect((await get(id)).headers.etag).toBe(`"${String(version)}"`);
    const patch = (name: string, match: string) =>
      house.send({
        method: 'PATCH',
        url: `${BASE}/${id}`,
        headers: { ...house.owner, 'if-match': match },
        payload: { name },
      });
    const changed = await patch('first', `"${String(version)}"`);
    expect(changed.statusCode).toBe(200);
    const late = await patch('second', `"${String(version)}"`);
    expect([late.statusCode, codeOf(late)]).toEqual([412, 'precondition-failed']);
    expect((await patch('third', 'garbage')).statusCode).toBe(400);
  });

  it('of the identity announces the old one and the new one, and closes sessions', async () => {
    const { id } = await create({ username: 'old-name' });
    house.plane.events.length = 0;
    await house.send({
      method: 'PATCH',
      url: `${BASE}/${id}`,
      headers: house.owner,
      payload: { username: 'new-name' },
    });
    expect(house.plane.events).toEqual([
      {
        kind: 'credentials-changed',
        changes: [
          { id, username: 'old-name', clientId: null, disconnect: true },
          { id, username: 'new-name', clientId: null, disconnect: true },
        ],
      },
      {
        kind: 'failures-forgiven',
        identities: [
          { by: 'username', value: 'old-name' },
          { by: 'username', value: 'new-name' },
        ],
        ip: null,
      },
    ]);
  });

  it.each([
    ['the description', { description: 'x' }, false],
    ['the name', { name: 'x' }, false],
    ['the tags', { tags: ['x'] }, false],
    ['the rules', { rules: [] }, false],
    ['the superuser flag, granted', { superuser: true }, false],
    ['a later expiry', { expiresAt: '2026-07-01T00:00:00Z' }, false],
    ['an earlier expiry', { expiresAt: '2026-05-15T00:00:00Z' }, true],
    ['the enabled flag', { enabled: false }, true],
  ])('of %s closes sessions only where they must end', async (what, payload, disconnect) => {
    const { id } = await create({ username: `edit-${what}`, expiresAt: '2026-06-01T00:00:00Z' });
    house.plane.events.length = 0;
    await house.send({ method: 'PATCH', url: `${BASE}/${id}`, headers: house.owner, payload });
    expect(house.plane.events[0]).toMatchObject({ changes: [{ id, disconnect }] });
  });

  it('that takes the superuser flag away closes sessions', async () => {
    const { id } = await create({ username: 'demoted', superuser: true });
    house.plane.events.length = 0;
    const payload = { superuser: false };
    await house.send({ method: 'PATCH', url: `${BASE}/${id}`, headers: house.owner, payload });
    expect(house.plane.events[0]).toMatchObject({ changes: [{ id, disconnect: true }] });
  });

  it('forgives the failures counted for a client ID too', async () => {
    const { id } = await create({ clientId: 'blocked-device' });
    const forgiven = { identities: [{ by: 'clientId', value: 'blocked-device' }], ip: null };
    expect(house.plane.events.at(-1)).toMatchObject(forgiven);
    house.plane.events.length = 0;
    await post(`${BASE}/${id}/secret`, {});
    expect(house.plane.events.at(-1)).toMatchObject(forgiven);
  });

  it('must leave an identity, and finds nothing under an unknown id', async () => {
    const { id } = await create({ username: 'last-identity' });
    const emptied = await house.send({
      method: 'PATCH',
      url: `${BASE}/${id}`,
      headers: house.owner,
      payload: { username: null },
    });
    expect(fieldsOf(emptied)).toEqual(['username']);
    const unknown = await house.send({
      method: 'PATCH',
      url: `${BASE}/nope`,
      headers: house.owner,
      payload: { name: 'x' },
    });
    expect(codeOf(unknown)).toBe('not-found');
  });

  it('the secret gives a new one and closes sessions, unless the old one is kept for a while', async () => {
    const { id, secret } = await create({ username: 'rotate' });
    house.plane.events.length = 0;
    const kept = (
      await post(`${BASE}/${id}/secret`, { keepPreviousForSeconds: 3600 })
    ).json<CredentialWithSecretDto>();
    expect(kept.secret).not.toBe(secret);
    expect(kept.previousSecretValidUntil).toBe(new Date(house.clock.now() + 3_600_000).toISOString());
    expect(house.plane.events[0]).toMatchObject({ changes: [{ id, disconnect: false }] });
    house.plane.events.length = 0;
    await post(`${BASE}/${id}/secret`, { password: 'a chosen one' });
    expect(house.plane.events[0]).toMatchObject({ changes: [{ id, disconnect: true }] });
    expect((await get(id)).json()).toMatchObject({ secretKind: 'chosen', hashFormat: 'argon2id' });
  });

  it('accepts the previous secret again for a while; without one there is a conflict', async () => {
    const { id } = await create({ username: 'previous' });
    expect(codeOf(await post(`${BASE}/${id}/accept-previous`, {}))).toBe('conflict');
    await post(`${BASE}/${id}/secret`, {});
    house.plane.events.length = 0;
    const accepted = await post(`${BASE}/${id}/accept-previous`, { forSeconds: 600 });
    expect(house.plane.events[0]).toMatchObject({ changes: [{ id, disconnect: false }] });
    expect(accepted.statusCode).toBe(200);
    expect(accepted.json<CredentialDto>().previousSecretValidUntil).toBe(
      new Date(house.clock.now() + 600_000).toISOString(),
    );
  });
});

describe('many at once', () => {
  it('are disabled, enabled and deleted in one request with one audit entry, and disabled ones lose their sessions', async () => {
    const ids = [(await create({ username: 'bulk-1' })).id, (await create({ username: 'bulk-2' })).id];
    house.plane.events.length = 0;
    const disabled = await post(`${BASE}/set-enabled`, { ids, enabled: false });
    expect(disabled.json()).toEqual({ affected: 2 });
    expect(house.plane.events[0]).toMatchObject({ changes: [{ disconnect: true }, { disconnect: true }] });
    expect(await lastAudit()).toMatchObject({ action: 'credential.disable-many', after: { count: 2 } });
    const deleted = await post(`${BASE}/delete`, { ids: [...ids, 'unknown'] });
    expect(deleted.json()).toEqual({ deleted: 2 });
    expect(await lastAudit()).toMatchObject({ action: 'credential.delete-many', before: { count: 2 } });
    expect((await get(ids[0] ?? '')).statusCode).toBe(404);
  });
});

describe('importing', () => {
  const csv = (payload: string, query = '') =>
    house.send({
      method: 'POST',
      url: `${BASE}/import${query}`,
      headers: { ...house.owner, 'content-type': 'text/csv' },
      payload,
    });

  it('takes CSV with plain and hashed passwords, lists, quotes and booleans', async () => {
    const hash =
      (await house.store.credentials.stored((await create({ username: 'donor' })).id))?.secretHash ?? '';
    const text = [
      'username,client_id,password,password_hash,superuser,tags,publish,subscribe,description',
      'imp-1,,device-password,,true,a|b,up/#|!up/secret,eq down/+,"line, with ""quotes"""',
      `,imp-2,,"${hash}",no,,,,`,
    ].join('\r\n');
    expect((await csv(text)).json()).toEqual({
      dryRun: false,
      rowsAre: 'lines',
      created: 2,
      updated: 0,
      skipped: 0,
      errors: [],
    });
    const made = await house.store.credentials.findByIdentity({ username: 'imp-1', clientId: null });
    expect(made).toMatchObject({
      superuser: true,
      tags: ['a', 'b'],
      description: 'line, with "quotes"',
      secretKind: 'chosen',
      rules: [
        { permission: 'allow', action: 'publish', topic: 'up/#' },
        { permission: 'deny', action: 'publish', topic: 'up/secret' },
        { permission: 'allow', action: 'subscribe', topic: 'down/+', literal: true },
      ],
    });
  });

  it('with any bad row imports nothing and says which field of which line', async () => {
    const text = 'username,password_hash,superuser\ngood-row,,\n,,\nx,not-a-hash,perhaps\ngood-row,,';
    const result = (await csv(text)).json<{ created: number; errors: { row: number; field: string }[] }>();
    expect(result.created).toBe(0);
    expect(result.errors.map(({ row, field }) => `${String(row)} ${field}`).sort()).toEqual([
      '3 username',
      '4 superuser',
      '5 username',
    ]);
    expect(await house.store.credentials.findByIdentity({ username: 'good-row', clientId: null })).toBeNull();
  });

  it('refuses a row whose topics are no filters', async () => {
    const text = 'username,publish,subscribe\nodd,a/#/b|!c/d,e+/f';
    const result = (await csv(text)).json<{ created: number; errors: { row: number; field: string }[] }>();
    expect(result.created).toBe(0);
    expect(result.errors.map(({ row, field }) => `${String(row)} ${field}`)).toEqual([
      '2 publish',
      '2 subscribe',
    ]);
  });

  it('says in words what is wrong with a row, and repeats no value', async () => {
    const text = [
      'type,username,superuser,expires_at,password,rules_by_cn',
      'basic,words-1,hunter2,,,',
      'basic,words-2,,tomorrow,,',
      'pigeon,words-3,,,,',
      'basic,words-4,,,p',
      'basic,words-5,,,p,x,y',
      `basic,words-6,,,${'p'.repeat(1025)},`,
      'x509,,,,,[',
      'basic,words-1,true,,,',
    ].join('\n');
    const { rowsAre, errors } = (await csv(text)).json<{
      rowsAre: string;
      errors: { row: number; field: string; message: string }[];
    }>();
    expect(rowsAre).toBe('lines');
    expect(errors.map(({ row, field, message }) => `${String(row)} ${field}: ${message}`)).toEqual([
      '2 superuser: is neither true nor false (nor 1, yes, 0, no)',
      '3 expires_at: is no time as ISO 8601 writes it, such as 2027-01-31T12:00:00Z',
      '4 type: is none of basic, x509, scram, psk',
      '5 : has 5 cells, and the header 6 columns: commas are missing',
      '6 : has 7 cells, and the header 6 columns: a text with a comma in it has to stand between quotes',
      '7 password: is longer than 1,024 characters',
      '8 rules_by_cn: is not JSON of the form [{"pattern": "…", "rules": […]}]',
    ]);
  });

  it('counts the entries of JSON, and names the fields that there are', async () => {
    const rows = [
      { username: 'entry-1', colour: 'red' },
      'entry-2',
      { username: 3, tags: 'a', enabled: 'no' },
    ];
    const { rowsAre, errors } = (await post(`${BASE}/import`, rows)).json<{
      rowsAre: string;
      errors: { row: number; field: string; message: string }[];
    }>();
    expect(rowsAre).toBe('entries');
    expect(errors.map(({ row, field, message }) => `${String(row)} ${field}: ${message}`)).toEqual([
      expect.stringMatching(
        /^1 colour: is not a field of an import; there are: type, name, username, client_id,/,
      ),
      '2 : is not an object with the fields of a credential',
      '3 username: is not text',
      '3 enabled: is neither true nor false',
      '3 tags: is not a list of texts',
    ]);
  });

  it('of SCRAM keys takes those of one mechanism, and no half of them', async () => {
    const bytes = (length: number) => Buffer.alloc(length, 7).toString('base64');
    const keys = { salt: bytes(16), iterations: 4096, storedKey: bytes(32), serverKey: bytes(32) };
    const scram = (username: string, scram_keys: object, more: object = {}) =>
      post(`${BASE}/import`, [{ type: 'scram', username, scram_keys, ...more }]);
    const made = (await scram('keyed', { 'SCRAM-SHA-256': keys })).json<{ created: number }>();
    expect(made.created).toBe(1);
    const { items } = (
      await house.send({ method: 'GET', url: `${BASE}?username=keyed`, headers: house.owner })
    ).json<{ items: CredentialDto[] }>();
    expect(items[0]).toMatchObject({
      secretKind: 'imported',
      scram: { mechanisms: ['SCRAM-SHA-256'], iterations: 4096 },
    });
    const wrong = [
      {},
      { 'SCRAM-SHA-256': { ...keys, storedKey: bytes(20) } },
      { 'SCRAM-SHA-1': keys },
      { 'SCRAM-SHA-256': { salt: bytes(16) } },
    ];
    for (const each of wrong) {
      const { errors } = (await scram('half', each)).json<{ errors: { field: string; message: string }[] }>();
      expect([each, errors[0]?.field.split('.')[0]]).toEqual([each, 'scram_keys']);
    }
  });

  it('treats existing identities as it is told', async () => {
    await create({ username: 'existing', description: 'before' });
    const text = 'username,description\nexisting,after\nbrand-new,x';
    const outcome = async (query: string) => (await csv(text, query)).json<object>();
    expect(await outcome('')).toMatchObject({ created: 0, errors: [{ row: 2, field: 'username' }] });
    expect(await outcome('?onExisting=update&dryRun=true')).toMatchObject({
      dryRun: true,
      created: 1,
      updated: 1,
    });
    expect(
      await house.store.credentials.findByIdentity({ username: 'brand-new', clientId: null }),
    ).toBeNull();
    expect(await outcome('?onExisting=skip')).toMatchObject({ created: 1, skipped: 1 });
    expect(await outcome('?onExisting=update')).toMatchObject({ updated: 2 });
    const updated = await house.store.credentials.findByIdentity({ username: 'existing', clientId: null });
    expect(updated).toMatchObject({ description: 'after', hasSecret: true });
  });

  it('takes JSON too, and refuses text that is no CSV, unknown columns, and nothing at all', async () => {
    expect((await post(`${BASE}/import`, [{ username: 'json-1', tags: ['x'] }])).json()).toMatchObject({
      created: 1,
    });
    for (const text of ['username\n"open', 'username,colour\na,b', '', 'username']) {
      expect([text, (await csv(text)).statusCode]).toEqual([text, 400]);
    }
  });

  it('reads back what an export wrote, hostile names and rules included', async () => {
    const rules = [
      { permission: 'deny', action: 'publish', topic: 'a/b' },
      { permission: 'allow', action: 'subscribe', topic: 'c/#', literal: true },
    ];
    await create({ username: '=cmd|calc', name: '+name', rules, tags: ['export-me'] });
    const exported = await house.send({
      method: 'GET',
      url: `${BASE}/export.csv?tag=export-me`,
      headers: house.owner,
    });
    expect(exported.headers['content-type']).toContain('text/csv');
    expect(exported.body).toContain(`"'=cmd|calc"`);
    expect(exported.body).not.toMatch(/argon2|sha256/);
    const before = await house.store.credentials.findByIdentity({ username: '=cmd|calc', clientId: null });
    await house.store.credentials.remove([before?.id ?? '']);
    expect((await csv(exported.body)).json()).toMatchObject({ created: 1, errors: [] });
    const after = await house.store.credentials.findByIdentity({ username: '=cmd|calc', clientId: null });
    expect(after).toMatchObject({ name: '+name', rules, tags: ['export-me'], hasSecret: false });
  });
});
