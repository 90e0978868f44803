import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  browserHeaders,
  codeOf,
  cookieOf,
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

const login = (password: string, from = '203.0.113.1', email: string = OWNER.email) =>
  house.send({
    method: 'POST',
    url: '/api/v1/session',
    headers: { origin: ORIGIN, 'x-forwarded-for': from },
    payload: { email, password },
  });

describe('setup', () => {
  it('is needed until there is an owner, then never again', async () => {
    const fresh = await startHarness({ owner: false });
    const needed = async () =>
      (await fresh.send({ method: 'GET', url: '/api/v1/setup' })).json<{ needed: boolean }>().needed;
    expect(await needed()).toBe(true);
    const token = await fresh.api.setup.issueLink();
    const complete = () =>
      fresh.send({
        method: 'POST',
        url: '/api/v1/setup',
        headers: { origin: ORIGIN },
        payload: { token, ...OWNER },
      });
    const made = await complete();
    expect(made.statusCode).toBe(201);
    expect(made.json()).toMatchObject({ role: 'owner', user: { email: OWNER.email } });
    expect(await needed()).toBe(false);
    const again = await complete();
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'setup-done']);
    await fresh.close();
  });

  it('refuses a wrong token, an old one, and one that another has replaced', async () => {
    const fresh = await startHarness({ owner: false });
    const complete = (token: string) =>
      fresh.send({
        method: 'POST',
        url: '/api/v1/setup',
        headers: { origin: ORIGIN },
        payload: { token, ...OWNER },
      });
    const first = await fresh.api.setup.issueLink();
    expect(codeOf(await complete('wrong'))).toBe('setup-token-invalid');
    const second = await fresh.api.setup.issueLink();
    expect(codeOf(await complete(first))).toBe('setup-token-invalid');
    fresh.clock.advance(30 * 60_000);
    expect(codeOf(await complete(second))).toBe('setup-token-invalid');
    expect(fresh.logged.join('')).not.toContain(second);
    await fresh.close();
  });

  it('refuses a password that guessing tries first', async () => {
    const fresh = await startHarness({ owner: false });
    const token = await fresh.api.setup.issueLink();
    for (const password of [
      'Passw0rd!2026',
      'aaaaaaaaaaaa',
      'qwertyuiopas',
      'ada.owner@1234',
      'gatehouse1234!',
    ]) {
      const response = await fresh.send({
        method: 'POST',
        url: '/api/v1/setup',
        headers: { origin: ORIGIN },
        payload: { token, ...OWNER, password },
      });
      expect([password, response.statusCode, fieldsOf(response)]).toEqual([password, 400, ['password']]);
    }
    await fresh.close();
  });

  it('makes another owner with a link that the command issued', async () => {
    const issued = await house.api.control.inject({ method: 'POST', url: '/api/v1/setup/link' });
    expect(issued.statusCode).toBe(201);
    const { token } = issued.json<{ token: string }>();
    const made = await house.send({
      method: 'POST',
      url: '/api/v1/setup',
      headers: { origin: ORIGIN },
      payload: { token, email: 'second@example.org', name: 'Second', password: 'otter-beneath-granite-4' },
    });
    expect(made.statusCode).toBe(201);
  });

  it('lets nobody but the command issue a link', async () => {
    const response = await house.send({ method: 'POST', url: '/api/v1/setup/link', headers: house.owner });
    expect(response.statusCode).toBe(403);
  });
});

