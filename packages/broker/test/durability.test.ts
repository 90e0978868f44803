import { describe, expect, test } from 'vitest';
import { LIMITS } from '../src/config.ts';
import { DurableHouse } from './support/durable-house.ts';
import { message, payloads } from './support/messages.ts';
import { connectPacket, RawClient } from './support/raw-client.ts';

const house = DurableHouse.forEachTest();

describe('durable before acknowledged', () => {
  test('PUBACK waits until the message for a stored session is on the disk', async () => {
    await house.away();
    const publisher = await house.come();
    house.disk.lands = false;
    publisher.send(message({ qos: 1 }));
    await house.disk.flying();
    expect(await publisher.drain()).toEqual([]);
    house.disk.land();
    expect(await publisher.next()).toMatchObject({ cmd: 'puback', messageId: 1 });
  });

  test('PUBACK of what no stored session waits for comes at once', async () => {
    const subscriber = await house.come('here');
    await subscriber.subscribe('t', 1);
    const publisher = await house.come();
    house.disk.lands = false;
    publisher.send(message({ qos: 1 }));
    expect(await publisher.next()).toMatchObject({ cmd: 'puback' });
    expect(await subscriber.next()).toMatchObject({ cmd: 'publish' });
  });

  test('acknowledgements keep the order of what they answer v5.0 [MQTT-4.6.0-2], durable or not', async () => {
    await house.away('durable');
    const publisher = await house.come();
    house.disk.lands = false;
    publisher.send(message({ qos: 1, topic: 'durable', messageId: 1 }));
    publisher.send(message({ qos: 1, topic: 'nobody', messageId: 2 }));
    publisher.send(message({ qos: 2, topic: 'nobody', messageId: 3 }));
    await house.disk.flying();
    expect(await publisher.drain()).toEqual([]);
    house.disk.land();
    expect(await publisher.next()).toMatchObject({ cmd: 'puback', messageId: 1 });
    expect(await publisher.next()).toMatchObject({ cmd: 'puback', messageId: 2 });
    expect(await publisher.next()).toMatchObject({ cmd: 'pubrec', messageId: 3 });
  });

  test('CONNACK of a stored session, SUBACK, UNSUBACK, PUBREC and PUBCOMP wait for the disk', async () => {
    house.disk.lands = false;
    const opening = house.stay();
    await house.disk.flying();
    house.disk.land();
    const client = await opening;
    const waits = async (packet: Parameters<RawClient['send']>[0], answer: string): Promise<void> => {
      client.send(packet);
      await house.disk.flying();
      expect(await client.drain()).toEqual([]);
      house.disk.land();
      expect((await client.next()).cmd).toBe(answer);
    };
    await waits({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'own', qos: 0 }] }, 'suback');
    await waits({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['own'] }, 'unsuback');
    await waits(message({ qos: 2, messageId: 3 }), 'pubrec');
    await waits({ cmd: 'pubrel', messageId: 3 }, 'pubcomp');
  });

  test('the acknowledgement of a retained message waits for the disk', async () => {
    const publisher = await house.come();
    house.disk.lands = false;
    publisher.send(message({ qos: 1, retain: true }));
    await house.disk.flying();
    expect(await publisher.drain()).toEqual([]);
    house.disk.land();
    expect(await publisher.next()).toMatchObject({ cmd: 'puback' });
  });

  test('a durable message is delivered after its commit, QoS 0 at once', async () => {
    const subscriber = await house.stay();
    await subscriber.subscribe('#', 1);
    const publisher = await house.come();
    house.disk.lands = false;
    publisher.send(message({ qos: 1, payload: 'durable' }));
    publisher.send(message({ payload: 'fleeting' }));
    expect((await subscriber.next()).cmd).toBe('publish');
    expect(payloads(await subscriber.drain())).toEqual([]);
    house.disk.land();
    expect(await subscriber.next()).toMatchObject({ payload: Buffer.from('durable') });
  });

  test('PUBREL of a stored session waits until the disk knows that the client has the message', async () => {
    const subscriber = await house.stay();
    await subscriber.subscribe('t', 2);
    const publisher = await house.come();
    publisher.send(message({ qos: 2 }));
    const { messageId } = (await subscriber.next()) as { messageId: number };
    house.disk.lands = false;
    subscriber.send({ cmd: 'pubrec', messageId });
    await house.disk.flying();
    expect(await subscriber.drain()).toEqual([]);
    house.disk.land();
    expect(await subscriber.next()).toMatchObject({ cmd: 'pubrel', messageId });
  });

  test('a disk that takes nothing keeps acknowledgements back, and QoS 0 going', async () => {
    await house.away();
    const publisher = await house.come();
    const listener = await house.come('listener');
    await listener.subscribe('live');
    house.disk.lands = false;
    house.disk.health({ state: 'failing', problem: 'database or disk is full' });
    publisher.send(message({ qos: 1 }));
    publisher.send(message({ topic: 'live', payload: 'still here' }));
    expect(await listener.next()).toMatchObject({ payload: Buffer.from('still here') });
    expect(await publisher.drain()).toEqual([]);
    expect(house.running.broker.stats().journal).toMatchObject({ problem: 'database or disk is full' });
    house.disk.health({ state: 'ok' });
    house.disk.land();
    expect(await publisher.next()).toMatchObject({ cmd: 'puback' });
    expect(house.running.broker.stats().journal.problem).toBeNull();
  });
});

