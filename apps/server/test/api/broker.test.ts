import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, fieldsOf, type Harness, type Headers, startHarness } from './support/harness.ts';

let house: Harness;
let operator: Headers;

beforeEach(async () => {
  house = await startHarness();
  operator = await house.key('operator');
});
afterEach(() => house.close());

const get = (url: string, headers: Headers = operator) =>
  house.send({ method: 'GET', url: `/api/v1${url}`, headers });
const remove = (url: string) => house.send({ method: 'DELETE', url: `/api/v1${url}`, headers: operator });
const publish = (payload: object) =>
  house.send({ method: 'POST', url: '/api/v1/publish', headers: operator, payload });

const actions = async () =>
  (await get('/audit', await house.key('admin')))
    .json<{ items: { action: string; target: { name: string } | null }[] }>()
    .items.filter(({ action }) => !/^(api-key|user|setup|session\.login)/.test(action))
    .map(({ action, target }) => [action, target?.name]);

describe('publishing', () => {
  it('is audited by topic and size, and never with its payload', async () => {
    const answer = await publish({ topic: 'a/b', payload: 'secret words', retain: true });
    expect([answer.statusCode, answer.json()]).toEqual([200, { receivers: 0 }]);
    const audit = (await get('/audit', await house.key('admin'))).body;
    expect(audit).toContain('message.publish');
    expect(audit).not.toContain('secret words');
  });

  it('names the field that is wrong', async () => {
    expect(fieldsOf(await publish({ topic: '$SYS/x' }))).toEqual(['topic']);
    expect(fieldsOf(await publish({ topic: 'a', payload: '%', encoding: 'base64' }))).toEqual(['payload']);
    expect(fieldsOf(await publish({ topic: 'a', properties: { responseTopic: '#' } }))).toEqual([
      'properties',
    ]);
  });

  it('needs its own scope', async () => {
    const headers = await house.key('viewer');
    const answer = await house.send({
      method: 'POST',
      url: '/api/v1/publish',
      headers,
      payload: { topic: 'a' },
    });
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'forbidden']);
    expect((await get('/retained', headers)).statusCode).toBe(403);
  });
});

describe('retained messages', () => {
  beforeEach(async () => {
    for (const topic of ['a/1', 'a/2', 'a/3', 'b']) {
      await publish({ topic, payload: 'AP8=', encoding: 'base64', retain: true });
    }
  });

  it('come in pages whose cursors lead on and back', async () => {
    const topics = async (query: string) => {
      const page = (await get(`/retained?filter=a/%2B&limit=2${query}`)).json<{
        items: { topic: string }[];
        next: string | null;
        prev: string | null;
        total: number;
      }>();
      return { ...page, items: page.items.map(({ topic }) => topic) };
    };
    const first = await topics('');
    expect(first).toMatchObject({ items: ['a/1', 'a/2'], prev: null, total: 3, totalIsExact: true });
    const second = await topics(`&cursor=${first.next ?? ''}`);
    expect(second).toMatchObject({ items: ['a/3'], next: null });
    expect((await topics(`&cursor=${second.prev ?? ''}`)).items).toEqual(['a/1', 'a/2']);
    const foreign = await get(`/retained?cursor=${first.next ?? ''}`);
    expect([foreign.statusCode, codeOf(foreign)]).toEqual([400, 'invalid-cursor']);
  });

  it('come in the order that was asked for, whose cursors fit no other', async () => {
    await publish({ topic: 'a/2', payload: 'longer', retain: true });
    const list = async (query: string) =>
      (await get(`/retained?${query}`)).json<{
        items: { topic: string; updatedAt: string }[];
        next: string;
      }>();
    const largest = await list('sort=-size&limit=1');
    expect(largest.items).toMatchObject([{ topic: 'a/2' }]);
    expect(Date.parse(largest.items[0]?.updatedAt ?? '')).toBeGreaterThan(0);
    const second = await list(`sort=-size&limit=1&cursor=${largest.next}`);
    expect(second.items).toMatchObject([{ topic: 'b' }]);
    const foreign = await get(`/retained?sort=-qos&cursor=${largest.next}`);
    expect([foreign.statusCode, codeOf(foreign)]).toEqual([400, 'invalid-cursor']);
    expect(fieldsOf(await get('/retained?sort=payload'))).toEqual(['sort']);
  });

  it('are shown byte for byte, and are gone once deleted', async () => {
    const message = await get('/retained/message?topic=a/1');
    expect(message.json()).toMatchObject({ payload: 'AP8=', truncated: false, publisher: '' });
    expect((await remove('/retained?topic=a/1')).json()).toEqual({ deleted: 1, complete: true });
    expect((await get('/retained/message?topic=a/1')).statusCode).toBe(404);
    expect((await remove('/retained?filter=a/%23')).json()).toMatchObject({ deleted: 2 });
    expect((await remove('/retained?topic=a/1')).statusCode).toBe(404);
    expect((await remove('/retained')).statusCode).toBe(400);
    expect(await actions()).toContainEqual(['retained.delete-many', 'a/#']);
  });
});

describe('sessions', () => {
  it('that do not exist are not found, not disconnected and not written down', async () => {
    for (const answer of [await get('/clients/a%2Fb'), await remove('/clients/a%2Fb?session=end')]) {
      expect([answer.statusCode, codeOf(answer)]).toEqual([404, 'not-found']);
    }
    expect((await get('/clients/nobody/subscriptions')).statusCode).toBe(404);
    expect(await actions()).toEqual([]);
    expect((await get('/clients?tls=true&sort=-queued')).json()).toMatchObject({ items: [], total: 0 });
    expect(fieldsOf(await get('/clients?ip=home'))).toEqual(['ip']);
    expect((await get('/clients?online=true&sort=-clientId')).json()).toMatchObject({ items: [], total: 0 });
    expect((await get('/subscriptions?topic=a')).json()).toMatchObject({ items: [] });
    expect((await get('/subscriptions?qos=2&sort=-topicFilter')).json()).toMatchObject({ items: [] });
    expect(fieldsOf(await get('/subscriptions?qos=3'))).toEqual(['qos']);
    expect(fieldsOf(await get('/subscriptions?sort=group'))).toEqual(['sort']);
  });

  it('of many are disconnected with one audit entry', async () => {
    const answer = await house.send({
      method: 'POST',
      url: '/api/v1/clients/disconnect',
      headers: operator,
      payload: { clientIds: ['a', 'b'], session: 'end' },
    });
    expect(answer.json()).toEqual({ affected: 0 });
    expect(await actions()).toEqual([['session.end-many', '2: a, b']]);
  });
});

it('limits tell value, default, unit and how often they were met', async () => {
  expect((await get('/limits')).json<{ items: unknown[] }>().items).toEqual([
    {
      name: 'queueMessagesMax',
      value: 500,
      default: 10_000,
      unit: 'count',
      text: 'Messages waiting for one session.',
      met: 2,
    },
    expect.objectContaining({ name: 'queueBytesMax', unit: 'bytes', met: 0 }),
  ]);
});
