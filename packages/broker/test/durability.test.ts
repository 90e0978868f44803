import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker, type TestBrokerOptions } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { JournalDisk } from './support/journal-disk.ts';
import { message, payloads } from './support/messages.ts';
import { connectPacket, RawClient } from './support/raw-client.ts';

let clock: FakeClock;
let disk: JournalDisk;
let running: TestBroker;

const start = (options: TestBrokerOptions = {}) => startBroker({ clock, openJournal: disk.open, ...options });

beforeEach(async () => {
  clock = new FakeClock();
  disk = new JournalDisk();
  running = await start();
});
afterEach(async () => {
  disk.lands = true;
  disk.land();
  await running.broker.stop();
});

/** A new broker over what has landed: the old one was killed and says nothing more. */
async function crash(): Promise<void> {
  const killed = running.broker;
  disk.lands = false;
  const segments = [...disk.segments];
  const next = new JournalDisk();
  next.segments.push(...segments);
  running = await startBroker({ clock, openJournal: next.open });
  disk.lands = true;
  disk.land();
  await killed.stop();
  disk = next;
}

const stay = (clientId = 'sub', version: 4 | 5 = 4) =>
  RawClient.connect(running.port, {
    clientId,
    clean: false,
    keepalive: 0,
    protocolVersion: version,
    ...(version === 5 ? { properties: { sessionExpiryInterval: 3_600 } } : {}),
  });
const come = (clientId = 'pub') => RawClient.connect(running.port, { clientId, keepalive: 0 });

async function away(topic = 't', qos: 1 | 2 = 1): Promise<void> {
  const client = await stay();
  await client.subscribe(topic, qos);
  await client.drop();
}

describe('durable before acknowledged', () => {
  test('PUBACK waits until the message for a stored session is on the disk', async () => {
    await away();
    const publisher = await come();
    disk.lands = false;
    publisher.send(message({ qos: 1 }));
    await disk.flying();
    expect(await publisher.drain()).toEqual([]);
    disk.land();
    expect(await publisher.next()).toMatchObject({ cmd: 'puback', messageId: 1 });
  });

  test('PUBACK of what no stored session waits for comes at once', async () => {
    const subscriber = await come('here');
    await subscriber.subscribe('t', 1);
    const publisher = await come();
    disk.lands = false;
    publisher.send(message({ qos: 1 }));
    expect(await publisher.next()).toMatchObject({ cmd: 'puback' });
    expect(await subscriber.next()).toMatchObject({ cmd: 'publish' });
  });

  test('acknowledgements keep the order of what they answer v5.0 [MQTT-4.6.0-2], durable or not', async () => {
    await away('durable');
    const publisher = await come();
    disk.lands = false;
    publisher.send(message({ qos: 1, topic: 'durable', messageId: 1 }));
    publisher.send(message({ qos: 1, topic: 'nobody', messageId: 2 }));
    publisher.send(message({ qos: 2, topic: 'nobody', messageId: 3 }));
    await disk.flying();
    expect(await publisher.drain()).toEqual([]);
    disk.land();
    expect(await publisher.next()).toMatchObject({ cmd: 'puback', messageId: 1 });
    expect(await publisher.next()).toMatchObject({ cmd: 'puback', messageId: 2 });
    expect(await publisher.next()).toMatchObject({ cmd: 'pubrec', messageId: 3 });
  });

  test('CONNACK of a stored session, SUBACK, UNSUBACK, PUBREC and PUBCOMP wait for the disk', async () => {
    disk.lands = false;
    const opening = stay();
    await disk.flying();
    disk.land();
    const client = await opening;
    const waits = async (packet: Parameters<RawClient['send']>[0], answer: string): Promise<void> => {
      client.send(packet);
      await disk.flying();
      expect(await client.drain()).toEqual([]);
      disk.land();
      expect((await client.next()).cmd).toBe(answer);
    };
    await waits({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'own', qos: 0 }] }, 'suback');
    await waits({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['own'] }, 'unsuback');
    await waits(message({ qos: 2, messageId: 3 }), 'pubrec');
    await waits({ cmd: 'pubrel', messageId: 3 }, 'pubcomp');
  });

  test('the acknowledgement of a retained message waits for the disk', async () => {
    const publisher = await come();
    disk.lands = false;
    publisher.send(message({ qos: 1, retain: true }));
    await disk.flying();
    expect(await publisher.drain()).toEqual([]);
    disk.land();
    expect(await publisher.next()).toMatchObject({ cmd: 'puback' });
  });

  test('a durable message is delivered after its commit, QoS 0 at once', async () => {
    const subscriber = await stay();
    await subscriber.subscribe('#', 1);
    const publisher = await come();
    disk.lands = false;
    publisher.send(message({ qos: 1, payload: 'durable' }));
    publisher.send(message({ payload: 'fleeting' }));
    expect((await subscriber.next()).cmd).toBe('publish');
    expect(payloads(await subscriber.drain())).toEqual([]);
    disk.land();
    expect(await subscriber.next()).toMatchObject({ payload: Buffer.from('durable') });
  });

  test('PUBREL of a stored session waits until the disk knows that the client has the message', async () => {
    const subscriber = await stay();
    await subscriber.subscribe('t', 2);
    const publisher = await come();
    publisher.send(message({ qos: 2 }));
    const { messageId } = (await subscriber.next()) as { messageId: number };
    disk.lands = false;
    subscriber.send({ cmd: 'pubrec', messageId });
    await disk.flying();
    expect(await subscriber.drain()).toEqual([]);
    disk.land();
    expect(await subscriber.next()).toMatchObject({ cmd: 'pubrel', messageId });
  });

  test('a disk that takes nothing keeps acknowledgements back, and QoS 0 going', async () => {
    await away();
    const publisher = await come();
    const listener = await come('listener');
    await listener.subscribe('live');
    disk.lands = false;
    disk.health({ state: 'failing', problem: 'database or disk is full' });
    publisher.send(message({ qos: 1 }));
    publisher.send(message({ topic: 'live', payload: 'still here' }));
    expect(await listener.next()).toMatchObject({ payload: Buffer.from('still here') });
    expect(await publisher.drain()).toEqual([]);
    expect(running.broker.stats().journal).toMatchObject({ problem: 'database or disk is full' });
    disk.health({ state: 'ok' });
    disk.land();
    expect(await publisher.next()).toMatchObject({ cmd: 'puback' });
    expect(running.broker.stats().journal.problem).toBeNull();
  });
});