describe('CONNECT while the disk takes nothing', () => {
  const v5 = { protocolVersion: 5, properties: { sessionExpiryInterval: 60 } } as const;
  const full = { state: 'failing', problem: 'database or disk is full' } as const;
  const ask = async (fields: Parameters<typeof connectPacket>[0]) => {
    const client = await RawClient.open(house.running.port, fields?.protocolVersion ?? 4);
    client.send(connectPacket(fields));
    return client;
  };

  test.each([
    ['MQTT 5', v5, { reasonCode: 0x88 }],
    ['MQTT 3.1.1', { clean: false }, { returnCode: 3 }],
    ['a will', { will: { topic: 'w', payload: Buffer.from('x'), qos: 0, retain: false } }, { returnCode: 3 }],
  ] as const)('a session that needs it is refused at once, and recorded: %s', async (_, fields, answer) => {
    house.disk.lands = false;
    house.disk.health(full);
    const client = await ask({ clientId: 'stored', ...fields });
    expect(await client.next()).toMatchObject({ cmd: 'connack', sessionPresent: false, ...answer });
    expect(await client.closed()).toEqual([]);
    expect(await house.running.sink.refusal()).toMatchObject({
      reason: 'SESSION_NOT_STORED',
      clientId: 'stored',
    });
    expect(house.running.broker.stats().sessions).toEqual({ online: 0, persistent: 0 });
  });

  test('who waits for CONNACK when it begins is refused, and leaves no session behind', async () => {
    house.disk.lands = false;
    const client = await ask({ clientId: 'stored', clean: false });
    await house.disk.flying();
    house.disk.health(full);
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 3 });
    await client.closed();
    house.disk.health({ state: 'ok' });
    house.disk.lands = true;
    house.disk.land();
    expect((await house.stay('stored')).sessionPresent).toBe(false);
  });

  test('whose session was there keeps it, and the connection that has it', async () => {
    const before = await house.stay('stored');
    await before.subscribe('t', 1);
    house.disk.lands = false;
    house.disk.health(full);
    const client = await ask({ clientId: 'stored', clean: true });
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 3 });
    expect(await before.drain()).toEqual([]);
    house.disk.health({ state: 'ok' });
    house.disk.lands = true;
    await before.drop();
    expect((await house.stay('stored')).sessionPresent).toBe(true);
  });

  test('a will that waited for the client to come back is not lost with the refusal', async () => {
    const will = {
      topic: 'w',
      payload: Buffer.from('gone'),
      qos: 0,
      retain: false,
      properties: { willDelayInterval: 2 },
    } as const;
    const fields = { clientId: 'stored', clean: false, will, ...v5 } as const;
    const watcher = await house.come('watcher');
    await watcher.subscribe('w');
    const before = await ask(fields);
    await before.next();
    before.socket.destroy();
    await expect.poll(() => house.running.broker.stats().sessions.online).toBe(1);
    house.disk.lands = false;
    const client = await ask(fields);
    await house.disk.flying();
    house.disk.health(full);
    expect(await client.next()).toMatchObject({ cmd: 'connack', reasonCode: 0x88 });
    house.clock.advance(2_000);
    expect(await watcher.next()).toMatchObject({ cmd: 'publish', payload: Buffer.from('gone') });
  });

  test('a disk that is slow but takes what it is given makes nobody unauthorized: the server is busy', async () => {
    house.disk.lands = false;
    const client = await ask({ clientId: 'stored', clean: false, ...v5 });
    await house.disk.flying();
    house.clock.advance(LIMITS.authenticateTimeoutMs);
    expect(await client.next()).toMatchObject({ cmd: 'connack', reasonCode: 0x89 });
    expect(house.running.sink.refusals).toEqual([]);
    expect(house.running.broker.stats().auth.busy).toBe(1);
  });

  test('sessions that end with their connection go on', async () => {
    house.disk.lands = false;
    house.disk.health(full);
    await (await house.come()).drain();
    expect(house.running.sink.refusals).toEqual([]);
  });
});