describe('login', () => {
  it('answers a session whose cookie is bound to host, TLS and site, and whose token is stored hashed', async () => {
    const response = await login(OWNER.password);
    expect(response.statusCode).toBe(201);
    expect(response.cookies[0]).toMatchObject({
      name: '__Host-gatehouse',
      httpOnly: true,
      secure: true,
      sameSite: 'Strict',
      path: '/',
    });
    const session = await house.send({
      method: 'GET',
      url: '/api/v1/session',
      headers: { cookie: cookieOf(response) },
    });
    expect(session.json()).toMatchObject({ kind: 'user', role: 'owner', user: { email: OWNER.email } });
    const users = await house.store.users.list();
    const sessions = await house.store.userSessions.listForUser(
      users.find((one) => one.email === OWNER.email)?.id ?? '',
    );
    expect(JSON.stringify(sessions)).not.toContain(response.cookies[0]?.value);
  });

  it('gives the same answer for a wrong password and an unknown account', async () => {
    const wrong = await login('not-the-password-1', '203.0.113.2');
    const unknown = await login('not-the-password-1', '203.0.113.3', 'nobody@example.org');
    expect(wrong.statusCode).toBe(401);
    const { requestId: _a, ...first } = wrong.json<Record<string, unknown>>();
    const { requestId: _b, ...second } = unknown.json<Record<string, unknown>>();
    expect(first).toEqual(second);
  });

  it('ends the session that the browser came with: tokens rotate at login', async () => {
    const first = await login(OWNER.password, '203.0.113.4');
    const second = await house.send({
      method: 'POST',
      url: '/api/v1/session',
      headers: { ...browserHeaders(first), 'x-forwarded-for': '203.0.113.4' },
      payload: { email: OWNER.email, password: OWNER.password },
    });
    expect(second.statusCode).toBe(201);
    const old = await house.send({
      method: 'GET',
      url: '/api/v1/session',
      headers: { cookie: cookieOf(first) },
    });
    expect(old.statusCode).toBe(401);
  });

  it('slows guesses from one address, tells how long, and forgets; another address gets in', async () => {
    for (let i = 0; i < 5; i++)
      expect((await login(`wrong-password-${i}`, '203.0.113.5')).statusCode).toBe(401);
    const slowed = await login(OWNER.password, '203.0.113.5');
    expect([slowed.statusCode, codeOf(slowed)]).toEqual([429, 'too-many-requests']);
    const seconds = Number(slowed.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect((await login(OWNER.password, '203.0.113.6')).statusCode).toBe(201);
    house.clock.advance(seconds * 1000);
    expect((await login(OWNER.password, '203.0.113.5')).statusCode).toBe(201);
  });

  it('does not believe X-Forwarded-For from a peer that is no trusted proxy', async () => {
    const attempt = (from: string) =>
      house.send({
        method: 'POST',
        url: '/api/v1/session',
        remoteAddress: '198.51.100.9',
        headers: { origin: ORIGIN, 'x-forwarded-for': from },
        payload: { email: OWNER.email, password: 'wrong-password-here' },
      });
    for (let i = 0; i < 5; i++) await attempt(`10.0.0.${i}`);
    expect((await attempt('10.0.0.99')).statusCode).toBe(429);
  });

  it('is refused from a foreign origin', async () => {
    const response = await house.send({
      method: 'POST',
      url: '/api/v1/session',
      headers: { origin: 'https://evil.example' },
      payload: { email: OWNER.email, password: OWNER.password },
    });
    expect([response.statusCode, codeOf(response)]).toEqual([403, 'origin-denied']);
  });
});

describe('a session', () => {
  it('ends after 30 idle minutes, and after 12 hours however busy', async () => {
    const opened = await login(OWNER.password, '203.0.113.20');
    const headers = { cookie: cookieOf(opened) };
    const status = async () =>
      (await house.send({ method: 'GET', url: '/api/v1/session', headers })).statusCode;
    for (let i = 0; i < 24; i++) {
      house.clock.advance(29 * 60_000);
      expect(await status()).toBe(200);
    }
    house.clock.advance(25 * 60_000);
    expect(await status()).toBe(401);
    const idle = { cookie: cookieOf(await login(OWNER.password, '203.0.113.21')) };
    house.clock.advance(31 * 60_000);
    expect((await house.send({ method: 'GET', url: '/api/v1/session', headers: idle })).statusCode).toBe(401);
  });

  it('ends on the server at sign-out', async () => {
    const headers = browserHeaders(await login(OWNER.password, '203.0.113.22'));
    expect((await house.send({ method: 'DELETE', url: '/api/v1/session', headers })).statusCode).toBe(204);
    expect((await house.send({ method: 'GET', url: '/api/v1/session', headers })).statusCode).toBe(401);
  });

  it('writes only with its CSRF token and from the console', async () => {
    const headers = browserHeaders(await login(OWNER.password, '203.0.113.23'));
    const write = (changes: Record<string, string | undefined>) =>
      house.send({
        method: 'POST',
        url: '/api/v1/credentials',
        headers: Object.fromEntries(
          Object.entries({ ...headers, ...changes }).filter(
            (entry): entry is [string, string] => entry[1] !== undefined,
          ),
        ),
        payload: { username: 'csrf-probe' },
      });
    expect(codeOf(await write({ 'x-csrf-token': undefined }))).toBe('csrf-failed');
    expect(codeOf(await write({ 'x-csrf-token': 'wrong' }))).toBe('csrf-failed');
    expect(codeOf(await write({ origin: undefined }))).toBe('origin-denied');
    expect(codeOf(await write({ origin: 'http://127.0.0.1:3001' }))).toBe('origin-denied');
    expect((await write({})).statusCode).toBe(201);
  });
});