describe('CONNECT while the disk takes nothing', () => {
  const full = { state: 'failing', problem: 'database or disk is full' } as const;
  const ask = async (fields: Parameters<typeof connectPacket>[0]) => {
    const client = await RawClient.open(running.port, fields?.protocolVersion ?? 4);
    client.send(connectPacket(fields));
    return client;
  };

  test.each([
    ['MQTT 5', { protocolVersion: 5, properties: { sessionExpiryInterval: 60 } }, { reasonCode: 0x88 }],
    ['MQTT 3.1.1', { clean: false }, { returnCode: 3 }],
    ['a will', { will: { topic: 'w', payload: Buffer.from('x'), qos: 0, retain: false } }, { returnCode: 3 }],
  ] as const)('a session that needs it is refused at once, and recorded: %s', async (_, fields, answer) => {
    disk.lands = false;
    disk.health(full);
    const client = await ask({ clientId: 'stored', ...fields });
    expect(await client.next()).toMatchObject({ cmd: 'connack', sessionPresent: false, ...answer });
    expect(await client.closed()).toEqual([]);
    expect(await running.sink.refusal()).toMatchObject({ reason: 'SESSION_NOT_STORED', clientId: 'stored' });
    expect(running.broker.stats().sessions).toEqual({ online: 0, persistent: 0 });
  });

  test('who waits for CONNACK when it begins is refused, and leaves no session behind', async () => {
    disk.lands = false;
    const client = await ask({ clientId: 'stored', clean: false });
    await disk.flying();
    disk.health(full);
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 3 });
    await client.closed();
    disk.health({ state: 'ok' });
    disk.lands = true;
    disk.land();
    expect((await stay('stored')).sessionPresent).toBe(false);
  });

  test('whose session was there keeps it, and the connection that has it', async () => {
    const before = await stay('stored');
    await before.subscribe('t', 1);
    disk.lands = false;
    disk.health(full);
    const client = await ask({ clientId: 'stored', clean: true });
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 3 });
    expect(await before.drain()).toEqual([]);
    disk.health({ state: 'ok' });
    disk.lands = true;
    await before.drop();
    expect((await stay('stored')).sessionPresent).toBe(true);
  });

  test('sessions that end with their connection go on', async () => {
    disk.lands = false;
    disk.health(full);
    await (await come()).drain();
    expect(running.sink.refusals).toEqual([]);
  });
});

