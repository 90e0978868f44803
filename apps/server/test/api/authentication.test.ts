import { randomBytes } from 'node:crypto';
import { replacedByFile } from '@gatehouse/api';
import type { AnonymousDto, AuthenticatorDto, ChainDto } from '@gatehouse/contract';
import type { AuthSetup, DeclaredAuth } from '@gatehouse/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretBox } from '../../src/runtime/secret-box.ts';
import { codeOf, fieldsOf, type Harness, startHarness } from './support/harness.ts';

const SECRET = 'opensesame-7';
const MYSQL = {
  type: 'mysql',
  server: '127.0.0.1:3306',
  username: 'gatehouse',
  password: SECRET,
  database: 'mqtt',
  query: 'SELECT password FROM mqtt_user WHERE username = %u LIMIT 1',
} as const;

let house: Harness;
beforeEach(async () => {
  house = await startHarness();
});
afterEach(() => house.close());

const send = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  payload?: object,
  more = {},
) =>
  house.send({
    method,
    url: `/api/v1${path}`,
    headers: { ...house.owner, ...more },
    ...(payload === undefined ? {} : { payload }),
  });
const create = (name = 'db', settings: object = MYSQL) => send('POST', '/authenticators', { name, settings });
/** What the data plane was last told to put in force. */
const inForce = (): AuthSetup => {
  const event = house.plane.events.findLast(({ kind }) => kind === 'auth-changed');
  if (event?.kind !== 'auth-changed') throw new Error('nothing was announced');
  return event.setup;
};

describe('an authenticator', () => {
  it('is stored, put in force with its secret, and told without it', async () => {
    const response = await create();
    expect(response.statusCode).toBe(201);
    expect(response.body).not.toContain(SECRET);
    const made = response.json<AuthenticatorDto>();
    expect(made).toMatchObject({
      name: 'db',
      type: 'mysql',
      source: 'stored',
      secrets: ['password'],
      chains: [],
    });
    expect(made.settings).not.toHaveProperty('password');
    expect(inForce().authenticators['db']).toEqual(MYSQL);
    const audit = await send('GET', '/audit');
    expect(audit.body).toContain('authenticator.create');
    expect(audit.body).not.toContain(SECRET);
    expect(JSON.stringify(await house.store.settings.get('auth'))).not.toContain(SECRET);
    expect(house.logged.join()).not.toContain(SECRET);
  });

  it('keeps a secret that is not written again, takes a new one, and loses one that is written as null', async () => {
    await create();
    const { password: _left, ...rest } = MYSQL;
    await send('PATCH', '/authenticators/db', { settings: { ...rest, database: 'other' } });
    expect(inForce().authenticators['db']).toEqual({ ...MYSQL, database: 'other' });
    await send('PATCH', '/authenticators/db', { settings: { ...rest, password: 'another-9' } });
    expect(inForce().authenticators['db']).toEqual({ ...MYSQL, password: 'another-9' });
    const bare = await send('PATCH', '/authenticators/db', { settings: { ...rest, password: null } });
    expect(bare.json<AuthenticatorDto>().secrets).toEqual([]);
    expect(inForce().authenticators['db']).toEqual(rest);
  });

  it('is refused by field, and nothing is saved, when its settings do not fit', async () => {
    const response = await create('db', { ...MYSQL, timeout_ms: 'soon', colour: 'blue' });
    expect(response.statusCode).toBe(400);
    expect(fieldsOf(response)).toContain('settings.timeout_ms');
    expect(response.body).not.toContain(SECRET);
    expect((await send('GET', '/authenticators/db')).statusCode).toBe(404);
    const unknown = await create('db', { type: 'oracle' });
    expect(fieldsOf(unknown)).toEqual(['settings.type']);
  });

  it('does not change its type, and is not changed over somebody else’s change', async () => {
    await create();
    const other = await send('PATCH', '/authenticators/db', { settings: { type: 'builtin' } });
    expect(fieldsOf(other)).toEqual(['settings.type']);
    const { password: _left, ...rest } = MYSQL;
    const stale = await send('PATCH', '/authenticators/db', { settings: rest }, { 'if-match': '"7"' });
    expect(codeOf(stale)).toBe('precondition-failed');
  });

  it('that a chain names cannot be removed; one that none names can', async () => {
    await create();
    await send('PUT', '/chains/default', { steps: ['db', 'builtin'] });
    const refused = await send('DELETE', '/authenticators/db');
    expect(codeOf(refused)).toBe('conflict');
    await send('PUT', '/chains/default', { steps: ['builtin'] });
    expect((await send('DELETE', '/authenticators/db')).statusCode).toBe(204);
    expect(inForce().authenticators).not.toHaveProperty('db');
  });

  it('is tried with its stored secret, also as a draft, and the audit says who made the server call out', async () => {
    await create();
    const { password: _left, ...rest } = MYSQL;
    const draft = { ...rest, server: '127.0.0.1:3307' };
    const response = await send('POST', '/authenticators/db/test', { settings: draft });
    expect(response.json()).toEqual({ probe: { ok: true, ms: 1 }, step: null, explained: null });
    expect(house.plane.tested).toEqual([{ name: 'db', raw: { ...draft, password: SECRET } }]);
    expect((await send('GET', '/audit')).body).toContain('authenticator.test');
  });
});

