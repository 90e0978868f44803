import fc from 'fast-check';
import { generate, type Packet, parser } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../src/config.ts';
import { encodeAck, readAck } from '../src/protocol/acks.ts';
import { Codec } from '../src/protocol/codec.ts';
import { Framer, type Frame } from '../src/protocol/framing.ts';
import { encodePublish, readPublish } from '../src/protocol/publish.ts';
import { connectPacket, field, frame } from './support/raw-client.ts';

type Version = 3 | 4 | 5;

function toFrame(bytes: Buffer): Frame {
  const framer = new Framer(LIMITS.packetBytesMax);
  framer.push(bytes);
  const result = framer.next();
  if (result === undefined || 'kind' in result) throw new Error('no frame');
  return result;
}

/** A codec that has read a CONNECT of this version. */
function codecOf(version: Version): Codec {
  const codec = new Codec(LIMITS);
  const connect = connectPacket({ protocolVersion: version });
  expect(codec.connect(toFrame(generate(connect)))).toMatchObject({ cmd: 'connect', version });
  return codec;
}

/** What mqtt-packet alone makes of a frame. */
function parseAlone(bytes: Buffer, version: Version): Packet | undefined {
  const reader = parser({ protocolVersion: version });
  const parsed: Packet[] = [];
  reader.on('packet', (packet) => parsed.push(packet));
  reader.on('error', () => parsed.splice(0));
  reader.parse(bytes);
  return parsed[0];
}

const text = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  .filter((value) => !value.includes('\0'));
const version = fc.constantFrom<Version>(3, 4, 5);
const qos = fc.constantFrom(0 as const, 1 as const, 2 as const);

