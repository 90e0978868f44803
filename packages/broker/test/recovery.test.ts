import { describe, expect, test } from 'vitest';
import { createBroker } from '../src/index.ts';
import { RecordKind, RecordWriter } from '../src/journal/record-writer.ts';
import { RecordingSink, startBroker, testChain } from './support/broker.ts';
import { DurableHouse } from './support/durable-house.ts';
import { JournalDisk } from './support/journal-disk.ts';
import { message, payloads } from './support/messages.ts';
import { RawClient } from './support/raw-client.ts';

const house = DurableHouse.forEachTest();

describe('after a crash', () => {
  test('a session, its subscriptions and what was acknowledged for it are back', async () => {
    await house.away('t', 2);
    const publisher = await house.come();
    publisher.send(message({ qos: 1, payload: 'one' }));
    await publisher.next();
    publisher.send(message({ qos: 2, payload: 'two', messageId: 2 }));
    await publisher.next();
    await house.crash();
    const client = await house.stay();
    expect(client.sessionPresent).toBe(true);
    expect(payloads(await client.drain())).toEqual(['one', 'two']);
    const again = await house.come();
    again.send(message({ qos: 1, payload: 'three' }));
    await again.next();
    expect(payloads(await client.drain())).toEqual(['three']);
  });

  test('what was never acknowledged may be gone, what was taken is gone', async () => {
    const client = await house.stay();
    await client.subscribe('t', 1);
    const publisher = await house.come();
    publisher.send(message({ qos: 1, payload: 'taken' }));
    const { messageId } = (await client.next()) as { messageId: number };
    client.send({ cmd: 'puback', messageId });
    await client.drain();
    await house.crash();
    expect(payloads(await (await house.stay()).drain())).toEqual([]);
  });

  test('a message in flight comes again with its packet id and DUP', async () => {
    const client = await house.stay();
    await client.subscribe('t', 2);
    const publisher = await house.come();
    publisher.send(message({ qos: 2, payload: 'x' }));
    const { messageId } = (await client.next()) as { messageId: number };
    await house.crash();
    expect(await (await house.stay()).next()).toMatchObject({ cmd: 'publish', messageId, dup: true });
  });

  test('QoS 2 goes on with PUBREL where the client has the message, and publishes none twice', async () => {
    const client = await house.stay();
    await client.subscribe('t', 2);
    const publisher = await house.stay('pub');
    publisher.send(message({ qos: 2, messageId: 7, payload: 'once' }));
    expect(await publisher.next()).toMatchObject({ cmd: 'pubrec', messageId: 7 });
    const { messageId } = (await client.next()) as { messageId: number };
    client.send({ cmd: 'pubrec', messageId });
    await client.next();
    await house.crash();
    const back = await house.stay();
    expect(await back.next()).toMatchObject({ cmd: 'pubrel', messageId });
    const resumed = await house.stay('pub');
    resumed.send(message({ qos: 2, messageId: 7, payload: 'once', dup: true }));
    expect(await resumed.next()).toMatchObject({ cmd: 'pubrec', messageId: 7 });
    resumed.send({ cmd: 'pubrel', messageId: 7 });
    expect(await resumed.next()).toMatchObject({ cmd: 'pubcomp', messageId: 7 });
    expect(payloads(await back.drain())).toEqual([]);
  });

  test('retained messages are back, removed ones are not', async () => {
    const publisher = await house.come();
    publisher.send(message({ qos: 1, retain: true, topic: 'kept', payload: 'here' }));
    publisher.send(message({ qos: 1, retain: true, topic: 'gone', messageId: 2 }));
    publisher.send(message({ qos: 1, retain: true, topic: 'gone', payload: '', messageId: 3 }));
    for (let acks = 0; acks < 3; acks += 1) await publisher.next();
    await house.crash();
    const reader = await house.come('reader');
    await reader.subscribe('#');
    expect(payloads(await reader.drain())).toEqual(['here']);
  });

  test('retained messages tell when they were retained, also those of a journal that did not write it down', async () => {
    const { clock } = house;
    const at = clock.now();
    const publisher = await house.come();
    publisher.send(message({ qos: 1, retain: true, topic: 'timed', payload: 'here' }));
    await publisher.next();
    const before = new RecordWriter();
    const content = {
      topic: 'of-old',
      payload: Buffer.from('x'),
      properties: Buffer.alloc(0),
      qos: 1,
    } as const;
    before.message({ id: 1_000, ...content, retain: true, publisher: '', principal: '', expiresAt: 0 });
    const named = Buffer.alloc(9);
    named.writeUInt8(RecordKind.retained);
    named.writeDoubleLE(1_000, 1);
    const number = (house.disk.segments.at(-1)?.number ?? 0) + 1;
    house.disk.segments.push({ number, bytes: Uint8Array.from(Buffer.concat([before.finish(), named])) });
    clock.advance(60_000);
    await house.crash();
    const { inspection } = house.running.broker;
    expect(await inspection.getRetained('timed')).toMatchObject({ updatedAt: at });
    expect(await inspection.getRetained('of-old')).toMatchObject({ updatedAt: null });
  });

  test.each([
    ['ended with its connection', true],
    ['lasts', false],
  ])('the will of a client that was connected, whose session %s, is published once', async (_, clean) => {
    await house.away('will');
    await RawClient.connect(house.running.port, {
      clientId: 'mortal',
      clean,
      keepalive: 0,
      will: { topic: 'will', payload: Buffer.from('died'), qos: 1, retain: false },
    });
    await house.crash();
    await house.crash();
    expect(payloads(await (await house.stay()).drain())).toEqual(['died']);
  });

  test('a session ends when it would have ended, and a new one begins empty', async () => {
    const client = await house.stay('short', 5);
    await client.subscribe('t', 1);
    client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 10 } });
    await client.closed();
    await expect.poll(() => house.running.broker.stats().sessions.online).toBe(0);
    house.clock.advance(9_000);
    await house.crash();
    expect(house.running.broker.stats().sessions.persistent).toBe(1);
    house.clock.advance(2_000);
    expect(house.running.broker.stats()).toMatchObject({ sessions: { persistent: 0 }, subscriptions: 0 });
  });

  test('a message expires by what is left of its time', async () => {
    await house.away();
    const publisher = await RawClient.connect(house.running.port, {
      clientId: 'p',
      protocolVersion: 5,
      keepalive: 0,
    });
    publisher.send(message({ qos: 1, payload: 'brief', properties: { messageExpiryInterval: 10 } }));
    await publisher.next();
    publisher.send(
      message({ qos: 1, payload: 'long', messageId: 2, properties: { messageExpiryInterval: 100 } }),
    );
    await publisher.next();
    house.clock.advance(20_000);
    await house.crash();
    const client = await house.stay('sub', 5);
    expect(await client.next()).toMatchObject({
      payload: Buffer.from('long'),
      properties: { messageExpiryInterval: 80 },
    });
  });

  test('clean start of a stored session forgets it for good', async () => {
    await house.away();
    const client = await RawClient.connect(house.running.port, {
      clientId: 'sub',
      clean: true,
      keepalive: 0,
    });
    expect(client.sessionPresent).toBe(false);
    await house.crash();
    expect((await house.stay()).sessionPresent).toBe(false);
  });
});

