import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import type { StreamEvent } from '@gatehouse/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type Harness,
  type Headers,
  ORIGIN,
  OWNER,
  startHarness,
  browserHeaders,
} from './support/harness.ts';
import { refuse } from './support/refused.ts';
import { connectStream, type Stream } from './support/stream.ts';

let house: Harness;
let port: number;
const open = new Set<IncomingMessage>();
beforeAll(async () => {
  house = await startHarness();
  await house.api.app.listen({ port: 0, host: '127.0.0.1' });
  port = (house.api.app.server.address() as AddressInfo).port;
});
afterEach(() => {
  for (const response of open) response.destroy();
  open.clear();
});
afterAll(() => house.close());

const connect = (query = '', headers: Headers = house.owner): Promise<Stream> =>
  connectStream({ port, query, headers, open });

describe('the live stream', () => {
  it('tells a refused client on the next tick, whole', async () => {
    const stream = await connect();
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await refuse(house, { clientId: 'live-1' });
    house.clock.advance(250);
    expect(await stream.next()).toMatchObject({
      kind: 'rows',
      upserted: [{ clientId: 'live-1' }],
      newRows: 1,
      more: 0,
    });
  });

  it('sends at most four events a second however much happens, with the latest state of each row', async () => {
    const stream = await connect();
    for (let i = 0; i < 40; i++) {
      await refuse(house, { clientId: 'busy', attempts: 1 }, { clientId: `storm-${String(i)}` });
      house.clock.advance(25);
    }
    house.clock.advance(250);
    await refuse(house, { clientId: 'end-mark' });
    house.clock.advance(250);
    const seen: StreamEvent[] = [];
    do seen.push(await stream.next());
    while (!JSON.stringify(seen.at(-1)).includes('end-mark'));
    expect(seen.length).toBeLessThanOrEqual(6);
    const last = seen
      .flatMap((event) => (event.kind === 'rows' ? event.upserted : []))
      .filter((row) => row.clientId === 'busy')
      .at(-1);
    expect(last?.attempts).toBe(40);
  });

  it('names fifty rows of a flood and counts the others', async () => {
    const stream = await connect();
    await refuse(house, ...Array.from({ length: 120 }, (_, i) => ({ clientId: `flood-${String(i)}` })));
    house.clock.advance(250);
    const event = await stream.next();
    expect(event).toMatchObject({ kind: 'rows', newRows: 120, more: 70 });
  });

  it('asks a reader that missed too much to read the page again', async () => {
    const stream = await connect('?clientId=starts:over-');
    await refuse(house, ...Array.from({ length: 600 }, (_, i) => ({ clientId: `over-${String(i)}` })));
    house.clock.advance(250);
    expect(await stream.next()).toEqual({ kind: 'resync', dropped: 600 });
  });

  it('tells only what matches its filter', async () => {
    const stream = await connect('?ip=10.50.0.0/16&reason=!BASIC_NO_CREDENTIALS');
    await refuse(
      house,
      { clientId: 'outside', ip: '10.51.0.1' },
      { clientId: 'excluded', ip: '10.50.0.1', reason: 'BASIC_NO_CREDENTIALS' },
      { clientId: 'inside', ip: '10.50.0.2' },
    );
    house.clock.advance(250);
    expect(await stream.next()).toMatchObject({
      kind: 'rows',
      upserted: [{ clientId: 'inside' }],
      newRows: 1,
    });
  });

  it('tells deletions and their undoing', async () => {
    const stream = await connect('?clientId=starts:del-');
    const [id = ''] = await refuse(house, { clientId: 'del-1' });
    const { undoToken } = (
      await house.send({ method: 'DELETE', url: `/api/v1/unauthorized-clients/${id}`, headers: house.owner })
    ).json<{ undoToken: string }>();
    house.clock.advance(250);
    expect(await stream.next()).toEqual({ kind: 'deleted', ids: [id], all: false });
    await house.send({
      method: 'POST',
      url: '/api/v1/unauthorized-clients/undo',
      headers: house.owner,
      payload: { undoToken },
    });
    house.clock.advance(250);
    expect(await stream.next()).toEqual({ kind: 'restored', restored: 1 });
    await house.send({
      method: 'POST',
      url: '/api/v1/unauthorized-clients/delete',
      headers: house.owner,
      payload: { all: true },
    });
    house.clock.advance(250);
    expect(await stream.next()).toEqual({ kind: 'deleted', ids: [], all: true });
  });

  it('beats every 15 seconds, and ends when its session has ended', async () => {
    const login = await house.send({
      method: 'POST',
      url: '/api/v1/session',
      headers: { origin: ORIGIN, 'x-forwarded-for': '203.0.113.77' },
      payload: { email: OWNER.email, password: OWNER.password },
    });
    const headers = browserHeaders(login);
    const stream = await connect('', headers);
    house.clock.advance(15_000);
    expect(await stream.next()).toMatchObject({ kind: 'heartbeat' });
    await house.send({ method: 'DELETE', url: '/api/v1/session', headers });
    house.clock.advance(15_000);
    await stream.ended;
  });

  it('leaves no complaint in the log when its reader goes', async () => {
    const before = house.logged.length;
    const stream = await connect();
    await refuse(house, { clientId: 'last-words' });
    house.clock.advance(250);
    await stream.next();
    stream.response.destroy();
    const { server } = house.api.app;
    await vi.waitFor(async () => {
      expect(await promisify(server.getConnections.bind(server))()).toBe(0);
    });
    // What a handler says about a reply that has ended, it says in the turns after.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const levels = house.logged.slice(before).map((line) => (JSON.parse(line) as { level: number }).level);
    expect(levels.filter((level) => level >= 40)).toEqual([]);
  });

  it('is refused without a session and with a filter that is none', async () => {
    expect((await connect('', {})).response.statusCode).toBe(401);
    expect((await connect('?ip=nonsense')).response.statusCode).toBe(400);
  });

  it('has room for a hundred readers and tells the next one to wait', async () => {
    const streams = [];
    for (let i = 0; i < 100; i++) streams.push(await connect());
    const refused = await connect();
    expect([refused.response.statusCode, refused.response.headers['retry-after']]).toEqual([429, '10']);
    for (const stream of streams) stream.response.destroy();
  });
});
