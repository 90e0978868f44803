import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { AuditEntryDto, UserDto } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  browserHeaders,
  codeOf,
  fieldsOf,
  type Harness,
  ORIGIN,
  OWNER,
  startHarness,
} from './support/harness.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());

const send = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  headers = house.owner,
) => house.send({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
let people = 0;
const addUser = async (role = 'viewer') => {
  const email = `person-${String(++people)}@example.org`;
  const password = 'walnut-canoe-at-dawn-3';
  const response = await send('POST', '/api/v1/users', {
    email,
    name: `Person ${String(people)}`,
    role,
    password,
  });
  return { ...response.json<UserDto>(), password };
};
const signIn = async (email: string, password: string) => {
  const response = await house.send({
    method: 'POST',
    url: '/api/v1/session',
    headers: { origin: ORIGIN, 'x-forwarded-for': `198.51.100.${String(people)}` },
    payload: { email, password },
  });
  return {
    status: response.statusCode,
    headers: response.statusCode === 201 ? browserHeaders(response) : {},
  };
};

describe('users', () => {
  it('are made by an owner, with one account per e-mail whatever its case', async () => {
    const made = await addUser('operator');
    expect(made).toMatchObject({ role: 'operator', enabled: true });
    const again = await send('POST', '/api/v1/users', {
      email: made.email.toUpperCase(),
      name: 'X',
      role: 'viewer',
      password: 'walnut-canoe-at-dawn-3',
    });
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'conflict']);
    const weak = await send('POST', '/api/v1/users', {
      email: 'w@example.org',
      name: 'W',
      role: 'viewer',
      password: 'Welcome12345',
    });
    expect(fieldsOf(weak)).toEqual(['password']);
    expect((await send('GET', '/api/v1/users')).body).not.toContain('argon2');
  });

  it.each([
    ['disabled', { enabled: false }],
    ['given another role', { role: 'admin' }],
    ['given another password', { password: 'copper-lantern-over-moss-8' }],
  ])('who are %s lose their open sessions', async (_what, change) => {
    const person = await addUser();
    const { headers } = await signIn(person.email, person.password);
    expect((await send('GET', '/api/v1/session', undefined, headers)).statusCode).toBe(200);
    expect((await send('PATCH', `/api/v1/users/${person.id}`, change)).statusCode).toBe(200);
    expect((await send('GET', '/api/v1/session', undefined, headers)).statusCode).toBe(401);
  });

  it('who are disabled cannot sign in', async () => {
    const person = await addUser();
    await send('PATCH', `/api/v1/users/${person.id}`, { enabled: false });
    expect((await signIn(person.email, person.password)).status).toBe(401);
  });

  it('keep at least one enabled owner', async () => {
    const me = (await send('GET', '/api/v1/session')).json<{ user: UserDto }>().user;
    for (const change of [{ role: 'admin' }, { enabled: false }]) {
      const response = await send('PATCH', `/api/v1/users/${me.id}`, change);
      expect([response.statusCode, codeOf(response)]).toEqual([409, 'last-owner']);
    }
    expect(codeOf(await send('DELETE', `/api/v1/users/${me.id}`))).toBe('last-owner');
    expect((await send('PATCH', '/api/v1/users/unknown', { name: 'X' })).statusCode).toBe(404);
  });

  it('are removed with their sessions', async () => {
    const person = await addUser();
    const { headers } = await signIn(person.email, person.password);
    expect((await send('DELETE', `/api/v1/users/${person.id}`)).statusCode).toBe(204);
    expect((await send('GET', '/api/v1/session', undefined, headers)).statusCode).toBe(401);
    expect((await send('DELETE', `/api/v1/users/${person.id}`)).statusCode).toBe(404);
  });
});

describe('API keys', () => {
  it('are told once and stored hashed; one name, one key', async () => {
    const made = await send('POST', '/api/v1/api-keys', { name: 'ci', role: 'viewer' });
    const { key, prefix } = made.json<{ key: string; prefix: string }>();
    expect(key).toMatch(/^gh_[\w-]{43}$/);
    expect(key.startsWith(prefix)).toBe(true);
    expect((await send('GET', '/api/v1/api-keys')).body).not.toContain(key);
    expect(house.logged.join('')).not.toContain(key);
    const narrow = await send('POST', '/api/v1/api-keys', {
      name: 'x',
      role: 'viewer',
      scopes: ['credentials:write'],
    });
    expect(fieldsOf(narrow)).toEqual(['scopes']);
    const past = await send('POST', '/api/v1/api-keys', {
      name: 'y',
      role: 'viewer',
      expiresAt: '2020-01-01T00:00:00Z',
    });
    expect(fieldsOf(past)).toEqual(['expiresAt']);
  });
});