describe('after a crash', () => {
  test('a session, its subscriptions and what was acknowledged for it are back', async () => {
    await away('t', 2);
    const publisher = await come();
    publisher.send(message({ qos: 1, payload: 'one' }));
    await publisher.next();
    publisher.send(message({ qos: 2, payload: 'two', messageId: 2 }));
    await publisher.next();
    await crash();
    const client = await stay();
    expect(client.sessionPresent).toBe(true);
    expect(payloads(await client.drain())).toEqual(['one', 'two']);
    const again = await come();
    again.send(message({ qos: 1, payload: 'three' }));
    await again.next();
    expect(payloads(await client.drain())).toEqual(['three']);
  });

  test('what was never acknowledged may be gone, what was taken is gone', async () => {
    const client = await stay();
    await client.subscribe('t', 1);
    const publisher = await come();
    publisher.send(message({ qos: 1, payload: 'taken' }));
    const { messageId } = (await client.next()) as { messageId: number };
    client.send({ cmd: 'puback', messageId });
    await client.drain();
    await crash();
    expect(payloads(await (await stay()).drain())).toEqual([]);
  });

  test('a message in flight comes again with its packet id and DUP', async () => {
    const client = await stay();
    await client.subscribe('t', 2);
    const publisher = await come();
    publisher.send(message({ qos: 2, payload: 'x' }));
    const { messageId } = (await client.next()) as { messageId: number };
    await crash();
    expect(await (await stay()).next()).toMatchObject({ cmd: 'publish', messageId, dup: true });
  });

  test('QoS 2 goes on with PUBREL where the client has the message, and publishes none twice', async () => {
    const client = await stay();
    await client.subscribe('t', 2);
    const publisher = await stay('pub');
    publisher.send(message({ qos: 2, messageId: 7, payload: 'once' }));
    expect(await publisher.next()).toMatchObject({ cmd: 'pubrec', messageId: 7 });
    const { messageId } = (await client.next()) as { messageId: number };
    client.send({ cmd: 'pubrec', messageId });
    await client.next();
    await crash();
    const back = await stay();
    expect(await back.next()).toMatchObject({ cmd: 'pubrel', messageId });
    const resumed = await stay('pub');
    resumed.send(message({ qos: 2, messageId: 7, payload: 'once', dup: true }));
    expect(await resumed.next()).toMatchObject({ cmd: 'pubrec', messageId: 7 });
    resumed.send({ cmd: 'pubrel', messageId: 7 });
    expect(await resumed.next()).toMatchObject({ cmd: 'pubcomp', messageId: 7 });
    expect(payloads(await back.drain())).toEqual([]);
  });

  test('retained messages are back, removed ones are not', async () => {
    const publisher = await come();
    publisher.send(message({ qos: 1, retain: true, topic: 'kept', payload: 'here' }));
    publisher.send(message({ qos: 1, retain: true, topic: 'gone', messageId: 2 }));
    publisher.send(message({ qos: 1, retain: true, topic: 'gone', payload: '', messageId: 3 }));
    for (let acks = 0; acks < 3; acks += 1) await publisher.next();
    await crash();
    const reader = await come('reader');
    await reader.subscribe('#');
    expect(payloads(await reader.drain())).toEqual(['here']);
  });

  test('the will of a client that was connected is published, once', async () => {
    await away('will');
    await RawClient.connect(running.port, {
      clientId: 'mortal',
      keepalive: 0,
      will: { topic: 'will', payload: Buffer.from('died'), qos: 1, retain: false },
    });
    await crash();
    await crash();
    expect(payloads(await (await stay()).drain())).toEqual(['died']);
  });

  test('a session ends when it would have ended, and a new one begins empty', async () => {
    const client = await stay('short', 5);
    await client.subscribe('t', 1);
    client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 10 } });
    await client.closed();
    await expect.poll(() => running.broker.stats().sessions.online).toBe(0);
    clock.advance(9_000);
    await crash();
    expect(running.broker.stats().sessions.persistent).toBe(1);
    clock.advance(2_000);
    expect(running.broker.stats()).toMatchObject({ sessions: { persistent: 0 }, subscriptions: 0 });
  });

  test('a message expires by what is left of its time', async () => {
    await away();
    const publisher = await RawClient.connect(running.port, {
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
    clock.advance(20_000);
    await crash();
    const client = await stay('sub', 5);
    expect(await client.next()).toMatchObject({
      payload: Buffer.from('long'),
      properties: { messageExpiryInterval: 80 },
    });
  });

  test('clean start of a stored session forgets it for good', async () => {
    await away();
    const client = await RawClient.connect(running.port, { clientId: 'sub', clean: true, keepalive: 0 });
    expect(client.sessionPresent).toBe(false);
    await crash();
    expect((await stay()).sessionPresent).toBe(false);
  });
});