describe('the PUBLISH fast path', () => {
  const properties = fc.record(
    {
      payloadFormatIndicator: fc.boolean(),
      messageExpiryInterval: fc.integer({ min: 0, max: 0xffff_ffff }),
      contentType: text,
      responseTopic: text.filter((topic) => !/[+#]/.test(topic)),
      correlationData: fc.uint8Array({ maxLength: 10 }).map((bytes) => Buffer.from(bytes)),
      userProperties: fc.dictionary(text, text, { minKeys: 1, maxKeys: 3 }),
    },
    { requiredKeys: [] },
  );
  const publish = fc.record({
    topic: text,
    qos,
    retain: fc.boolean(),
    messageId: fc.integer({ min: 1, max: 65_535 }),
    payload: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    properties,
  });

  test('reads what mqtt-packet reads', () => {
    fc.assert(
      fc.property(publish, version, (fields, v) => {
        const bytes = generate({ cmd: 'publish', dup: false, ...fields }, { protocolVersion: v });
        const theirs = parseAlone(bytes, v);
        const ours = readPublish(toFrame(bytes), v, LIMITS.userPropertiesMax);
        expect(ours).toMatchObject({
          topic: fields.topic,
          qos: fields.qos,
          retain: fields.retain,
          packetId: fields.qos === 0 ? 0 : fields.messageId,
          payload: fields.payload,
        });
        expect(theirs).toMatchObject({ topic: fields.topic, payload: fields.payload });
      }),
    );
  });

  test('forwards every property byte for byte, the expiry apart', () => {
    fc.assert(
      fc.property(publish, (fields) => {
        const bytes = generate({ cmd: 'publish', dup: false, ...fields }, { protocolVersion: 5 });
        const read = readPublish(toFrame(bytes), 5, LIMITS.userPropertiesMax);
        if (!('cmd' in read)) throw new Error(read.what);
        const written = encodePublish(read, 5);
        if (written.packetIdAt >= 0) written.bytes.writeUInt16BE(read.packetId, written.packetIdAt);
        expect(parseAlone(written.bytes, 5)).toEqual(parseAlone(bytes, 5));
      }),
    );
  });

  test('keeps user properties in order, also where a name comes twice v5.0 [MQTT-3.3.2-18]', () => {
    const pair = (name: string, value: string) =>
      Buffer.concat([Buffer.from([38]), field(name), field(value)]);
    const user = Buffer.concat([pair('b', '1'), pair('a', '2'), pair('b', '')]);
    const bytes = frame(0x30, Buffer.concat([field('t'), Buffer.from([user.length]), user]));
    expect(readPublish(toFrame(bytes), 5, 8)).toMatchObject({ properties: user });
  });
});

describe('the acknowledgement fast path', () => {
  const kind = fc.constantFrom('puback' as const, 'pubrec' as const, 'pubrel' as const, 'pubcomp' as const);

  test('reads and writes what mqtt-packet does', () => {
    fc.assert(
      fc.property(kind, fc.integer({ min: 1, max: 65_535 }), version, fc.boolean(), (cmd, id, v, failed) => {
        const code = failed ? (cmd === 'pubrel' || cmd === 'pubcomp' ? 0x92 : 0x87) : 0;
        const reasonCode = v === 5 ? code : 0;
        const theirs = generate({ cmd, messageId: id, reasonCode: code }, { protocolVersion: v });
        expect(readAck(toFrame(theirs), cmd, v, 8)).toEqual({ cmd, packetId: id, reasonCode });
        expect(parseAlone(encodeAck(cmd, id, v, code), v)).toMatchObject({ cmd, messageId: id });
        expect(readAck(toFrame(encodeAck(cmd, id, v, code)), cmd, v, 8)).toEqual({
          cmd,
          packetId: id,
          reasonCode,
        });
      }),
    );
  });
});

const id = Buffer.from([0, 1]);
const noProperties = Buffer.from([0]);
const repeatedExpiry = Buffer.from([10, 2, 0, 0, 0, 1, 2, 0, 0, 0, 2]);

describe('the guard refuses what mqtt-packet lets through', () => {
  test.each<[string, Version, Buffer]>([
    ['packet-id-zero', 4, frame(0x32, Buffer.concat([field('t'), Buffer.from([0, 0])]))],
    ['topic-not-utf8', 4, frame(0x30, field(Buffer.from([0x74, 0xff])))],
    ['topic-has-u0000', 4, frame(0x30, field('a\0b'))],
    ['dup-at-qos-0', 4, frame(0x38, field('t'))],
    ['qos-3', 4, frame(0x36, Buffer.concat([field('t'), id]))],
    ['message-expiry-repeated', 5, frame(0x30, Buffer.concat([field('t'), repeatedExpiry]))],
    ['property-not-allowed', 5, frame(0x30, Buffer.concat([field('t'), Buffer.from([2, 11, 1])]))],
    ['topic-alias-zero', 5, frame(0x30, Buffer.concat([field('t'), Buffer.from([3, 35, 0, 0])]))],
    ['properties-length', 5, frame(0x30, Buffer.concat([field('t'), Buffer.from([9, 1, 1])]))],
    ['payload-format-invalid', 5, frame(0x30, Buffer.concat([field('t'), Buffer.from([2, 1, 2])]))],
    ['packet-id-zero', 4, frame(0x40, Buffer.from([0, 0]))],
    ['trailing-bytes', 4, frame(0x40, Buffer.from([0, 1, 7]))],
    ['reason-code-invalid', 5, frame(0x40, Buffer.from([0, 1, 0x42]))],
    ['reserved-flags', 4, frame(0x60, id)],
    ['reserved-flags', 4, frame(0x80, Buffer.concat([id, field('t'), Buffer.from([0])]))],
    [
      'topic-filter-not-utf8',
      4,
      frame(0x82, Buffer.concat([id, field(Buffer.from([0xc3])), Buffer.from([0])])),
    ],
    ['no-filter', 4, frame(0x82, id)],
    ['no-filter', 5, frame(0xa2, Buffer.concat([id, noProperties]))],
    [
      'subscription-identifier-zero',
      5,
      frame(0x82, Buffer.concat([id, Buffer.from([2, 11, 0]), field('t'), id])),
    ],
    ['subscription-options-reserved', 4, frame(0x82, Buffer.concat([id, field('t'), Buffer.from([4])]))],
    ['qos-3', 4, frame(0x82, Buffer.concat([id, field('t'), Buffer.from([3])]))],
    ['retain-handling-3', 5, frame(0x82, Buffer.concat([id, noProperties, field('t'), Buffer.from([0x30])]))],
    ['trailing-bytes', 4, frame(0xc0, Buffer.from([1]))],
    ['trailing-bytes', 4, frame(0xe0, Buffer.from([0]))],
    ['reason-code-invalid', 5, frame(0xe0, Buffer.from([0x8e]))],
    ['unexpected-packet-type-1', 4, generate(connectPacket())],
    ['unexpected-packet-type-2', 4, frame(0x20, id)],
    ['unexpected-packet-type-15', 4, frame(0xf0, Buffer.from([0]))],
    ['reason-code-invalid', 5, frame(0xf0, Buffer.from([0, 0]))],
    ['auth-method-missing', 5, frame(0xf0, Buffer.from([0x18, 0]))],
    ['reserved-flags', 5, frame(0xf1, Buffer.from([0x18, 0]))],
    ['unexpected-packet-type-0', 4, frame(0x00, Buffer.alloc(0))],
  ])('%s (version %i)', (what, v, bytes) => {
    expect(codecOf(v).read(toFrame(bytes))).toMatchObject({ what });
  });

  test('too many user properties or filters', () => {
    const user = Buffer.concat([Buffer.from([38]), field('n'), field('v')]);
    const all = Buffer.concat(Array.from({ length: 20 }, () => user));
    const bytes = frame(
      0x30,
      Buffer.concat([field('t'), Buffer.from([(all.length & 0x7f) | 0x80, all.length >> 7]), all]),
    );
    expect(readPublish(toFrame(bytes), 5, 19)).toMatchObject({ what: 'too-many-user-properties' });
    const filters = Array.from({ length: LIMITS.filtersPerPacketMax + 1 }, () => ({
      topic: 't',
      qos: 0 as const,
    }));
    const subscribe = generate({ cmd: 'subscribe', messageId: 1, subscriptions: filters });
    expect(codecOf(4).read(toFrame(subscribe))).toMatchObject({ what: 'too-many-filters' });
  });
});

describe('hostile bytes', () => {
  test('never throw, whatever the frame says', () => {
    fc.assert(
      fc.property(
        version,
        fc.integer({ min: 0, max: 255 }),
        fc.uint8Array({ maxLength: 80 }),
        (v, header, body) => {
          const broken = frame(header, Buffer.from(body));
          const packet = codecOf(v).read(toFrame(broken));
          expect('cmd' in packet || 'what' in packet).toBe(true);
          expect(() => new Codec(LIMITS).connect(toFrame(broken))).not.toThrow();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('never throw in a CONNECT that is right but for some bytes', () => {
    const will = { topic: 'w', payload: Buffer.from('x'), qos: 1 as const, retain: true };
    const properties = { sessionExpiryInterval: 5, userProperties: { a: 'b' } };
    const good = generate(
      connectPacket({ protocolVersion: 5, username: 'u', password: Buffer.from('p'), will, properties }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 2, max: good.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 4,
        }),
        (edits) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of edits) bytes.writeUInt8(value, at);
          const result = new Codec(LIMITS).connect(toFrame(bytes));
          expect('cmd' in result || 'reason' in result).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
