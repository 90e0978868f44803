import { describe, expect, test } from 'vitest';
import { parseAddress } from '../src/network/address.ts';
import { inCidr, networkOf, parseCidr } from '../src/network/cidr.ts';

describe('addresses', () => {
  test.each([
    ['203.0.113.9', [203, 0, 113, 9]],
    ['0.0.0.0', [0, 0, 0, 0]],
    ['::', Array<number>(16).fill(0)],
    ['::1', [...Array<number>(15).fill(0), 1]],
    ['2001:DB8::A:1', [0x20, 1, 0x0d, 0xb8, ...Array<number>(8).fill(0), 0, 0xa, 0, 1]],
    ['1:2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
    ['1:2:3:4:5:6:7::', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]],
    ['fe80::1%eth0', [0xfe, 0x80, ...Array<number>(13).fill(0), 1]],
    ['::ffff:203.0.113.9', [203, 0, 113, 9]],
    ['::ffff:cb00:7109', [203, 0, 113, 9]],
    ['::203.0.113.9', [...Array<number>(12).fill(0), 203, 0, 113, 9]],
  ])('%s is read', (text, bytes) => {
    expect(parseAddress(text)).toEqual(bytes);
  });

  test.each([
    '',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.09',
    '203.0.113.9.1',
    'host',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    'g::1',
    '12345::',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::1:',
  ])('%j is no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('networks', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['203.0.113.128/25', '203.0.113.127', false],
    ['203.0.113.128/25', '203.0.113.200', true],
    ['203.0.113.9', '203.0.113.9', true],
    ['203.0.113.9', '203.0.113.8', false],
    ['0.0.0.0/0', '198.51.100.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
  ])('%s holds %s: %s', (network, ip, expected) => {
    const cidr = parseCidr(network);
    const address = parseAddress(ip);
    expect(cidr !== undefined && address !== undefined && inCidr(cidr, address)).toBe(expected);
  });

  test.each(['', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', 'ten/8', '::/129'])(
    '%j is no network',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  test.each([
    ['203.0.113.9', '203.0.113.0/24'],
    ['::ffff:203.0.113.9', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s counts for %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