describe('what has expired', () => {
  test('is taken away once a minute, from queues, retained messages and the journal', async () => {
    await house.away();
    const publisher = await RawClient.connect(house.running.port, {
      clientId: 'p',
      protocolVersion: 5,
      keepalive: 0,
    });
    const expiring = { properties: { messageExpiryInterval: 10 } };
    publisher.send(message({ qos: 1, ...expiring }));
    publisher.send(message({ qos: 1, payload: 'stays', messageId: 2 }));
    publisher.send(message({ qos: 1, topic: 'kept', retain: true, messageId: 3, ...expiring }));
    for (let acks = 0; acks < 3; acks += 1) await publisher.next();
    expect(house.running.broker.stats().retained).toBe(1);
    house.clock.advance(60_000);
    await expect
      .poll(() => house.running.broker.stats())
      .toMatchObject({
        retained: 0,
        messages: { droppedBy: { expired: 1 } },
      });
    await house.crash();
    expect(payloads(await (await house.stay()).drain())).toEqual(['stays']);
    expect(house.running.broker.stats().messages.droppedBy.expired).toBe(0);
  });
});

describe('a journal that grew', () => {
  test('is written anew while messages go on, and everything is there after a crash', async () => {
    await house.running.broker.stop();
    await house.start({ limits: { journalSnapshotBytesMin: 65_536 } });
    await house.away('t', 2);
    const kept = await house.come('kept');
    kept.send(message({ qos: 1, retain: true, topic: 'kept', payload: 'here' }));
    await kept.next();
    const busy = await house.stay('busy');
    await busy.subscribe('busy', 1);
    const publisher = await house.stay('pub');
    const expected: string[] = [];
    // A QoS 2 message that stays unreleased, and enough that comes and goes to fill the log several times.
    publisher.send(message({ qos: 2, messageId: 7, topic: 'nobody' }));
    expect(await publisher.next()).toMatchObject({ cmd: 'pubrec', messageId: 7 });
    for (let round = 1; house.disk.droppedBefore === 0 || round <= 40; round += 1) {
      const payload = `${round} ${'x'.repeat(2_000)}`;
      publisher.send(message({ qos: 1, topic: 'busy', payload }));
      const { messageId } = (await busy.next()) as { messageId: number };
      busy.send({ cmd: 'puback', messageId });
      await publisher.next();
      if (round % 10 !== 0) continue;
      expected.push(String(round));
      publisher.send(message({ qos: 1, payload: String(round) }));
      await publisher.next();
    }
    await house.crash();
    const client = await house.stay();
    expect(client.sessionPresent).toBe(true);
    expect(payloads(await client.drain())).toEqual(expected);
    const reader = await house.come('reader');
    await reader.subscribe('kept');
    expect(payloads(await reader.drain())).toEqual(['here']);
    const resumed = await house.stay('pub');
    resumed.send(message({ qos: 2, messageId: 7, topic: 't', dup: true }));
    await resumed.next();
    expect(payloads(await client.drain())).toEqual([]);
  });
});

