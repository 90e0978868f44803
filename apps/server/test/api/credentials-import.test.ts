import type { CredentialDto } from '@gatehouse/contract';
import { describe, expect, it } from 'vitest';
import { BASE, credentialHouse } from './support/credentials.ts';

const { house, post, create } = credentialHouse();

describe('importing', () => {
  const csv = (payload: string, query = '') =>
    house().send({
      method: 'POST',
      url: `${BASE}/import${query}`,
      headers: { ...house().owner, 'content-type': 'text/csv' },
      payload,
    });

  it('takes what a German spreadsheet saves: semicolons, a day as the expiry; and says which rows have no secret', async () => {
    const text = 'username;name;expires_at;tags\r\nexcel-1;"Pumpe; Nord";2026-11-24;a|b\r\n';
    expect((await csv(text)).json()).toMatchObject({ created: 1, withoutSecret: { count: 1, rows: [2] } });
    const made = await house().store.credentials.findByIdentity({ username: 'excel-1', clientId: null });
    expect(made).toMatchObject({ name: 'Pumpe; Nord', tags: ['a', 'b'], expiresAt: Date.UTC(2026, 10, 24) });
    const short = (await csv('username;name\r\nexcel-2\r\n')).json<{ errors: { message: string }[] }>();
    expect(short.errors[0]?.message).toMatch(/semicolons are missing/);
  });

  it('takes CSV with plain and hashed passwords, lists, quotes and booleans', async () => {
    const hash =
      (await house().store.credentials.stored((await create({ username: 'donor' })).id))?.secretHash ?? '';
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
      withoutSecret: { count: 0, rows: [] },
      errors: [],
    });
    const made = await house().store.credentials.findByIdentity({ username: 'imp-1', clientId: null });
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
    expect(
      await house().store.credentials.findByIdentity({ username: 'good-row', clientId: null }),
    ).toBeNull();
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
      await house().send({ method: 'GET', url: `${BASE}?username=keyed`, headers: house().owner })
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
      await house().store.credentials.findByIdentity({ username: 'brand-new', clientId: null }),
    ).toBeNull();
    expect(await outcome('?onExisting=skip')).toMatchObject({ created: 1, skipped: 1 });
    expect(await outcome('?onExisting=update')).toMatchObject({ updated: 2 });
    const updated = await house().store.credentials.findByIdentity({ username: 'existing', clientId: null });
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
    const exported = await house().send({
      method: 'GET',
      url: `${BASE}/export.csv?tag=export-me`,
      headers: house().owner,
    });
    expect(exported.headers['content-type']).toContain('text/csv');
    expect(exported.body).toContain(`"'=cmd|calc"`);
    expect(exported.body).not.toMatch(/argon2|sha256/);
    const before = await house().store.credentials.findByIdentity({ username: '=cmd|calc', clientId: null });
    await house().store.credentials.remove([before?.id ?? '']);
    expect((await csv(exported.body)).json()).toMatchObject({ created: 1, errors: [] });
    const after = await house().store.credentials.findByIdentity({ username: '=cmd|calc', clientId: null });
    expect(after).toMatchObject({ name: '+name', rules, tags: ['export-me'], hasSecret: false });
  });
});
