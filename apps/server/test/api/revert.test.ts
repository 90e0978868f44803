import type {
  AnonymousDto,
  AuthenticatorDto,
  ChainDto,
  RevertPreviewDto,
  UnauthorizedClientDetailDto,
} from '@gatehouse/contract';
import type { AuthSetup } from '@gatehouse/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, type Harness, startHarness } from './support/harness.ts';
import { refuse } from './support/refused.ts';

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

const send = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, payload?: object, more = {}) =>
  house.send({
    method,
    url: `/api/v1${path}`,
    headers: { ...house.owner, ...more },
    ...(payload === undefined ? {} : { payload }),
  });
const inForce = (): AuthSetup => {
  const event = house.plane.events.findLast(({ kind }) => kind === 'auth-changed');
  if (event?.kind !== 'auth-changed') throw new Error('nothing was announced');
  return event.setup;
};

describe('a revert', () => {
  it('brings a chain back to what the last change replaced, in force at once, and is reverted the same way', async () => {
    expect(codeOf(await send('POST', '/chains/default/revert'))).toBe('conflict');
    const put = (await send('PUT', '/chains/default', { steps: [] })).json<ChainDto>();
    expect(put.previous).toEqual(['builtin']);
    const back = await send('POST', '/chains/default/revert');
    expect(back.json<ChainDto>()).toMatchObject({ steps: ['builtin'], previous: [], version: 2 });
    expect(inForce().chains['default']).toEqual(['builtin']);
    expect((await send('POST', '/chains/default/revert')).json<ChainDto>().steps).toEqual([]);
    expect((await send('GET', '/audit')).body).toContain('chain.revert');
  });

  it('brings an authenticator back with its secret, which no answer and no audit shows', async () => {
    await send('POST', '/authenticators', { name: 'db', settings: MYSQL });
    await send('PATCH', '/authenticators/db', {
      settings: { ...MYSQL, password: 'another-9', database: 'x' },
    });
    expect(inForce().authenticators['db']).toMatchObject({ password: 'another-9' });
    const back = await send('POST', '/authenticators/db/revert');
    expect(back.json<AuthenticatorDto>()).toMatchObject({ version: 3, revertible: true });
    expect(inForce().authenticators['db']).toEqual(MYSQL);
    for (const body of [back.body, (await send('GET', '/audit')).body]) {
      expect(body).not.toContain(SECRET);
      expect(body).not.toContain('another-9');
    }
  });

  it('brings the anonymous policy back', async () => {
    await send('PUT', '/anonymous', { policy: 'allow' });
    expect((await send('POST', '/anonymous/revert')).json<AnonymousDto>()).toMatchObject({
      policy: 'deny',
      previous: 'allow',
    });
  });

  it('tells beforehand what comes back, field by field, and whose change it undoes; of secrets only that they change', async () => {
    await send('POST', '/authenticators', { name: 'db', settings: { ...MYSQL, tls: { server_name: 'db' } } });
    await send('PATCH', '/authenticators/db', {
      settings: { ...MYSQL, password: 'another-9', database: 'x', pool_size: 3 },
    });
    const shown = await send('GET', '/authenticators/db/revert');
    const { version, change, fields } = shown.json<RevertPreviewDto>();
    expect(version).toBe(2);
    expect(change).toMatchObject({ action: 'authenticator.update', by: 'Ada Owner' });
    expect(fields).toEqual([
      { path: 'database', now: 'x', back: 'mqtt', secret: null },
      { path: 'pool_size', now: 3, back: null, secret: null },
      { path: 'tls.server_name', now: null, back: 'db', secret: null },
      { path: 'password', now: null, back: null, secret: 'other' },
    ]);
    for (const secret of [SECRET, 'another-9']) expect(shown.body).not.toContain(secret);
    await send('PUT', '/chains/default', { steps: [] });
    expect((await send('GET', '/chains/default/revert')).json<RevertPreviewDto>().fields).toEqual([
      { path: 'steps', now: [], back: ['builtin'], secret: null },
    ]);
    expect(codeOf(await send('GET', '/anonymous/revert'))).toBe('not-found');
    const viewer = await house.key('viewer');
    const url = '/api/v1/chains/default/revert';
    expect((await house.send({ method: 'GET', url, headers: viewer })).statusCode).toBe(403);
  });

  it('is refused where somebody was first, and to who may not configure', async () => {
    await send('PUT', '/chains/default', { steps: [] });
    const late = await send('POST', '/chains/default/revert', undefined, { 'if-match': '"0"' });
    expect(late.statusCode).toBe(412);
    const operator = await house.key('operator');
    const url = '/api/v1/chains/default/revert';
    expect((await house.send({ method: 'POST', url, headers: operator })).statusCode).toBe(403);
  });
});

describe('refusals that began with a change of who decides', () => {
  const detailOf = async (): Promise<UnauthorizedClientDetailDto> => {
    const [id = ''] = await refuse(house, { reason: 'CHAIN_EXHAUSTED', listener: 'tcp' });
    return (await send('GET', `/unauthorized-clients/${id}`)).json<UnauthorizedClientDetailDto>();
  };

  it('are joined to it, with the button that reverts it', async () => {
    await send('PUT', '/chains/default', { steps: [] });
    house.clock.advance(60_000);
    const { precededBy, likelyCause, fixes } = await detailOf();
    expect(precededBy).toMatchObject({ action: 'chain.update', target: 'default' });
    expect(likelyCause).toContainEqual(
      expect.objectContaining({ key: 'preceded-by', standing: 'inference' }),
    );
    expect(fixes[0]).toMatchObject({
      action: 'revert-change',
      primary: true,
      available: true,
      prefill: { kind: 'chain', name: 'default' },
    });
  });

  it('have no such button once somebody has changed it again, nor after a quarter of an hour', async () => {
    await send('PUT', '/chains/default', { steps: [] });
    house.clock.advance(60_000);
    const [id = ''] = await refuse(house, { reason: 'CHAIN_EXHAUSTED', listener: 'tcp' });
    house.clock.advance(60_000);
    await send('PUT', '/chains/default', { steps: ['builtin'] });
    const { fixes } = (await send('GET', `/unauthorized-clients/${id}`)).json<UnauthorizedClientDetailDto>();
    expect(fixes.map(({ action }) => action)).not.toContain('revert-change');
    house.clock.advance(16 * 60_000);
    const [later = ''] = await refuse(house, {
      clientId: 'later',
      reason: 'CHAIN_EXHAUSTED',
      listener: 'tcp',
    });
    const detail = (await send('GET', `/unauthorized-clients/${later}`)).json<UnauthorizedClientDetailDto>();
    expect(detail.precededBy).toBeNull();
  });
});
