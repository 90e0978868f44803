/**
 * MD4 (RFC 1320), which OpenSSL 3 no longer has by default, with the HMAC (RFC 2104) and PBKDF2 (RFC 8018) that
 * imported `pbkdf2,md4,…` hashes need. Broken as a digest; never used for anything new.
 */

interface State {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

interface Step {
  readonly word: number;
  readonly shift: number;
}

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 16;
const LENGTH_BYTES = 8;
const INITIAL: State = { a: 0x67452301, b: 0xefcdab89, c: 0x98badcfe, d: 0x10325476 };

const steps = (
  words: readonly number[],
  shifts: readonly [number, number, number, number],
): readonly Step[] => words.map((word, i) => ({ word, shift: shifts[(i % 4) as 0 | 1 | 2 | 3] }));

const ROUND_1 = steps([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [3, 7, 11, 19]);
const ROUND_2 = steps([0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15], [3, 5, 9, 13]);
const ROUND_3 = steps([0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], [3, 9, 11, 15]);

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

function compress(state: State, block: DataView, offset: number): State {
  let { a, b, c, d } = state;
  const turn = (mixed: number, step: Step, constant: number): void => {
    const next = rotate(
      (a + mixed + block.getUint32(offset + 4 * step.word, true) + constant) | 0,
      step.shift,
    );
    a = d;
    d = c;
    c = b;
    b = next;
  };
  for (const step of ROUND_1) turn((b & c) | (~b & d), step, 0);
  for (const step of ROUND_2) turn((b & c) | (b & d) | (c & d), step, 0x5a827999);
  for (const step of ROUND_3) turn(b ^ c ^ d, step, 0x6ed9eba1);
  return { a: (a + state.a) | 0, b: (b + state.b) | 0, c: (c + state.c) | 0, d: (d + state.d) | 0 };
}

/** Digests `data` from a state that has already taken in `before` bytes (a whole number of blocks). */
function finish(from: State, before: number, data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((data.length + 1 + LENGTH_BYTES) / BLOCK_BYTES) * BLOCK_BYTES);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - LENGTH_BYTES, BigInt(before + data.length) * 8n, true);

  let state = from;
  for (let offset = 0; offset < padded.length; offset += BLOCK_BYTES) state = compress(state, view, offset);

  const digest = new DataView(new ArrayBuffer(DIGEST_BYTES));
  [state.a, state.b, state.c, state.d].forEach((word, i) => {
    digest.setUint32(4 * i, word, true);
  });
  return new Uint8Array(digest.buffer);
}

/** The 16-byte MD4 digest. */
export const md4 = (data: Uint8Array): Uint8Array => finish(INITIAL, 0, data);

/** HMAC-MD4 under one key, whose two key blocks are taken in once. */
function keyed(key: Uint8Array): (message: Uint8Array) => Uint8Array {
  const short = key.length > BLOCK_BYTES ? md4(key) : key;
  const absorb = (pad: number): State => {
    const block = new Uint8Array(BLOCK_BYTES).fill(pad);
    short.forEach((byte, i) => {
      block[i] = byte ^ pad;
    });
    return compress(INITIAL, new DataView(block.buffer), 0);
  };
  const inner = absorb(0x36);
  const outer = absorb(0x5c);
  return (message) => finish(outer, BLOCK_BYTES, finish(inner, BLOCK_BYTES, message));
}

export const hmacMd4 = (key: Uint8Array, message: Uint8Array): Uint8Array => keyed(key)(message);

/** PBKDF2-HMAC-MD4, `derivedBytes` long. */
export function pbkdf2Md4(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  derivedBytes: number,
): Uint8Array {
  const hmac = keyed(password);
  const derived = new Uint8Array(Math.ceil(derivedBytes / DIGEST_BYTES) * DIGEST_BYTES);
  const first = new Uint8Array(salt.length + 4);
  first.set(salt);
  for (let offset = 0, index = 1; offset < derived.length; offset += DIGEST_BYTES, index++) {
    new DataView(first.buffer).setUint32(salt.length, index);
    let u = hmac(first);
    const block = u.slice();
    for (let i = 1; i < iterations; i++) {
      u = hmac(u);
      u.forEach((byte, at) => {
        block[at] = (block[at] ?? 0) ^ byte;
      });
    }
    derived.set(block, offset);
  }
  return derived.subarray(0, derivedBytes);
}
