import { expect, test } from 'vitest';
import { message } from '../support/messages.ts';
import { connectPacket, field, frame, RawClient } from '../support/raw-client.ts';
import { useBroker } from './support.ts';

const ground = useBroker();

/** A CONNECT of MQTT 3.1: protocol name MQIsdp, level 3. */
const connect31 = (clientId: string, { name = 'MQIsdp', level = 3, flags = 0x02 } = {}): Buffer =>
  frame(0x10, Buffer.concat([field(name), Buffer.from([level, flags, 0, 60]), field(clientId)]));

async function answer(bytes: Buffer) {
  const client = await RawClient.open(ground.port, 3);
  client.write(bytes);
  return client.next();
}

test('MQIsdp at level 3 is served, with subscriptions and every QoS', async () => {
  const client = await RawClient.connect(ground.port, { protocolVersion: 3, clientId: 'old' });
  await client.subscribe('t', 2);
  for (const qos of [0, 1, 2] as const) {
    client.send(message({ qos }));
    expect((await client.drain()).find(({ cmd }) => cmd === 'publish')).toMatchObject({ qos });
  }
});

test('the names and levels do not mix: MQIsdp 4 and MQTT 3 are answered by 0x01', async () => {
  for (const wrong of [{ level: 4 }, { name: 'MQTT' }, { level: 0x83 }]) {
    expect(await answer(connect31('c', wrong))).toMatchObject({ cmd: 'connack', returnCode: 1 });
  }
});

test('a client ID has 1 to 23 characters, counted as characters; others are answered by 0x02', async () => {
  for (const clientId of ['', 'x'.repeat(24)]) {
    expect(await answer(connect31(clientId))).toMatchObject({ cmd: 'connack', returnCode: 2 });
  }
  for (const clientId of ['x', 'x'.repeat(23), 'ä'.repeat(23)]) {
    expect(await answer(connect31(clientId))).toMatchObject({ cmd: 'connack', returnCode: 0 });
  }
});

test('longer client IDs are served where the limit allows them', async () => {
  await ground.start({ limits: { clientIdCharactersMaxV31: 100 } });
  expect(await answer(connect31('x'.repeat(100)))).toMatchObject({ returnCode: 0 });
  expect(await answer(connect31('x'.repeat(101)))).toMatchObject({ returnCode: 2 });
  expect(ground.broker.stats().bounds).toMatchObject({ clientIdCharactersMaxV31: 1 });
  expect(await ground.connack(4, { clientId: 'x'.repeat(101) })).toMatchObject({ returnCode: 0 });
});

test('MQTT 3.1 shares sessions and messages with the later versions', async () => {
  const old = await RawClient.connect(ground.port, { protocolVersion: 3, clientId: 'c', clean: false });
  await old.subscribe('t', 1);
  await old.drop();
  await ground.publish('t', 'queued');
  const modern = await ground.raw(5);
  modern.send(connectPacket({ protocolVersion: 5, clientId: 'c', clean: false }));
  expect(await modern.next()).toMatchObject({ cmd: 'connack', sessionPresent: true });
  expect(await modern.next()).toMatchObject({ cmd: 'publish', payload: Buffer.from('queued') });
});
