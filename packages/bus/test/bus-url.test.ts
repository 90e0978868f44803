import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseBusUrl } from '../src/bus-url.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-bus-'));
  for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, name), `PEM of ${name}`);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const NOTHING = {
  tls: false,
  ca: undefined,
  cert: undefined,
  key: undefined,
  user: undefined,
  password: undefined,
};

test.each([
  ['nats://nats', { ...NOTHING, servers: ['nats:4222'] }],
  ['nats://nats:4333/', { ...NOTHING, servers: ['nats:4333'] }],
  ['tls://[::1]', { ...NOTHING, servers: ['[::1]:4222'], tls: true }],
  ['tls://10.0.0.1:4333,b:1', { ...NOTHING, servers: ['10.0.0.1:4333', 'b:1'], tls: true }],
  ['nats://me:a%40b:c%2F@nats', { ...NOTHING, servers: ['nats:4222'], user: 'me', password: 'a@b:c/' }],
  ['nats://token@nats', { ...NOTHING, servers: ['nats:4222'], user: 'token' }],
  ['nats://me:@nats', { ...NOTHING, servers: ['nats:4222'], user: 'me', password: '' }],
])('%s is understood', (url, address) => {
  expect(parseBusUrl(url)).toEqual(address);
});

test('certificates are read from the files named, and need TLS', () => {
  const at = (name: string): string => encodeURIComponent(join(folder, name));
  expect(parseBusUrl(`nats://nats?ca=${at('ca')}&cert=${at('cert')}&key=${at('key')}`)).toEqual({
    ...NOTHING,
    servers: ['nats:4222'],
    tls: true,
    ca: 'PEM of ca',
    cert: 'PEM of cert',
    key: 'PEM of key',
  });
  expect(() => parseBusUrl(`nats://me:secret@nats?cert=${at('cert')}`)).toThrow(
    'bus_url: cert and key go together',
  );
  expect(() => parseBusUrl(`nats://me:secret@nats?ca=${at('none')}`)).toThrow(
    `bus_url: the file of "ca" cannot be read (ENOENT): ${join(folder, 'none')}`,
  );
});

test.each([
  ['', 'bus_url: not nats://[user:password@]host[:port] or tls://…'],
  ['http://me:secret@nats', 'bus_url: not nats://[user:password@]host[:port] or tls://…'],
  ['nats://me:secret@', 'bus_url: not nats://[user:password@]host[:port] or tls://…'],
  ['nats://me:secret@nats/path', 'bus_url: not nats://[user:password@]host[:port] or tls://…'],
  ['nats://me:sec/ret@nats', 'bus_url: not nats://[user:password@]host[:port] or tls://…'],
  ['nats://me:sec%ret@nats', 'bus_url: user or password: a "%" stands for itself only as "%25"'],
  ['nats://me:secret@nats:65536', 'bus_url: not a host, or host:port, after the user'],
  ['nats://me:secret@nats:x', 'bus_url: not a host, or host:port, after the user'],
  ['nats://me:secret@a,,b', 'bus_url: not a host, or host:port, after the user'],
  ['nats://me:secret@nats?tls=no', 'bus_url: "?tls=" is not known; ca, cert and key are'],
])('%j is refused in words, without the password', (url, message) => {
  expect(() => parseBusUrl(url)).toThrow(new Error(message));
});
