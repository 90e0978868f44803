import { Duplex, PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FlushScheduler, Outbound } from '../src/connection/outbound.ts';
import { MessageCounters } from '../src/telemetry/messages.ts';
import { FakeClock } from './support/fake-clock.ts';

const CLIENTS = 3;

const sending = fc.record({
  client: fc.nat({ max: CLIENTS - 1 }),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 40 }),
    fc.integer({ min: 4_000, max: 6_000 }).map((length) => new Uint8Array(length).fill(length & 0xff)),
  ),
  packetId: fc.option(fc.integer({ min: 1, max: 65_535 })),
  ends: fc.boolean(),
});

/** What a client is to get of a copy. */
function copied(bytes: Uint8Array, packetId: number): Buffer {
  const own = Buffer.from(bytes);
  own.writeUInt8(own.readUInt8(0) | 0x08, 0);
  own.writeUInt16BE(packetId, 2);
  return own;
}

const context = () => ({
  limits: { writeBufferBytesMax: 10_000_000, slowConsumerMsMax: 1_000 },
  counters: { messages: new MessageCounters() },
  clock: new FakeClock(),
  flusher: new FlushScheduler(),
});
const events = { drained: () => undefined, overflow: () => undefined };

test('what waits for a slow client holds little more memory than it is long', () => {
  let goOn: (() => void) | undefined;
  const written: Buffer[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk);
      goOn = done;
    },
  });
  const outbound = new Outbound(stream, context(), events);
  const chunk = Buffer.allocUnsafeSlow(65_536);
  for (let index = 0; index < 20; index += 1) {
    outbound.send(chunk.subarray(index * 100, index * 100 + 50));
    if (index % 3 === 0) outbound.sendCopy({ bytes: Buffer.alloc(30), packetIdAt: 2 }, 1, 0);
    outbound.flush();
  }
  for (let step = goOn; step !== undefined; step = goOn) {
    goOn = undefined;
    step();
  }
  const [, ...waited] = written;
  expect(waited).toHaveLength(19);
  for (const bytes of waited) expect(bytes.buffer.byteLength).toBeLessThanOrEqual(8_192);
});

test('every client gets its own packets whole and in order, however those of all are mixed', async () => {
  const turn = fc.array(sending, { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(turn, async (sendings) => {
      const shared = context();
      const clients = Array.from({ length: CLIENTS }, () => {
        const stream = new PassThrough({ highWaterMark: 10_000_000 });
        return { stream, outbound: new Outbound(stream, shared, events), expected: [] as Buffer[] };
      });
      for (const { client: index, bytes, packetId, ends } of sendings) {
        const client = clients[index];
        const original = Buffer.from(bytes);
        if (packetId === null) client?.outbound.send(original);
        else client?.outbound.sendCopy({ bytes: original, packetIdAt: 2 }, packetId, 0x08);
        client?.expected.push(packetId === null ? original : copied(original, packetId));
        if (ends) await new Promise(setImmediate);
      }
      for (const { outbound } of clients) outbound.flush();
      for (const { stream, expected } of clients) {
        const got = Buffer.from((stream.read() as Buffer | null) ?? []);
        expect(got.equals(Buffer.concat(expected)), got.toString('hex')).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});
