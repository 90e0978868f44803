import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type RedisServer } from '../../packages/connectors/test/support/redis-servers.ts';
import { Api } from '../support/api.ts';
import { paho } from '../support/clients.ts';
import { deadPort } from '../support/emqx-backends.ts';
import { startServer, type Server } from '../support/server.ts';
import { rs256 } from '../support/tokens.ts';
import { until } from '../support/until.ts';

/** What MQTT 3.1.1 has for it. */
const SERVER_UNAVAILABLE = 3;

describe('a start while every backend is down', () => {
  let dead: number;
  let server: Server;
  let api: Api;
  let redis: RedisServer | undefined;

  beforeAll(async () => {
    dead = await deadPort();
    const at = `127.0.0.1:${String(dead)}`;
    const url = `http://${at}/`;
    const authenticators: Readonly<Record<string, object>> = {
      tables: { type: 'mysql', server: at, username: 'gatehouse', password: 'backend-secret' },
      rows: { type: 'postgresql', server: at, username: 'gatehouse', password: 'backend-secret' },
      keys: { type: 'redis', servers: [at], password_hash: 'plain' },
      documents: { type: 'mongodb', servers: [at] },
      directory: { type: 'ldap', servers: [at], base_dn: 'dc=example,dc=org', filter: '(uid=${username})' },
      service: { type: 'http', url },
    };
    const names = Object.keys(authenticators);
    server = await startServer({
      set: [
        ...Object.entries(authenticators).map(
          ([name, settings]) =>
            `auth.authenticators.${name}=${JSON.stringify({
              ...settings,
              on_error: 'ignore',
              breaker_failures: 0,
            })}`,
        ),
        `auth.authenticators.tokens=${JSON.stringify({ type: 'jwt', jwks_url: url, on_error: 'ignore' })}`,
        `auth.chains.default=[builtin, ${[...names, 'tokens'].join(', ')}]`,
      ],
    });
    api = new Api(server);
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await redis?.stop();
  });

  test('is a start: who has a credential in the store comes in', async () => {
    const { secret } = await api.createCredential({ type: 'basic', username: 'known' });
    const code = await paho(server.ports.tcp, {
      clientId: 'known',
      username: 'known',
      password: secret ?? '',
    });
    expect(code).toBe(0);
  });

  test('whom only a backend could know is told to come later, and the trace says which could not be asked', async () => {
    const code = await paho(server.ports.tcp, { clientId: 'c', username: 'device-1', password: rs256({}) });
    expect(code).toBe(SERVER_UNAVAILABLE);
    const row = await api.row('clientId=c');
    const { trace } = await api.detail(row.id);
    expect(trace?.map(({ authenticator, outcome, reason }) => [authenticator, outcome, reason])).toEqual([
      ['builtin', 'ignore', 'BASIC_NO_CREDENTIALS'],
      ['tables', 'error', 'SOURCE_UNREACHABLE'],
      ['rows', 'error', 'SOURCE_UNREACHABLE'],
      ['keys', 'error', 'SOURCE_UNREACHABLE'],
      ['documents', 'error', 'SOURCE_UNREACHABLE'],
      ['directory', 'error', 'LDAP_UNREACHABLE'],
      ['service', 'error', 'HTTP_UNREACHABLE'],
      ['tokens', 'error', 'JWT_JWKS_UNAVAILABLE'],
    ]);
  });

  test('a backend that comes later is asked without a restart', async () => {
    redis = await startRedis(dead);
    await redis.admin.hset('mqtt_user:device-1', 'password', 'public');
    const device = { clientId: 'c', username: 'device-1', password: 'public' };
    await until('the device is in', async () =>
      (await paho(server.ports.tcp, device)) === 0 ? true : undefined,
    );
  });
});
