import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pbkdf2 } from '../src/digests.ts';
import { hmacMd4, md4, pbkdf2Md4 } from '../src/md4.ts';
import { bytes } from './support.ts';

const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

describe('MD4 (RFC 1320, A.5)', () => {
  test.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ])('%j', (message, expected) => {
    expect(hex(md4(bytes(message)))).toBe(expected);
  });
});

test('HMAC-MD4 is RFC 2104’s construction for keys shorter and longer than a block', () => {
  const byDefinition = (key: Uint8Array, message: Uint8Array): string => {
    const block = new Uint8Array(64);
    block.set(key.length > 64 ? md4(key) : key);
    const inner = md4(Buffer.concat([block.map((byte) => byte ^ 0x36), message]));
    return hex(md4(Buffer.concat([block.map((byte) => byte ^ 0x5c), inner])));
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (key, message) => {
      expect(hex(hmacMd4(key, message))).toBe(byDefinition(key, message));
    }),
  );
});

test('PBKDF2-MD4 derives as many bytes as asked for, each a prefix of the longer', () => {
  const long = pbkdf2Md4(bytes('public'), bytes('salt'), 10, 40);
  expect(long).toHaveLength(40);
  expect(hex(pbkdf2Md4(bytes('public'), bytes('salt'), 10, 16))).toBe(hex(long).slice(0, 32));
});

test('the other macfuns are OpenSSL’s: RFC 6070 and RFC 4231 vectors', () => {
  expect(hex(pbkdf2('sha', bytes('password'), bytes('salt'), 4096, 20))).toBe(
    '4b007901b765489abead49d926f721d065a429c1',
  );
  expect(createHmac('md5', 'Jefe').update('what do ya want for nothing?').digest('hex')).toBe(
    '750c783e6ab0b503eaa86e310a5db738',
  );
  expect(createHash('ripemd160').update('abc').digest('hex')).toBe(
    '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc',
  );
});
