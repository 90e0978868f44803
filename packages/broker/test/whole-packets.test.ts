import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { parseWhole } from '../src/protocol/whole-packets.ts';

const subscribe = generate({
  cmd: 'subscribe',
  messageId: 1,
  subscriptions: [{ topic: 'a/b', qos: 1 }],
});

test.each([
  ['one that is malformed', Buffer.from([0x80, 0x02, 0x00, 0x01])],
  ['one that is not whole', subscribe.subarray(0, -2)],
])('a packet is read the same after %s', (_what, broken) => {
  const before = parseWhole(subscribe, 4);
  expect(parseWhole(broken, 4)).toBeUndefined();
  expect(parseWhole(subscribe, 4)).toEqual(before);
});

test('connections of different versions do not disturb one another', () => {
  const five = generate(
    { cmd: 'disconnect', reasonCode: 4, properties: { sessionExpiryInterval: 7 } },
    { protocolVersion: 5 },
  );
  parseWhole(subscribe, 4);
  expect(parseWhole(five, 5)).toMatchObject({ cmd: 'disconnect', reasonCode: 4 });
  expect(parseWhole(subscribe, 4)).toMatchObject({
    cmd: 'subscribe',
    subscriptions: [{ topic: 'a/b', qos: 1 }],
  });
  expect(parseWhole(five, 5)).toMatchObject({ properties: { sessionExpiryInterval: 7 } });
});
