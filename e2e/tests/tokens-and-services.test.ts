import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mqttJs, paho } from '../support/clients.ts';
import { SERVICE_SETTINGS } from '../support/http-service.ts';
import { startServer, type Server } from '../support/server.ts';
import { hs256, nowSeconds, TOKEN_SETTINGS } from '../support/tokens.ts';

/** Seconds for which the token of a session lives: long enough to connect with it. */
const LIFE_SECONDS = 3;

describe('tokens', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ set: TOKEN_SETTINGS });
  });
  afterAll(() => server.stop());

  test('a good token lets in, and the session ends when the token does', async () => {
    const exp = nowSeconds() + LIFE_SECONDS;
    const password = hs256({ sub: 'pump-7', exp });
    const { code, client } = await mqttJs(`mqtt://127.0.0.1:${server.ports.tcp}`, {
      clientId: 'pump-7',
      username: 'pump-7',
      password,
      protocolVersion: 5,
    });
    expect(code).toBe(0);
    await new Promise<void>((resolve) => {
      client.once('close', () => {
        resolve();
      });
    });
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
    expect(server.output()).not.toContain(password);
  });

  test('the acl claim is the client’s rules', async () => {
    const password = hs256({ sub: 'pump-8', acl: { pub: ['devices/%c/#'] } });
    const { client } = await mqttJs(`mqtt://127.0.0.1:${server.ports.tcp}`, {
      clientId: 'pump-8',
      username: 'pump-8',
      password,
      protocolVersion: 5,
    });
    await client.publishAsync('devices/pump-8/up', 'in', { qos: 1 });
    await expect(client.publishAsync('devices/pump-7/up', 'out', { qos: 1 })).rejects.toMatchObject({
      code: 0x87,
    });
    await client.endAsync();
  });
});

describe('a service over HTTP', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ set: SERVICE_SETTINGS });
  });
  afterAll(() => server.stop());

  test('whom it admits is in', async () => {
    expect(await paho(server.ports.tcp, { clientId: 'good', username: 'good', password: 'any' })).toBe(0);
  });

  test('gatehouse try says what the service answered', async () => {
    const told = await server.cli(['try', '--client-id', 'denied', '--username', 'u', '--json']);
    expect(told.stdout).toContain('HTTP_DENIED');
    expect(told.stdout).toContain('403');
  });
});
