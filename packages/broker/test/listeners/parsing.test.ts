import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCiphers, toOpenSsl } from '../../src/listeners/ciphers.ts';
import { isHelloWhole, parseClientHello } from '../../src/listeners/client-hello.ts';
import { readProxyHeader } from '../../src/listeners/proxy-header.ts';
import { proxyV2 } from './proxy-headers.ts';

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const vector = (bytes: Buffer): Buffer => Buffer.concat([u16(bytes.length), bytes]);
const extension = (type: number, body: Buffer): Buffer => Buffer.concat([u16(type), vector(body)]);

/** A hello of a client that greases (RFC 8701), in one record. */
function helloOf(recordBytesMax = 16_384): Buffer {
  const name = vector(Buffer.concat([Buffer.from([0]), vector(Buffer.from('broker.example'))]));
  const alpn = vector(Buffer.concat([Buffer.from([4]), Buffer.from('mqtt')]));
  const versions = Buffer.concat([Buffer.from([6]), u16(0x3a3a), u16(0x0304), u16(0x0303)]);
  const body = Buffer.concat([
    u16(0x0303),
    Buffer.alloc(32, 7),
    Buffer.from([0]),
    vector(Buffer.concat([0x1a1a, 0x1301, 0xc02f, 0xeeee, 0x00ff].map(u16))),
    Buffer.from([1, 0]),
    vector(Buffer.concat([extension(0, name), extension(16, alpn), extension(43, versions)])),
  ]);
  const message = Buffer.concat([Buffer.from([1, 0]), vector(body)]);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += recordBytesMax) {
    records.push(Buffer.from([0x16, 3, 1]), vector(message.subarray(at, at + recordBytesMax)));
  }
  return Buffer.concat(records);
}

