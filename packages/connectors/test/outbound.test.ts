import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOutboundClient, type OutboundClient } from '../src/outbound-client.ts';
import { createOutboundPolicy, type OutboundOptions } from '../src/outbound.ts';
import { answer, type HttpServer, startHttpServer } from './support/http-server.ts';

const OPEN = { allow: [], deny: [] } as const;
const targets = (host: string, differs: Partial<OutboundOptions> = {}, port = 80) =>
  createOutboundPolicy({ ...OPEN, ...differs }).targets(host, port);

describe('what is denied by default', () => {
  test.each([
    ['169.254.169.254', 'a metadata address of a cloud'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['[fe80::1%eth0]', 'link-local'],
    ['fd00:ec2::254', 'a metadata address of a cloud'],
    ['100.100.100.200', 'a metadata address of a cloud'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'reserved or broadcast'],
  ])('%s: %s', async (host, why) => {
    expect(await targets(host)).toEqual({ refused: expect.stringContaining(why) as unknown });
  });

  test.each([
    ['decimal', '2852039166'],
    ['hexadecimal', '0xA9FEA9FE'],
    ['octal', '0251.0376.0251.0376'],
    ['mixed and short', '169.254.43518'],
    ['IPv4-mapped', '::ffff:169.254.169.254'],
    ['IPv4-mapped in hexadecimal', '[::ffff:a9fe:a9fe]'],
    ['IPv4-compatible', '::a9fe:a9fe'],
    ['NAT64', '64:ff9b::a9fe:a9fe'],
    ['6to4', '2002:a9fe:a9fe::1'],
    ['full-width digits', '１６９.２５４.１６９.２５４'],
    ['with a dot at the end', '169.254.169.254.'],
  ])('the metadata address in another notation: %s', async (_what, host) => {
    expect((await targets(host)).addresses).toBeUndefined();
  });

  test.each(['a b', 'host/path', 'user@host', 'host#x', ''])(
    '"%s" is no host and leads nowhere',
    async (host) => {
      expect((await targets(host)).addresses).toBeUndefined();
    },
  );
});

describe('what is open by default', () => {
  test.each([
    '10.1.2.3',
    '192.168.1.1',
    '172.16.0.1',
    '127.0.0.1',
    '::1',
    '203.0.113.9',
    '2001:db8::1',
    'fd00::1',
  ])('backends live at %s', async (host) => {
    expect((await targets(host)).addresses).toBeDefined();
  });
});

describe('the server’s own API and console', () => {
  const own = { ownPorts: () => [8080, 3000] };

  test.each(['127.0.0.1', '127.1.2.3', '::1', '2130706433', '::ffff:127.0.0.1', '0x7f.1'])(
    'are not to be called through %s',
    async (host) => {
      expect((await targets(host, own, 8080)).addresses).toBeUndefined();
      expect((await targets(host, own, 3000)).addresses).toBeUndefined();
      expect((await targets(host, own, 8081)).addresses).toBeDefined();
    },
  );

  test('nor through a name for this machine', async () => {
    const resolve = () => Promise.resolve(['127.0.0.1', '::1']);
    expect((await targets('me.example', { ...own, resolve }, 8080)).addresses).toBeUndefined();
  });

  test('the same port of another machine may be called', async () => {
    expect((await targets('203.0.113.9', own, 8080)).addresses).toEqual(['203.0.113.9']);
  });
});

describe('the lists of the configuration', () => {
  const resolve = (host: string) =>
    Promise.resolve(host === 'inside.example' ? ['10.0.0.5'] : ['203.0.113.9']);

  test('a denied network or name is not called', async () => {
    expect((await targets('10.0.0.5', { deny: ['10.0.0.0/8'] })).addresses).toBeUndefined();
    expect((await targets('inside.example', { deny: ['10.0.0.0/8'], resolve })).addresses).toBeUndefined();
    expect((await targets('OUT.Example.', { deny: ['out.example'], resolve })).addresses).toBeUndefined();
    expect((await targets('::ffff:10.0.0.5', { deny: ['10.0.0.0/8'] })).addresses).toBeUndefined();
  });

  test('what is allowed is called although it is denied, by list or by default', async () => {
    const everything = ['0.0.0.0/0', '::/0'];
    const only = { deny: everything, allow: ['inside.example'], resolve };
    expect((await targets('inside.example', only)).addresses).toEqual(['10.0.0.5']);
    expect((await targets('out.example', only)).addresses).toBeUndefined();
    expect((await targets('169.254.169.254', { allow: ['169.254.169.254'] })).addresses).toBeDefined();
    expect((await targets('169.254.1.1', { allow: ['169.254.169.254'] })).addresses).toBeUndefined();
  });

  test('of several addresses only those that may be called remain', async () => {
    const mixed = () => Promise.resolve(['169.254.169.254', '203.0.113.9', 'fe80::1']);
    expect((await targets('mixed.example', { resolve: mixed })).addresses).toEqual(['203.0.113.9']);
  });
});

describe('a connection', () => {
  let server: HttpServer;
  let client: OutboundClient | undefined;
  beforeEach(async () => {
    server = await startHttpServer();
    server.answerWith(answer(200, 'inside'));
  });
  afterEach(async () => {
    await client?.close();
    await server.close();
  });

  const clientTo = (url: string, differs: Partial<OutboundOptions>): OutboundClient => {
    client = createOutboundClient({
      url,
      policy: createOutboundPolicy({ ...OPEN, ...differs }),
      connectionsMax: 1,
      connectTimeoutMs: 1_000,
      bodyBytesMax: 1_000,
      tls: undefined,
    });
    return client;
  };

  test('goes to the address that was judged, by one look-up: a name that changes afterwards changes nothing', async () => {
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    let asked = 0;
    const resolve = () => Promise.resolve(answers[asked++] ?? []);
    const rebinding = clientTo(`http://rebind.example:${server.port}/`, { resolve });
    expect(await rebinding.ask({ method: 'GET' }, 1_000)).toMatchObject({ status: 200 });
    expect(asked).toBe(1);
    expect(server.seen[0]?.headers.host).toBe(`rebind.example:${server.port}`);
  });

  test('is judged anew each time: a name that has turned to a metadata address is not followed there', async () => {
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const resolve = () => Promise.resolve(answers.shift() ?? []);
    server.answerWith(answer(200, 'inside', { connection: 'close' }));
    const rebinding = clientTo(`http://rebind.example:${server.port}/`, { resolve });
    expect(await rebinding.ask({ method: 'GET' }, 1_000)).toMatchObject({ status: 200 });
    expect(await rebinding.ask({ method: 'GET' }, 1_000)).toEqual({
      result: 'unreachable',
      problem: expect.stringContaining('169.254.169.254: a metadata address of a cloud') as unknown,
    });
    expect(server.connections()).toBe(1);
  });

  test.each(['2130706433', '0x7f000001', '[::ffff:7f00:1]'])(
    'to an address in the notation %s is judged like any other',
    async (host) => {
      const refused = clientTo(`http://${host}:${server.port}/`, { deny: ['127.0.0.0/8'] });
      expect(await refused.ask({ method: 'GET' }, 1_000)).toMatchObject({ result: 'unreachable' });
      expect(server.connections()).toBe(0);
    },
  );

  test('never follows a redirect, wherever it leads', async () => {
    server.answerWith(answer(307, '', { location: 'http://169.254.169.254/latest/meta-data' }));
    const redirected = clientTo(server.url, {});
    expect(await redirected.ask({ method: 'GET' }, 1_000)).toMatchObject({ status: 307 });
    expect(server.seen).toHaveLength(1);
  });

  test('to a name that does not resolve is told as unreachable', async () => {
    const lost = clientTo('http://lost.example/', {
      resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
    });
    expect(await lost.ask({ method: 'GET' }, 1_000)).toEqual({
      result: 'unreachable',
      problem: 'ENOTFOUND at lost.example',
    });
  });

  test('whose name service is silent costs no more than the time to connect', async () => {
    const silent = clientTo('http://silent.example/', { resolve: () => new Promise(() => undefined) });
    expect(await silent.ask({ method: 'GET' }, 300)).toMatchObject({ result: 'timeout' });
  });
});