describe('a chain', () => {
  it('is put in order, in force at once, and tells its listeners', async () => {
    await create();
    const response = await send('PUT', '/chains/default', { steps: ['db', 'builtin'] });
    expect(response.json<ChainDto>()).toMatchObject({
      steps: ['db', 'builtin'],
      listeners: ['tcp', 'ws'],
      version: 1,
    });
    expect(inForce().chains['default']).toEqual(['db', 'builtin']);
    expect((await send('GET', '/authenticators/db')).json<AuthenticatorDto>().chains).toEqual(['default']);
  });

  it('names only authenticators that are there, each once', async () => {
    expect(fieldsOf(await send('PUT', '/chains/default', { steps: ['ghost'] }))).toEqual(['steps.0']);
    expect((await send('PUT', '/chains/default', { steps: ['builtin', 'builtin'] })).statusCode).toBe(400);
  });

  it('may be empty: then the anonymous policy decides', async () => {
    const response = await send('PUT', '/chains/default', { steps: [] });
    expect(response.json<ChainDto>().steps).toEqual([]);
    expect(inForce().chains['default']).toEqual([]);
  });
});

describe('the anonymous policy', () => {
  it('is changed, in force at once, and audited', async () => {
    const response = await send('PUT', '/anonymous', { policy: 'quick_deny' });
    expect(response.json<AnonymousDto>()).toEqual({
      policy: 'quick_deny',
      previous: 'deny',
      declaredAt: null,
      version: 1,
    });
    expect(inForce().anonymous).toBe('quick_deny');
    expect((await send('GET', '/audit')).body).toContain('anonymous.update');
  });
});

describe('what the configuration declares', () => {
  it('is shown with where it is declared, and cannot be changed here', async () => {
    await house.close();
    house = await startHarness({
      declared: {
        authenticators: { ldap: { type: 'builtin' } },
        chains: { default: ['ldap'] },
        anonymous: 'allow',
      },
    });
    const declaredAt = 'gatehouse.yaml (auth.authenticators.ldap)';
    expect((await send('GET', '/authenticators/ldap')).json<AuthenticatorDto>()).toMatchObject({
      source: 'file',
      declaredAt,
      chains: ['default'],
    });
    const attempts = [
      send('PATCH', '/authenticators/ldap', { settings: { type: 'builtin' } }),
      send('DELETE', '/authenticators/ldap'),
      send('PUT', '/chains/default', { steps: [] }),
      send('PUT', '/anonymous', { policy: 'deny' }),
    ];
    for (const response of await Promise.all(attempts)) {
      expect(codeOf(response)).toBe('conflict');
      expect(response.body).toContain('gatehouse.yaml');
    }
  });
});

it('the start names what the configuration declares where something else is stored, and nothing that is alike', async () => {
  await house.close();
  const secretKey = randomBytes(32);
  house = await startHarness({ secretKey });
  await create('db');
  await create('same');
  await send('PUT', '/chains/default', { steps: ['db'] });
  await send('PUT', '/anonymous', { policy: 'quick_deny' });
  const { store } = house;
  const replaced = (declared: Partial<DeclaredAuth>) =>
    replacedByFile({
      store,
      auth: {
        box: createSecretBox(secretKey),
        declared: {
          authenticators: {},
          chains: {},
          anonymous: undefined,
          where: (path) => `at ${path}`,
          ...declared,
        },
      },
    });
  expect(await replaced({})).toEqual([]);
  const found = await replaced({
    authenticators: { db: { ...MYSQL, password: 'another-9' }, same: MYSQL, fresh: MYSQL },
    chains: { default: ['builtin'], fresh: ['db'] },
    anonymous: 'deny',
  });
  expect(found).toEqual([
    { setting: 'auth.authenticators.db', declaredAt: 'at auth.authenticators.db' },
    { setting: 'auth.chains.default', declaredAt: 'at auth.chains.default' },
    { setting: 'auth.anonymous', declaredAt: 'at auth.anonymous' },
  ]);
});

it('who may only read sees the settings and changes nothing', async () => {
  await create();
  const viewer = await house.key('viewer');
  const list = await house.send({ method: 'GET', url: '/api/v1/authenticators', headers: viewer });
  expect(list.statusCode).toBe(200);
  expect(list.body).not.toContain(SECRET);
  const change = await house.send({
    method: 'PUT',
    url: '/api/v1/anonymous',
    headers: viewer,
    payload: { policy: 'allow' },
  });
  expect(codeOf(change)).toBe('forbidden');
});