describe('a ClientHello', () => {
  test.each([16_384, 20])('tells what is offered, also in records of %i bytes', (recordBytesMax) => {
    expect(parseClientHello(helloOf(recordBytesMax))).toEqual({
      versions: ['TLSv1.3', 'TLSv1.2'],
      ciphers: ['TLS_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', '0xEEEE'],
      serverName: 'broker.example',
      alpn: ['mqtt'],
    });
  });

  test('is whole with its last byte, wherever it was cut', () => {
    const hello = helloOf(100);
    for (let end = 0; end < hello.length; end += 1) expect(isHelloWhole(hello.subarray(0, end))).toBe(false);
    expect(isHelloWhole(hello)).toBe(true);
  });

  test('is not waited for beyond 16 KiB', () => {
    expect(isHelloWhole(Buffer.alloc(16_384, 0x16))).toBe(true);
  });

  test('that is damaged never throws', () => {
    const hello = helloOf();
    const damaged = fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(damaged, (changes) => {
        const bytes = Buffer.from(hello);
        for (const [at, value] of changes) bytes[at] = value;
        parseClientHello(bytes);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a PROXY header', () => {
  const read = (bytes: Buffer | string) => readProxyHeader(Buffer.from(bytes as string));

  test.each([
    ['PROXY TCP4 203.0.113.7 192.0.2.1 56324 1883\r\n', { ip: '203.0.113.7', port: 56_324 }],
    ['PROXY TCP6 2001:DB8::7 2001:db8::1 1 65535\r\n', { ip: '2001:db8::7', port: 1 }],
  ])('of version 1 names the client: %j', (line, source) => {
    const taken = read(`${line}\x10\x0c`);
    expect(taken).toEqual({ value: { kind: 'proxied', source }, usedBytes: line.length });
  });

  test.each([
    ['IPv4', proxyV2({ ip: [203, 0, 113, 7], port: 8_080 }), { ip: '203.0.113.7', port: 8_080 }],
    [
      'IPv6',
      proxyV2({ ip: [0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 7], port: 9 }),
      { ip: '2001:db8::7', port: 9 },
    ],
    [
      'TLVs, which are skipped',
      proxyV2({ ip: [10, 0, 0, 1], port: 7, tlvs: Buffer.alloc(300, 1) }),
      { ip: '10.0.0.1', port: 7 },
    ],
  ])('of version 2 names the client: %s', (_what, header, source) => {
    const taken = read(Buffer.concat([header, Buffer.from([0x10])]));
    expect(taken).toEqual({ value: { kind: 'proxied', source }, usedBytes: header.length });
  });

  test.each([
    ['v1 UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n')],
    ['v1 UNKNOWN with addresses', Buffer.from('PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n')],
    ['v2 LOCAL', proxyV2({ command: 0x20, family: 0, ip: [], port: 0 })],
    ['v2 of a Unix socket', proxyV2({ family: 0x31, ip: Array<number>(108).fill(0), port: 0 })],
  ])('may speak for the proxy itself: %s', (_what, header) => {
    expect(read(header)).toEqual({ value: { kind: 'local' }, usedBytes: header.length });
  });

  test.each([
    ['MQTT', Buffer.from([0x10, 0x0c, 0, 4]), 'missing'],
    ['HTTP that begins like it', Buffer.from('PUT / HTTP/1.1'), 'missing'],
    ['a line without an end', Buffer.from(`PROXY TCP4 ${'1'.repeat(120)}`), 'too-long'],
    ['no address', Buffer.from('PROXY TCP4 example.org 192.0.2.1 1 2\r\n'), 'malformed'],
    ['an address of the other family', Buffer.from('PROXY TCP4 ::1 ::1 1 2\r\n'), 'malformed'],
    ['a port out of range', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.1 65536 2\r\n'), 'malformed'],
    ['more fields', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.1 1 2 3\r\n'), 'malformed'],
    ['an unknown version 2 command', proxyV2({ command: 0x22, ip: [1, 2, 3, 4], port: 1 }), 'malformed'],
    ['too few bytes for its addresses', proxyV2({ ip: [1, 2, 3, 4], port: 1, bodyBytes: 8 }), 'malformed'],
    [
      'a body beyond the bound',
      proxyV2({ ip: [1, 2, 3, 4], port: 1, tlvs: Buffer.alloc(5_000) }),
      'too-long',
    ],
  ])('is refused: %s', (_name, bytes, what) => {
    expect(read(bytes)).toEqual({ value: { kind: 'fault', what }, usedBytes: 0 });
  });

  test('is waited for byte by byte, and says the same however it is cut', () => {
    for (const header of [
      Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 1 2\r\n'),
      proxyV2({ ip: [1, 2, 3, 4], port: 5 }),
    ]) {
      for (let end = 1; end < header.length; end += 1) expect(read(header.subarray(0, end))).toBeUndefined();
      expect(read(header)?.value.kind).toBe('proxied');
    }
  });

  test('never throws, and never waits beyond its bound', () => {
    const signature = fc.constantFrom(
      Buffer.from('PROXY '),
      proxyV2({ ip: [], port: 0 }).subarray(0, 12),
      Buffer.alloc(0),
    );
    fc.assert(
      fc.property(signature, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        readProxyHeader(Buffer.concat([start, rest]));
        expect(readProxyHeader(Buffer.concat([start, rest, Buffer.alloc(70_000)]))).toBeDefined();
      }),
    );
  });
});

describe('a cipher list', () => {
  test('tells the names that this OpenSSL lacks, one by one, and keeps the others', () => {
    const list =
      'TLS_AES_256_GCM_SHA384,ECDHE-RSA-AES128-GCM-SHA256:PSK-RC4-SHA TLS_NO_SUCH,!RC4,ECDHE+AESGCM';
    expect(readCiphers(list)).toEqual({
      usable: ['TLS_AES_256_GCM_SHA384', 'ECDHE-RSA-AES128-GCM-SHA256', '!RC4', 'ECDHE+AESGCM'],
      unknown: ['PSK-RC4-SHA', 'TLS_NO_SUCH'],
    });
  });

  test("is Mozilla's intermediate list when it is empty, every name of it known", () => {
    const { usable, unknown } = readCiphers('');
    expect(readCiphers(usable.join(':'))).toEqual({ usable, unknown: [] });
    expect(unknown).toEqual([]);
  });

  test('gets what old versions need, only where they are allowed', () => {
    expect(toOpenSsl(readCiphers('', 'TLSv1.1'), 'TLSv1.1')).toContain('ECDHE-RSA-AES128-SHA');
    expect(toOpenSsl(readCiphers('', 'TLSv1.2'), 'TLSv1.2')).not.toMatch(/SECLEVEL|AES128-SHA:/);
  });
});
