import { frame } from '../support/raw-client.ts';
import type { Random } from './random.ts';

/** A change of bytes; the result may have any length. */
type Mutation = (random: Random, bytes: Buffer) => Buffer;

/** Where something may be changed. */
const place = (random: Random, bytes: Buffer): number => random.below(Math.max(1, bytes.length));

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  (random, bytes) => {
    const at = place(random, bytes);
    const changed = Buffer.from(bytes);
    if (at < changed.length) changed.writeUInt8(changed.readUInt8(at) ^ (1 << random.below(8)), at);
    return changed;
  },
  (random, bytes) => {
    const at = place(random, bytes);
    const changed = Buffer.from(bytes);
    if (at < changed.length) changed.writeUInt8(random.pick([0, 1, 0x7f, 0x80, 0xff, random.byte()]), at);
    return changed;
  },
  (random, bytes) => {
    const at = place(random, bytes);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(4))]);
  },
  (random, bytes) => {
    const at = place(random, bytes);
    return Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.below(4)), bytes.subarray(at)]);
  },
  (random, bytes) => {
    const at = place(random, bytes);
    const again = bytes.subarray(at, at + random.below(12));
    return Buffer.concat([bytes.subarray(0, at), again, bytes.subarray(at)]);
  },
  (random, bytes) => bytes.subarray(0, place(random, bytes)),
  (random, bytes) => Buffer.concat([bytes, random.bytes(1 + random.below(8))]),
];

/** Bytes of the fixed header, of a frame that has not been changed yet. */
function headerBytes(bytes: Buffer): number {
  let at = 1;
  while (at < bytes.length && (bytes.readUInt8(at) & 0x80) !== 0) at += 1;
  return Math.min(at + 1, bytes.length);
}

/** A frame with one to three changes; mostly of its body, with the length put right, so that they are read at all. */
export function mutate(random: Random, whole: Buffer): Buffer {
  const changes = 1 + random.below(3);
  const changed = (bytes: Buffer): Buffer => {
    let result = bytes;
    for (let turn = 0; turn < changes; turn += 1) result = random.pick(MUTATIONS)(random, result);
    return result;
  };
  if (random.chance(0.2)) return changed(whole);
  const header = random.chance(0.1) ? random.byte() : (whole[0] ?? 0);
  return frame(header, changed(whole.subarray(headerBytes(whole))));
}