describe('what has expired', () => {
  test('is taken away once a minute, from queues, retained messages and the journal', async () => {
    await away();
    const publisher = await RawClient.connect(running.port, {
      clientId: 'p',
      protocolVersion: 5,
      keepalive: 0,
    });
    const expiring = { properties: { messageExpiryInterval: 10 } };
    publisher.send(message({ qos: 1, ...expiring }));
    publisher.send(message({ qos: 1, payload: 'stays', messageId: 2 }));
    publisher.send(message({ qos: 1, topic: 'kept', retain: true, messageId: 3, ...expiring }));
    for (let acks = 0; acks < 3; acks += 1) await publisher.next();
    expect(running.broker.stats().retained).toBe(1);
    clock.advance(60_000);
    await expect
      .poll(() => running.broker.stats())
      .toMatchObject({
        retained: 0,
        messages: { droppedBy: { expired: 1 } },
      });
    await crash();
    expect(payloads(await (await stay()).drain())).toEqual(['stays']);
    expect(running.broker.stats().messages.droppedBy.expired).toBe(0);
  });
});

describe('a journal that grew', () => {
  test('is written anew while messages go on, and everything is there after a crash', async () => {
    await running.broker.stop();
    running = await start({ limits: { journalSnapshotBytesMin: 65_536 } });
    await away('t', 2);
    const kept = await come('kept');
    kept.send(message({ qos: 1, retain: true, topic: 'kept', payload: 'here' }));
    await kept.next();
    const busy = await stay('busy');
    await busy.subscribe('busy', 1);
    const publisher = await stay('pub');
    const expected: string[] = [];
    // A QoS 2 message that stays unreleased, and enough that comes and goes to fill the log several times.
    publisher.send(message({ qos: 2, messageId: 7, topic: 'nobody' }));
    expect(await publisher.next()).toMatchObject({ cmd: 'pubrec', messageId: 7 });
    for (let round = 1; disk.droppedBefore === 0 || round <= 40; round += 1) {
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
    await crash();
    const client = await stay();
    expect(client.sessionPresent).toBe(true);
    expect(payloads(await client.drain())).toEqual(expected);
    const reader = await come('reader');
    await reader.subscribe('kept');
    expect(payloads(await reader.drain())).toEqual(['here']);
    const resumed = await stay('pub');
    resumed.send(message({ qos: 2, messageId: 7, topic: 't', dup: true }));
    await resumed.next();
    expect(payloads(await client.drain())).toEqual([]);
  });
});

test('a journal that cannot be read keeps the broker from starting, says which segment, and is closed', async () => {
  const broken = new JournalDisk();
  broken.segments.push({ number: 7, bytes: Uint8Array.from([99]) });
  await expect(startBroker({ clock, openJournal: broken.open })).rejects.toThrow(/Segment 7 .*format 99/);
  expect(broken.closed).toBe(true);
});
