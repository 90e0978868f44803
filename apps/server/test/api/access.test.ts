import { type Endpoint, ENDPOINTS, ROLE_SCOPES, type Role } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, type Harness, type Headers, startHarness } from './support/harness.ts';

let house: Harness;
const headersOf: Partial<Record<Role, Headers>> = {};
beforeAll(async () => {
  house = await startHarness();
  headersOf.owner = house.owner;
  for (const role of ['admin', 'operator', 'viewer'] as const) headersOf[role] = await house.key(role);
});
afterAll(() => house.close());

/** Signing out would end the owner's session half-way; the stream never ends. Both have tests of their own. */
const APART = new Set(['logout', 'streamUnauthorizedClients']);
const CALLS = Object.entries<Endpoint>(ENDPOINTS).filter(([id]) => !APART.has(id));
const ROLES = ['owner', 'admin', 'operator', 'viewer'] as const;

const call = (endpoint: Endpoint, headers: Headers) =>
  house.send({
    method: endpoint.method,
    url: endpoint.path.replace(':id', 'no-such-id'),
    headers: { ...headers, ...(endpoint.body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(endpoint.body === undefined ? {} : { payload: '{"not":"a body of any call"}' }),
  });

const mayCall = (role: Role, { access }: Endpoint): boolean => {
  if (access === 'public' || access === 'signed-in') return true;
  // Of these the owner alone is a person here: the others are keys.
  if (access === 'person') return role === 'owner';
  return access !== 'local' && ROLE_SCOPES[role].includes(access);
};

describe('every call of the contract', () => {
  it.each(CALLS)('%s is refused without a key unless it is public', async (_id, endpoint) => {
    const response = await call(endpoint, {});
    if (endpoint.access === 'public') expect(response.statusCode).not.toBe(401);
    else expect([response.statusCode, codeOf(response)]).toEqual([401, 'unauthenticated']);
  });

  it.each(CALLS.flatMap(([id, endpoint]) => ROLES.map((role) => [id, role, endpoint] as const)))(
    '%s answers the role %s as its scopes say',
    async (_id, role, endpoint) => {
      const response = await call(endpoint, headersOf[role] ?? {});
      if (mayCall(role, endpoint)) expect([401, 403]).not.toContain(response.statusCode);
      else expect([response.statusCode, codeOf(response)]).toEqual([403, 'forbidden']);
      expect(response.statusCode).toBeLessThan(500);
    },
  );

  it('is in the OpenAPI document under its operation id, and nothing else is', async () => {
    const document = (await house.send({ method: 'GET', url: '/api/openapi.json' })).json<{
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    }>();
    expect(document.openapi).toBe('3.1.0');
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map((one) => one.operationId),
    );
    expect(ids.sort()).toEqual(Object.keys(ENDPOINTS).sort());
  });
});

describe('an API key', () => {
  it('is narrowed to its own scopes', async () => {
    const headers = await house.key('admin', ['stats:read']);
    expect((await house.send({ method: 'GET', url: '/api/v1/stats', headers })).statusCode).toBe(200);
    expect((await house.send({ method: 'GET', url: '/api/v1/audit', headers })).statusCode).toBe(403);
  });

  it('that is unknown is refused, also beside a good cookie', async () => {
    const headers = { ...house.owner, authorization: 'Bearer gh_unknown' };
    expect((await house.send({ method: 'GET', url: '/api/v1/session', headers })).statusCode).toBe(401);
  });

  it('cannot be made to do more than its maker may', async () => {
    const headers = await house.key('admin', ['api-keys:read', 'api-keys:write']);
    const payload = { name: 'wider', role: 'operator' };
    const response = await house.send({ method: 'POST', url: '/api/v1/api-keys', headers, payload });
    expect([response.statusCode, codeOf(response)]).toEqual([403, 'forbidden']);
  });

  it('ends at its expiry and when it is revoked', async () => {
    const expiresAt = new Date(house.clock.now() + 60_000).toISOString();
    const make = async (name: string, more: object = {}) =>
      (
        await house.send({
          method: 'POST',
          url: '/api/v1/api-keys',
          headers: house.owner,
          payload: { name, role: 'viewer', ...more },
        })
      ).json<{ id: string; key: string }>();
    const status = async (key: string) =>
      (
        await house.send({
          method: 'GET',
          url: '/api/v1/session',
          headers: { authorization: `Bearer ${key}` },
        })
      ).statusCode;
    const short = await make('short', { expiresAt });
    expect(await status(short.key)).toBe(200);
    house.clock.advance(60_000);
    expect(await status(short.key)).toBe(401);
    const revoked = await make('revoked');
    await house.send({ method: 'DELETE', url: `/api/v1/api-keys/${revoked.id}`, headers: house.owner });
    expect(await status(revoked.key)).toBe(401);
  });
});
