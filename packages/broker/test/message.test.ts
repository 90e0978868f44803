import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { readPublish } from '../src/protocol/publish.ts';
import { cameAs, createMessage, encodeCopy, keep } from '../src/router/message.ts';
import { FakeClock } from './support/fake-clock.ts';
import { copyOf } from './support/messages.ts';

test('a message that is held takes memory once, and reads as before', () => {
  const clock = new FakeClock();
  const packet = generate(
    {
      cmd: 'publish',
      topic: 'a/b',
      payload: 'content',
      qos: 1,
      dup: false,
      retain: false,
      messageId: 7,
      properties: { userProperties: { key: 'v'.repeat(2_000) }, contentType: 'text/plain' },
    },
    { protocolVersion: 5 },
  );
  // As it comes: a part of a chunk that the next read is written over.
  const chunk = Buffer.concat([Buffer.alloc(100), packet, Buffer.alloc(100)]);
  const bytes = chunk.subarray(100, 100 + packet.length);
  const read = readPublish({ bytes, header: 3 }, 5, 10);
  if ('what' in read) throw new Error(read.what);
  const { topic, payload, qos, retain, properties, expirySeconds, encoded } = read;
  const held = createMessage(
    { topic, payload, qos, retain, properties, publisher: 'p', expirySeconds },
    clock,
  );
  const before = Buffer.from(held.properties);
  cameAs(held, encoded, 5);
  keep(held);
  chunk.fill(0xff);
  expect(held.payload.toString()).toBe('content');
  expect(held.properties.equals(before)).toBe(true);
  expect(held.properties.buffer).toBe(held.payload.buffer);
  expect(held.payload.buffer.byteLength).toBe(packet.length);
  expect(encodeCopy(copyOf(held), 5, clock, undefined).bytes.equals(packet)).toBe(true);
});
