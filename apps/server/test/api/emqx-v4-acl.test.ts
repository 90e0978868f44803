import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Harness, startHarness } from './support/harness.ts';

let house: Harness;
let authorization: string;
beforeEach(async () => {
  house = await startHarness();
  const { authorization: bearer } = await house.key('admin');
  authorization = `Basic ${Buffer.from(`any-app:${String(bearer).slice('Bearer '.length)}`).toString('base64')}`;
});
afterEach(() => house.close());

const send = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  payload?: object,
  headers: Record<string, string> = { authorization },
) =>
  house.send({ method, url: `/api/v4/acl${path}`, headers, ...(payload === undefined ? {} : { payload }) });
const data = async (path: string): Promise<unknown> =>
  (await send('GET', path)).json<{ data: unknown }>().data;

const ofClient = { clientid: 'emqx_c', topic: 'Topic/A', action: 'pub', access: 'allow' };
const ofUser = { username: 'emqx_u', topic: 'Topic/%u', action: 'sub', access: 'allow' };
const ofAll = { topic: 'Topic/+', action: 'pubsub', access: 'deny' };

it('adds one rule and answers it with its result, as EMQX 4.3 does', async () => {
  expect((await send('POST', '', ofClient)).json()).toEqual({ code: 0, data: { ...ofClient, result: 'ok' } });
  expect((await send('POST', '', ofAll)).json()).toEqual({
    code: 0,
    data: { all: '$all', ...ofAll, result: 'ok' },
  });
  expect(house.plane.events.at(-1)).toMatchObject({
    kind: 'access-changed',
    rules: [
      { phase: 'before', permission: 'deny', who: 'all', action: 'all', topics: ['Topic/+'] },
      { permission: 'allow', who: { clientId: 'emqx_c' }, action: 'publish', topics: ['Topic/A'] },
    ],
  });
});

it('adds an array, each item with its own result', async () => {
  const answer = await send('POST', '', [ofClient, { ...ofUser, action: 'both' }, ofAll]);
  expect(answer.json()).toMatchObject({
    code: 0,
    data: [
      { clientid: 'emqx_c', result: 'ok' },
      { username: 'emqx_u', result: '{error,action must be pub, sub or pubsub}' },
      { all: '$all', result: 'ok' },
    ],
  });
});

it.each([
  [{ ...ofClient, topic: '' }],
  [{ ...ofClient, topic: 'a/#/b' }],
  [{ ...ofClient, clientid: '' }],
  [{ ...ofClient, access: 'maybe' }],
  [{ topic: 'x' }],
])('%j is a bad parameter', async (body) => {
  const answer = await send('POST', '', body);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ code: 108 });
  expect(await house.store.accessRules.all()).toEqual([]);
});

it('lists by client ID, username and for all, with filters and pages', async () => {
  await send('POST', '', [ofClient, { ...ofClient, clientid: 'other' }, ofUser, ofAll]);
  expect((await send('GET', '/clientid?_limit=1')).json()).toMatchObject({
    data: [{ clientid: 'other' }],
    meta: { page: 1, limit: 1, count: 2, hasnext: true },
  });
  expect(await data('/clientid?_like_clientid=emqx')).toEqual([ofClient]);
  expect(await data('/clientid/emqx_c')).toEqual([ofClient]);
  expect(await data('/clientid?access=deny')).toEqual([]);
  expect(await data('/username')).toEqual([ofUser]);
  expect(await data('/username/nobody')).toEqual([]);
  expect(await data('/$all')).toEqual([{ all: '$all', ...ofAll }]);
});

it('replaces a rule of the same client, topic and action, and removes by topic, again and again', async () => {
  await send('POST', '', ofClient);
  await send('POST', '', { ...ofClient, access: 'deny' });
  expect(await data('/clientid')).toEqual([{ ...ofClient, access: 'deny' }]);
  const topic = encodeURIComponent('Topic/A');
  expect((await send('DELETE', `/clientid/emqx_c/topic/${topic}`)).json()).toEqual({ code: 0 });
  expect((await send('DELETE', `/clientid/emqx_c/topic/${topic}`)).json()).toEqual({ code: 0 });
  await send('POST', '', ofAll);
  await send('DELETE', `/$all/topic/${encodeURIComponent('Topic/+')}`);
  expect(await house.store.accessRules.all()).toEqual([]);
});

it('rules that say more than EMQX can are neither listed nor removed, and stay in front', async () => {
  await house.send({
    method: 'POST',
    url: '/api/v1/acl-rules',
    headers: house.owner,
    payload: { permission: 'deny', who: { ip: '10.0.0.0/8' }, topics: ['Topic/A'] },
  });
  await send('POST', '', ofClient);
  expect(await data('/$all')).toEqual([]);
  expect(await house.store.accessRules.all()).toMatchObject([
    { permission: 'deny' },
    { permission: 'allow' },
  ]);
});

it('needs the scope, and is for no browser', async () => {
  const { authorization: viewer = '' } = await house.key('viewer');
  expect((await send('POST', '', ofClient, { authorization: viewer })).statusCode).toBe(403);
  expect((await send('GET', '/clientid', undefined, { authorization: viewer })).statusCode).toBe(200);
  expect((await send('GET', '/$all', undefined, { authorization, origin: 'http://evil' })).statusCode).toBe(
    403,
  );
  expect((await send('GET', '/$all', undefined, {})).statusCode).toBe(401);
});