describe('the audit', () => {
  it('names actor, target, address and request of each change, without secrets, in an intact chain', async () => {
    const made = await house.send({
      method: 'POST',
      url: '/api/v1/credentials',
      headers: { ...house.owner, 'x-forwarded-for': '192.0.2.7' },
      payload: { username: 'audited', password: 'not-for-the-audit' },
    });
    const { id } = made.json<{ id: string }>();
    const page = (await send('GET', `/api/v1/audit?target=credential:${id}`)).json<{
      items: AuditEntryDto[];
    }>();
    expect(page.items).toHaveLength(1);
    expect(page.items[0]).toMatchObject({
      action: 'credential.create',
      actor: { kind: 'user', name: OWNER.name },
      target: { kind: 'credential', id, name: 'audited' },
      ip: '192.0.2.7',
      requestId: made.headers['x-request-id'],
      after: { username: 'audited' },
    });
    expect(JSON.stringify(page)).not.toContain('not-for-the-audit');
    expect((await send('GET', `/api/v1/audit/${page.items[0]?.id ?? ''}`)).json()).toEqual(page.items[0]);
    expect((await send('POST', '/api/v1/audit/verify')).json()).toMatchObject({
      intact: true,
      brokenAt: null,
    });
  });

  it('has no entry for a change that was refused', async () => {
    const count = async () =>
      (await send('GET', '/api/v1/audit?action=credential.create')).json<{ total: number }>().total;
    const before = await count();
    await send('POST', '/api/v1/credentials', { username: 'audited' });
    expect(await count()).toBe(before);
  });

  it('notes failed logins, and is exported as CSV with formulas disarmed', async () => {
    await house.send({
      method: 'POST',
      url: '/api/v1/session',
      headers: { origin: ORIGIN, 'x-forwarded-for': '203.0.113.99' },
      payload: { email: '=1+1@example.org', password: 'x' },
    });
    const { body, headers } = await send('GET', '/api/v1/audit/export.csv');
    expect(headers['content-type']).toContain('text/csv');
    expect(body).toContain('session.login-failed');
    expect(body).toContain(`"'=1+1@example.org"`);
  });
});

describe('the audit of exports', () => {
  it.each([
    ['/unauthorized-clients/export.csv?clientId=pump-7', 'unauthorized.export', 'pump-7'],
    ['/unauthorized-clients/export.json?clientId=pump-8', 'unauthorized.export', 'pump-8'],
    ['/credentials/export.csv?username=pump-7', 'credential.export', 'pump-7'],
    ['/credentials/export.json?username=pump-8', 'credential.export', 'pump-8'],
    ['/audit/export.csv?target=user:pump-7', 'audit.export', 'pump-7'],
  ])('has an entry of each export, with what was asked for', async (path, action, asked) => {
    const exported = await send('GET', `/api/v1${path}`);
    expect(exported.statusCode).toBe(200);
    const { items } = (await send('GET', `/api/v1/audit?action=${action}`)).json<{
      items: AuditEntryDto[];
    }>();
    expect(items[0]).toMatchObject({
      actor: { kind: 'user', name: OWNER.name },
      requestId: exported.headers['x-request-id'],
    });
    expect(JSON.stringify(items[0]?.after)).toContain(asked);
  });
});

describe('the control socket', () => {
  it('answers over a real socket, where there is no address', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'gatehouse-control-')), 'control.sock');
    const server = createServer(house.api.control.handler).listen(path);
    await once(server, 'listening');
    const sent = request({
      socketPath: path,
      path: '/api/v1/session',
      headers: { authorization: 'Bearer gh_other' },
    });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    expect(JSON.parse(await text(response))).toMatchObject({ name: 'gatehouse command', role: 'owner' });
    server.close();
    await rm(dirname(path), { recursive: true });
  });

  it('acts as the command with an owner’s rights, and is audited as such', async () => {
    const made = await house.api.control.inject({
      method: 'POST',
      url: '/api/v1/credentials',
      payload: { username: 'by-cli' },
    });
    expect(made.statusCode).toBe(201);
    const page = (await send('GET', '/api/v1/audit?actor=cli&action=credential.create')).json<{
      items: AuditEntryDto[];
    }>();
    expect(page.items[0]?.actor).toEqual({ kind: 'cli', id: 'cli', name: 'gatehouse command' });
  });
});
