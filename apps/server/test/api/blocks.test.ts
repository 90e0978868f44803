import type { BlockDto, BlockPreviewDto } from '@gatehouse/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, fieldsOf, type Harness, startHarness } from './support/harness.ts';
import { refuse } from './support/refused.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());
afterEach(() => {
  house.plane.events.length = 0;
});

const BASE = '/api/v1/blocked-clients';
type Headers = Readonly<Record<string, string>>;
const send = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  headers: Headers = {},
) =>
  house.send({
    method,
    url,
    headers: { ...house.owner, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
const block = async (kind: string, value: string, more: object = {}): Promise<BlockDto> =>
  (await send('POST', BASE, { kind, value, ...more })).json<BlockDto>();
const lastAudit = async () => {
  const page = await house.store.audit.page({}, { limit: 1, sort: { field: 'at', direction: 'desc' } });
  return page.items[0];
};
const iso = (afterMs: number): string => new Date(house.clock.now() + afterMs).toISOString();

describe('blocking', () => {
  it('stores the value in its one form with who made it, tells the data plane after the commit, and is audited', async () => {
    const made = await send('POST', BASE, { kind: 'cidr', value: ' 10.1.2.3/8', comment: 'scanner' });
    expect(made.statusCode).toBe(201);
    expect(made.headers['etag']).toBe('"1"');
    const { id, ...rest } = made.json<BlockDto>();
    expect(rest).toMatchObject({
      kind: 'cidr',
      value: '10.0.0.0/8',
      comment: 'scanner',
      expiresAt: null,
      expired: false,
      hits: 0,
      lastHitAt: null,
    });
    expect(rest.createdBy).not.toBe('');
    expect(house.plane.events).toEqual([
      {
        kind: 'blocks-changed',
        put: [{ id, kind: 'cidr', value: '10.0.0.0/8', expiresAt: null }],
        removed: [],
      },
    ]);
    expect(await lastAudit()).toMatchObject({
      action: 'block.create',
      target: { kind: 'block', id, name: '10.0.0.0/8' },
      after: { kind: 'cidr', comment: 'scanner' },
    });
  });

  it.each([
    ['ip', 'somewhere', 'value'],
    ['cidr', '10.0.0.0/64', 'value'],
    ['fingerprint', 'abc', 'value'],
    ['pattern', '(a)\\1', 'value'],
    ['pattern', '((a{100}){100}){100}', 'value'],
    ['clientId', '', 'value'],
    ['colour', 'red', 'kind'],
  ])('refuses the %s %j by its field, and changes nothing', async (kind, value, field) => {
    const refused = await send('POST', BASE, { kind, value });
    expect(refused.statusCode).toBe(400);
    expect(fieldsOf(refused)).toContain(field);
    expect(house.plane.events).toEqual([]);
  });

  it('refuses an end that has passed', async () => {
    const refused = await send('POST', BASE, { kind: 'clientId', value: 'late', expiresAt: iso(0) });
    expect([refused.statusCode, fieldsOf(refused)]).toEqual([400, ['expiresAt']]);
  });

  it('is a conflict for what is blocked already, however it is written', async () => {
    await block('ip', '2001:db8::1');
    const again = await send('POST', BASE, { kind: 'ip', value: '2001:DB8:0:0::1' });
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'conflict']);
  });

  it('takes the place of a block that has ended, and tells both', async () => {
    const first = await block('username', 'back', { expiresAt: iso(60_000) });
    house.clock.advance(60_000);
    house.plane.events.length = 0;
    const again = await block('username', 'back');
    expect(house.plane.events).toMatchObject([
      { kind: 'blocks-changed', put: [{ id: again.id }], removed: [first.id] },
    ]);
  });

  it('is made once for one idempotency key', async () => {
    const body = { kind: 'clientId', value: 'once' };
    const headers = { 'idempotency-key': 'k1' };
    const first = await send('POST', BASE, body, headers);
    const second = await send('POST', BASE, body, headers);
    expect(second.json<BlockDto>().id).toBe(first.json<BlockDto>().id);
    expect(house.plane.events).toHaveLength(1);
  });
});

describe('changing and removing', () => {
  it('changes end and comment, audited and told; If-Match guards against a lost update', async () => {
    const { id } = await block('clientId', 'changed');
    house.plane.events.length = 0;
    const url = `${BASE}/${id}`;
    const expiresAt = iso(3_600_000);
    const changed = await send('PATCH', url, { expiresAt, comment: 'until noon' }, { 'if-match': '"1"' });
    expect(changed.json<BlockDto>()).toMatchObject({ version: 2, expiresAt, comment: 'until noon' });
    expect(house.plane.events).toMatchObject([{ put: [{ id, expiresAt: Date.parse(expiresAt) }] }]);
    expect(await lastAudit()).toMatchObject({ action: 'block.update', before: { comment: '' } });
    const late = await send('PATCH', url, { comment: 'no' }, { 'if-match': '"1"' });
    expect([late.statusCode, codeOf(late)]).toEqual([412, 'precondition-failed']);
    const target = await send('PATCH', url, { value: 'other' });
    expect(target.statusCode).toBe(400);
  });

  it('a removed block is told, audited and gone', async () => {
    const { id } = await block('clientId', 'removed');
    house.plane.events.length = 0;
    expect((await send('DELETE', `${BASE}/${id}`)).statusCode).toBe(204);
    expect(house.plane.events).toEqual([{ kind: 'blocks-changed', put: [], removed: [id] }]);
    expect(await lastAudit()).toMatchObject({ action: 'block.delete', before: { value: 'removed' } });
    for (const method of ['GET', 'DELETE', 'PATCH'] as const) {
      const answer = await send(method, `${BASE}/${id}`, method === 'PATCH' ? {} : undefined);
      expect(answer.statusCode).toBe(404);
    }
  });
});

describe('reading', () => {
  it('lists by kind and search, sorted, in pages', async () => {
    for (const value of ['list-b', 'list-a', 'list-c']) await block('username', value);
    const url = `${BASE}?kind=username&search=list-&sort=value&limit=2`;
    const first = (await send('GET', url)).json<{ items: BlockDto[]; next: string; total: number }>();
    expect([first.items.map(({ value }) => value), first.total]).toEqual([['list-a', 'list-b'], 3]);
    const next = (await send('GET', `${url}&cursor=${first.next}`)).json<{ items: BlockDto[] }>();
    expect(next.items.map(({ value }) => value)).toEqual(['list-c']);
    const other = await send('GET', `${BASE}?cursor=${first.next}`);
    expect(codeOf(other)).toBe('invalid-cursor');
  });

  it('a viewer reads and may not block, preview, change or remove', async () => {
    const { id } = await block('clientId', 'seen');
    const viewer = await house.key('viewer');
    const as = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
      house.send({ method, url, headers: viewer, ...(payload === undefined ? {} : { payload }) });
    expect((await as('GET', BASE)).statusCode).toBe(200);
    const target = { kind: 'clientId', value: 'x' };
    expect((await as('POST', BASE, target)).statusCode).toBe(403);
    expect((await as('POST', `${BASE}/preview`, target)).statusCode).toBe(403);
    expect((await as('PATCH', `${BASE}/${id}`, {})).statusCode).toBe(403);
    expect((await as('DELETE', `${BASE}/${id}`)).statusCode).toBe(403);
  });
});

describe('a preview', () => {
  const preview = async (kind: string, value: string): Promise<BlockPreviewDto> =>
    (await send('POST', `${BASE}/preview`, { kind, value })).json<BlockPreviewDto>();

  it('counts the clients refused within a day that such a block fits, and does nothing', async () => {
    await refuse(house, { clientId: 'seen-1', username: 'eve', ip: '198.51.100.1' });
    await refuse(house, { clientId: 'seen-2', username: 'eve', ip: '198.51.100.2' });
    house.plane.events.length = 0;
    const counted = async (kind: string, value: string) => (await preview(kind, value)).refusedClients;
    expect(await counted('clientId', 'seen-1')).toEqual({ count: 1, countIsExact: true });
    expect(await counted('username', 'eve')).toEqual({ count: 2, countIsExact: true });
    expect(await counted('ip', '198.51.100.2')).toEqual({ count: 1, countIsExact: true });
    expect(await counted('cidr', '198.51.100.0/24')).toEqual({ count: 2, countIsExact: true });
    expect(await counted('pattern', 'seen-\\d')).toEqual({ count: 2, countIsExact: true });
    expect(await counted('fingerprint', 'ab'.repeat(32))).toBeNull();
    expect(house.plane.events).toEqual([]);
    expect((await send('GET', `${BASE}?search=seen-1`)).json<{ total: number }>().total).toBe(0);
  });

  it('tells the block that is in force for exactly this already', async () => {
    const made = await block('clientId', 'there-already');
    expect((await preview('clientId', 'there-already')).existing?.id).toBe(made.id);
    expect((await preview('clientId', 'not-there')).existing).toBeNull();
  });

  it('reads the value as the block would', async () => {
    expect((await preview('cidr', '10.9.9.9/8')).value).toBe('10.0.0.0/8');
    const refused = await send('POST', `${BASE}/preview`, { kind: 'ip', value: 'x' });
    expect(fieldsOf(refused)).toEqual(['value']);
  });

  it('leaves out who was refused longer ago', async () => {
    await refuse(house, { clientId: 'long-ago', at: house.clock.now() - 86_400_001 });
    expect((await preview('clientId', 'long-ago')).refusedClients).toEqual({ count: 0, countIsExact: true });
  });
});
