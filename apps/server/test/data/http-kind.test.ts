import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { attemptOf, passwordOf } from '@gatehouse/auth-core/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { authenticatorOf, needsOf, problemsOf } from '../support/authenticator-needs.ts';
import { authenticatorIn, guidePage, withFiles } from '../support/guide-page.ts';

const URL_OF_SERVICE = 'http://127.0.0.1:8090/mqtt/auth';
const { needs, close } = needsOf();
afterAll(close);

const http = (settings: Readonly<Record<string, unknown>>) =>
  problemsOf({ type: 'http', url: URL_OF_SERVICE, ...settings });

/** A port that is free just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('settings', () => {
  test('an address is enough', () => {
    expect(http({})).toEqual({});
  });

  test.each([
    'http://user:pw@127.0.0.1/',
    'https://host/#part',
    'ftp://host/',
    '//host/',
    'http://',
    'http://ho st/',
  ])('%s is no address', (url) => {
    expect(http({ url })).toHaveProperty('url');
  });

  test('rules are about topic filters', () => {
    const rules = [{ permission: 'allow', action: 'all', topic: 'a/#/b' }];
    expect(http({ rules })['rules.0.topic']).toMatch(/a topic filter/);
  });

  test('the password goes into a URL only where that is said', () => {
    expect(http({ method: 'get' })['params.password']).toMatch(/password_in_url/);
    expect(http({ method: 'get', password_in_url: true })).toEqual({});
    expect(http({ method: 'get', params: { u: '%u' } })).toEqual({});
    const superuser = { url: URL_OF_SERVICE, method: 'get', params: { p: '${password}' } };
    expect(http({ contract: 'status', superuser })).toHaveProperty(['superuser.params.p']);
  });

  test('a parameter is one placeholder or a fixed value', () => {
    expect(http({ params: { a: 'x-${clientid}', b: '%z', c: '${cn}', d: 'fixed', e: 7 } })).toEqual({
      'params.a': expect.stringContaining('%u') as unknown,
      'params.b': expect.stringContaining('%u') as unknown,
    });
  });

  test.each([
    { 'x-a\r\nx-b': '1' },
    { 'x-a': '1\r\nx-b: 2' },
    { 'x-a': 'é' },
    { host: 'other' },
    { 'Content-Length': '0' },
    { 'transfer-encoding': 'chunked' },
    { '': 'x' },
  ])('the header %j is refused', (headers) => {
    expect(Object.keys(http({ headers })).some((path) => path.startsWith('headers'))).toBe(true);
  });

  test('a refused header is told without its value', () => {
    expect(JSON.stringify(http({ headers: { 'x-a': 'secret\n' } }))).not.toContain('secret');
  });

  test('the service has less time than the step, so that the reason is its own', () => {
    expect(http({ timeout_ms: 1_000 })['response_timeout_ms']).toMatch(/less than timeout_ms/);
    expect(http({ timeout_ms: 1_000, response_timeout_ms: 900 })).toEqual({});
  });

  test('a superuser request belongs to contract status', () => {
    const superuser = { url: 'http://127.0.0.1:8090/mqtt/superuser' };
    expect(http({ superuser })).toHaveProperty('superuser');
    expect(http({ contract: 'status', superuser })).toEqual({});
    expect(http({ contract: 'tbmq', superuser })['superuser']).toContain('contract: status');
    expect(http({ contract: 'TBMQ' })).toHaveProperty('contract');
  });
});

describe('the guide', () => {
  const page = guidePage('authentication/http.md');

  test('its example and its service admit who knows the password, with the rules of the answer, and nobody else', async () => {
    const [yaml = ''] = page.blocks('yaml');
    const [script = ''] = page.blocks('js');
    const settings = await authenticatorIn(yaml, 'service', { url: z.string() });
    const port = await freePort();
    const url = new URL(settings.url);
    url.port = String(port);
    await withFiles({ 'service.mjs': script }, async (pathOf) => {
      const service = spawn(process.execPath, [pathOf('service.mjs')], {
        env: { ...process.env, PORT: String(port) },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(service.stdout, 'data');
      const running = authenticatorOf('service', { ...settings, url: url.href } as { type: string }, needs);
      const check = (username: string, password: string | undefined) =>
        running.authenticator.check(
          attemptOf({ username, password: password === undefined ? undefined : passwordOf(password) }),
        );
      expect(await check('pump-7', 'correct horse')).toMatchObject({
        outcome: 'allow',
        grant: { rules: [{ permission: 'allow', action: 'all', topic: 'devices/pump-7/#' }] },
      });
      for (const password of ['wrong', '', undefined]) {
        expect(await check('pump-7', password)).toMatchObject({ outcome: 'deny', reason: 'HTTP_DENIED' });
      }
      expect(await check('pump-8', 'any')).toMatchObject({ outcome: 'ignore', reason: 'HTTP_IGNORED' });
      await running.close();
      service.kill();
      await once(service, 'close');
    });
  });
});

test('the guide’s settings for TBMQ send what its services expect, and read what the guide’s answers', async () => {
  const page = guidePage('authentication/http.md');
  const [, yaml = ''] = page.blocks('yaml');
  const answer = page.blocks('json').find((block) => block.includes('SUCCESS')) ?? '';
  const settings = await authenticatorIn(yaml, 'service', { url: z.string() });
  const bodies: string[] = [];
  const service = createHttpServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const url = new URL(settings.url);
  url.port = String((service.address() as AddressInfo).port);
  const here = { ...settings, url: url.href };
  const running = authenticatorOf('service', here, needs);
  expect(await running.authenticator.check(attemptOf())).toMatchObject({
    outcome: 'allow',
    grant: {
      rules: [
        { permission: 'allow', action: 'publish', topic: 'plant/+/#' },
        { permission: 'allow', action: 'subscribe', topic: 'plant/+/set' },
      ],
    },
  });
  expect(bodies).toEqual(['{"clientId":"pump-7","username":"","password":""}']);
  await running.close();
  service.close();
});

test('probe and explanation say how the service is, without the password', async () => {
  const host = `127.0.0.1:${await freePort()}`;
  const running = authenticatorOf(
    'service',
    { type: 'http', url: `http://${host}/` } as { type: string },
    needs,
  );
  expect(await running.probe?.()).toEqual({ ok: false, problem: `ECONNREFUSED at ${host}` });
  const explained = await running.explain?.(attemptOf({ username: 'u', password: passwordOf('pa55') }));
  expect(explained).toMatchObject({
    answer: 'unreachable',
    params: ['clientid=pump-7', 'username=u', 'password=[secret]'],
  });
  expect(running.pool?.()).toMatchObject({ max: 32 });
  await running.close();
});

test('the outbound lists of the configuration and the server’s own ports hold for it', async () => {
  const ask = async (differs: Parameters<typeof needsOf>[0]) => {
    const special = needsOf(differs);
    const running = authenticatorOf(
      'service',
      { type: 'http', url: URL_OF_SERVICE } as { type: string },
      special.needs,
    );
    const verdict = await running.authenticator.check(attemptOf());
    await running.close();
    await special.close();
    return verdict;
  };
  expect(await ask({ outbound: { allow: [], deny: ['127.0.0.0/8'] } })).toMatchObject({
    outcome: 'error',
    reason: 'HTTP_UNREACHABLE',
    detail: { problem: expect.stringContaining('outbound.deny') as unknown },
  });
  expect(await ask({ ownPorts: () => [8090] })).toMatchObject({
    reason: 'HTTP_UNREACHABLE',
    detail: { problem: expect.stringContaining('own API or console') as unknown },
  });
});