test('a journal that cannot be read keeps the broker from starting, says which segment, and is closed', async () => {
  const broken = new JournalDisk();
  broken.segments.push({ number: 7, bytes: Uint8Array.from([99]) });
  await expect(startBroker({ clock: house.clock, openJournal: broken.open })).rejects.toThrow(
    /Segment 7 .*format 99/,
  );
  expect(broken.closed).toBe(true);
});

test('a disk that takes nothing does not keep the broker from starting', async () => {
  await (await house.stay('sub', 5)).drop();
  await expect.poll(() => house.running.broker.stats().sessions.online).toBe(0);
  const next = new JournalDisk();
  next.segments.push(...house.disk.segments);
  next.lands = false;
  house.clock.advance(3_600_000);
  const starting = startBroker({ clock: house.clock, openJournal: next.open });
  await next.flying();
  next.health({ state: 'failing', problem: 'database or disk is full' });
  const { broker } = await starting;
  expect(broker.listeners().map(({ enabled }) => enabled)).toEqual([true, true]);
  next.health({ state: 'ok' });
  next.lands = true;
  next.land();
  await broker.stop();
});

test('a journal that was begun to be read for a start that never came is closed', async () => {
  const unused = new JournalDisk();
  const silent = () => undefined;
  const broker = createBroker({
    listeners: [],
    chains: () => testChain([], 'deny', house.clock),
    attempts: new RecordingSink(),
    clock: house.clock,
    log: { info: silent, warn: silent, error: silent },
    node: 'test',
    openJournal: unused.open,
  });
  broker.prepare();
  await broker.stop();
  expect(unused.closed).toBe(true);
});
