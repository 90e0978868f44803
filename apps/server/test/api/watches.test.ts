import type { WatchDto, WatchReadDto } from '@gatehouse/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, type Harness, startHarness } from './support/harness.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());
afterEach(() => {
  for (const { id } of house.plane.watches.list()) house.plane.watches.stop(id);
});

const BASE = '/api/v1/unauthorized-clients/watches';
const start = (payload: object, headers = house.owner) =>
  house.send({ method: 'POST', url: BASE, headers, payload });
const started = async (payload: object): Promise<WatchDto> => (await start(payload)).json<WatchDto>();
const get = (path: string) => house.send({ method: 'GET', url: `${BASE}${path}`, headers: house.owner });
const stop = (id: string) => house.send({ method: 'DELETE', url: `${BASE}/${id}`, headers: house.owner });

const observe = (clientId: string, ip = '192.0.2.7') =>
  house.plane.watches.observe({
    at: 1_000,
    outcome: 'refused',
    reason: 'BASIC_PASSWORD_MISMATCH',
    ref: 'ref-1',
    clientId,
    username: 'pump',
    ip,
    port: 40_000,
    listener: 'tcp',
    protocol: 5,
    connect: Buffer.from('102a', 'hex'),
  });

describe('a watch', () => {
  it('is started, shows each attempt once, and is ended', async () => {
    const answer = await start({ clientId: 'pump-7' });
    expect(answer.statusCode).toBe(201);
    const { id, target, running } = answer.json<WatchDto>();
    expect({ target, running }).toEqual({ target: { kind: 'clientId', value: 'pump-7' }, running: true });
    observe('pump-7');
    observe('pump-7');
    observe('other');
    const read = (await get(`/${id}`)).json<WatchReadDto>();
    expect(read.watch.entries).toBe(2);
    expect(read.items[0]).toMatchObject({
      sequence: 1,
      at: '1970-01-01T00:00:01.000Z',
      outcome: 'refused',
      connectHex: '102a',
      connectBytes: 2,
    });
    expect((await get(`/${id}?after=1`)).json<WatchReadDto>().items).toHaveLength(1);
    expect((await get('')).json<{ items: WatchDto[] }>().items.map((one) => one.id)).toEqual([id]);
    expect((await stop(id)).statusCode).toBe(204);
    expect(codeOf(await stop(id))).toBe('not-found');
    expect(codeOf(await get(`/${id}`))).toBe('not-found');
  });

  it('of an address finds it in whatever form it was written', async () => {
    const { id } = await started({ ip: '2001:DB8:0:0::7' });
    observe('any', '2001:db8::7');
    expect((await get(`/${id}`)).json<WatchReadDto>().items).toHaveLength(1);
  });

  it('names one client ID or one address', async () => {
    for (const payload of [{}, { clientId: 'a', ip: '192.0.2.1' }, { ip: 'nowhere' }, { clientId: '' }]) {
      expect(codeOf(await start(payload))).toBe('invalid-input');
    }
  });

  it('is written down before it begins', async () => {
    await started({ clientId: 'noted' });
    const { items } = await house.store.audit.page(
      {},
      { limit: 1, sort: { field: 'at', direction: 'desc' } },
    );
    expect(items[0]).toMatchObject({ action: 'watch.start', target: { kind: 'clientId', name: 'noted' } });
  });

  it('is one of at most twenty', async () => {
    for (let i = 0; i < 20; i++) expect((await start({ clientId: `c${i}` })).statusCode).toBe(201);
    expect(codeOf(await start({ clientId: 'one-more' }))).toBe('too-many-requests');
  });
});
