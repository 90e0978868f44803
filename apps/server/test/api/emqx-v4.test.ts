import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './support/harness.ts';

let house: Harness;
let authorization: string;
beforeEach(async () => {
  house = await startHarness();
  const { authorization: bearer } = await house.key('operator');
  authorization = `Basic ${Buffer.from(`any-app:${String(bearer).slice('Bearer '.length)}`).toString('base64')}`;
});
afterEach(() => house.close());

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const send = (
  method: Method,
  path: string,
  payload?: object,
  headers: Record<string, string> = { authorization },
) => house.send({ method, url: `/api/v4${path}`, headers, ...(payload === undefined ? {} : { payload }) });

describe.each(['username', 'clientid'] as const)('auth_%s', (kind) => {
  const add = (name: string, password = 'public-7') =>
    send('POST', `/auth_${kind}`, { [kind]: name, password });

  it('adds one, and says of the next of this name that it existed', async () => {
    expect((await add('emqx_1')).json()).toEqual({ code: 0 });
    const again = await add('emqx_1');
    expect(again.statusCode).toBe(200);
    expect(again.json()).toMatchObject({ message: 'existed' });
    expect(again.json<{ code: number }>().code).not.toBe(0);
    const [credential] = (
      await house.store.credentials.page(
        {},
        {
          limit: 10,
          sort: { field: 'name', direction: 'asc' },
        },
      )
    ).items;
    expect(credential).toMatchObject(
      kind === 'username' ? { username: 'emqx_1', clientId: null } : { username: null, clientId: 'emqx_1' },
    );
  });

  it('adds an array and says of each how it went', async () => {
    await add('a1');
    const response = await send('POST', `/auth_${kind}`, [
      { [kind]: 'a1', password: 'public-7' },
      { [kind]: 'a2', password: 'public-7' },
    ]);
    expect(response.json()).toEqual({ code: 0, data: { a1: '{error,existed}', a2: 'ok' } });
  });

  it('tells one without its password, and nothing of one that is not there', async () => {
    await add('emqx_1');
    const one = await send('GET', `/auth_${kind}/emqx_1`);
    expect(one.json()).toEqual({ code: 0, data: { [kind]: 'emqx_1', created_at: house.clock.now() } });
    expect((await send('GET', `/auth_${kind}/ghost`)).json()).toEqual({ code: 0, data: {} });
  });

  it('lists by pages, exactly by name and by a part of it', async () => {
    for (const name of ['pump-1', 'pump-2', 'valve-1']) await add(name);
    const page = await send('GET', `/auth_${kind}?_page=1&_limit=2`);
    expect(page.json()).toMatchObject({ code: 0, meta: { page: 1, limit: 2, count: 3, hasnext: true } });
    expect(page.json<{ data: unknown[] }>().data).toHaveLength(2);
    const like = await send('GET', `/auth_${kind}?_like_${kind}=pump`);
    expect(like.json()).toMatchObject({ meta: { count: 2, hasnext: false } });
    const exact = await send('GET', `/auth_${kind}?${kind}=valve-1`);
    expect(exact.json<{ data: object[] }>().data).toMatchObject([{ [kind]: 'valve-1' }]);
  });

  it('sets a password, which ends the sessions of the one before, and says when there is nobody', async () => {
    await add('emqx_1');
    expect((await send('PUT', `/auth_${kind}/emqx_1`, { password: 'another-9' })).json()).toEqual({
      code: 0,
    });
    expect(house.plane.events.findLast(({ kind }) => kind === 'credentials-changed')).toMatchObject({
      changes: [{ disconnect: true }],
    });
    expect((await send('PUT', `/auth_${kind}/ghost`, { password: 'another-9' })).json()).toMatchObject({
      message: 'noexisted',
    });
  });

  it('deletes, also what is not there', async () => {
    await add('emqx_1');
    expect((await send('DELETE', `/auth_${kind}/emqx_1`)).json()).toEqual({ code: 0 });
    expect((await send('DELETE', `/auth_${kind}/emqx_1`)).json()).toEqual({ code: 0 });
    expect(await house.store.credentials.count()).toBe(0);
  });

  it.each([
    {},
    { password: 'public-7' },
    { [kind]: '', password: 'public-7' },
    { [kind]: 'x' },
    { [kind]: 7, password: 'p' },
  ])('refuses %j in words', async (body) => {
    const answer = await send('POST', `/auth_${kind}`, body);
    expect(answer.json<{ code: number }>().code).not.toBe(0);
    expect(await house.store.credentials.count()).toBe(0);
  });
});

describe('who may', () => {
  it('comes with an API key as the secret; another one gets 401 without a challenge', async () => {
    const wrong = { authorization: `Basic ${Buffer.from('admin:public').toString('base64')}` };
    for (const headers of [{}, wrong]) {
      const response = await send('GET', '/auth_username', undefined, headers);
      expect(response.statusCode).toBe(401);
      expect(response.headers).not.toHaveProperty('www-authenticate');
    }
  });

  it('is bound by the key’s role', async () => {
    const { authorization: bearer } = await house.key('viewer');
    const basic = {
      authorization: `Basic ${Buffer.from(`a:${String(bearer).slice(7)}`).toString('base64')}`,
    };
    expect((await send('GET', '/auth_username', undefined, basic)).statusCode).toBe(200);
    expect(
      (await send('POST', '/auth_username', { username: 'x', password: 'public-7' }, basic)).statusCode,
    ).toBe(403);
  });

  it('is no page of a browser', async () => {
    const response = await send('GET', '/auth_username', undefined, {
      authorization,
      origin: 'http://127.0.0.1:3000',
    });
    expect(response.statusCode).toBe(403);
  });

  it('elsewhere Basic auth is none', async () => {
    const response = await house.send({
      method: 'GET',
      url: '/api/v1/credentials',
      headers: { authorization },
    });
    expect(response.statusCode).toBe(401);
  });
});
