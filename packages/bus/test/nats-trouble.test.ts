import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Bus } from '@gatehouse/ports';
import { afterEach, expect, test } from 'vitest';
import { describeWith, temporaryDirectory } from '../../connectors/test/support/programs.ts';
import { tlsFiles } from '../../connectors/test/support/source-tls.ts';
import { createNatsBus, type NatsBusOptions } from '../src/nats-bus.ts';
import { NATS, startNats, type NatsServer } from './support/nats-server.ts';
import { bytes, hear, whenUp } from './support/told.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function server(wanted: Parameters<typeof startNats>[0] = {}): Promise<NatsServer> {
  const started = await startNats(wanted);
  cleanups.push(() => started.stop());
  return started;
}

/** A bus and the trouble it tells of, which `trouble(count)` waits for. */
function start(options: Partial<NatsBusOptions> & { readonly url: string }) {
  const troubles: string[] = [];
  const waiting: (() => void)[] = [];
  const bus: Bus = createNatsBus({
    cluster: 'house',
    node: 'a',
    incarnation: 1,
    onTrouble: (text) => {
      troubles.push(text);
      for (const check of waiting) check();
    },
    ...options,
  });
  cleanups.push(() => bus.close());
  const trouble = (count: number): Promise<readonly string[]> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (troubles.length >= count) resolve(troubles.slice(0, count));
      };
      waiting.push(check);
      check();
    });
  return { bus, trouble };
}

describeWith('NATS (nats-server)', NATS, 'the bus and its NATS server', () => {
  test('starts before it, waits for it, and comes back when it crashed', async () => {
    const nats = await server();
    await nats.crash();
    const { bus, trouble } = start({ url: nats.url });
    expect(bus.isUp).toBe(false);
    await bus.listen('a/#');
    expect(await trouble(1)).toEqual([`localhost:${String(nats.port)}: nothing listens there`]);
    await nats.recover();
    await whenUp(bus);
    const other = start({ url: nats.url, node: 'b' }).bus;
    await whenUp(other);
    const told = hear(bus);
    other.publish('a/b', bytes('1'));
    expect(await told.until(other)).toEqual(['b a/b: 1']);
    const isDown = Promise.all([whenUp(bus, false), whenUp(other, false)]);
    await nats.crash();
    await isDown;
    other.publish('a/b', bytes('lost'));
    expect(other.dropped).toBe(1);
    await nats.recover();
    await Promise.all([whenUp(bus), whenUp(other)]);
    other.publish('a/b', bytes('2'));
    expect(await told.until(other)).toEqual(['b a/b: 2']);
  });

  test('a server that hangs is noticed, and joined again when it goes on', async () => {
    const nats = await server();
    const { bus, trouble } = start({ url: nats.url });
    await whenUp(bus);
    nats.signal('SIGSTOP');
    await whenUp(bus, false);
    const [first] = await trouble(1);
    expect(first).toBe(`localhost:${String(nats.port)}: no answer`);
    nats.signal('SIGCONT');
    await whenUp(bus);
  });

  test('a server that takes the connection and says nothing keeps nobody from leaving', async () => {
    let greet: () => void = () => undefined;
    const isTaken = new Promise<void>((resolve) => {
      greet = resolve;
    });
    const silent = createServer(() => {
      greet();
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { bus } = start({ url: `nats://127.0.0.1:${port}` });
    await isTaken;
    await bus.close();
    // Ends only when no connection is left.
    await new Promise((resolve) => silent.close(resolve));
  });

  test('another server of the list is taken when the first is gone', async () => {
    const [one, two] = [await server(), await server()];
    const [at, also] = [String(one.port), String(two.port)];
    const { bus } = start({ url: `nats://127.0.0.1:${at},127.0.0.1:${also}` });
    await whenUp(bus);
    await one.crash();
    await whenUp(bus, false);
    await whenUp(bus);
    const other = start({ url: two.url, node: 'b' }).bus;
    await whenUp(other);
    const told = hear(bus, ['kick']);
    other.broadcast('kick', bytes('1'));
    expect(await told.until(other)).toEqual(['b (kick) 1']);
  });

  test('two clusters on one server hear nothing of each other', async () => {
    const nats = await server();
    const [own, foreign, same] = [
      start({ url: nats.url }).bus,
      start({ url: nats.url, cluster: 'house.>', node: 'b' }).bus,
      start({ url: nats.url, node: 'b' }).bus,
    ];
    await Promise.all([own, foreign, same].map((bus) => whenUp(bus)));
    const told = hear(own, ['kick']);
    await own.listen('#');
    for (const bus of [foreign, same]) {
      bus.publish('a', bytes(bus === same ? 'same' : 'foreign'));
      bus.broadcast('kick', bytes(bus === same ? 'same' : 'foreign'));
    }
    own.answer('x', () => Promise.resolve(bytes('answer')));
    expect(await foreign.request('a', 'x', bytes(''), 15_000)).toBeUndefined();
    expect(await told.until(same)).toEqual(['b a: same', 'b (kick) same']);
  });

  test('a life of a node that another replaced is not listened to any more', async () => {
    const nats = await server();
    const here = start({ url: nats.url }).bus;
    const [before, after] = [
      start({ url: nats.url, node: 'b', incarnation: 1 }).bus,
      start({ url: nats.url, node: 'b', incarnation: 2 }).bus,
    ];
    await Promise.all([here, before, after].map((bus) => whenUp(bus)));
    const told = hear(here, ['kick']);
    before.broadcast('kick', bytes('1'));
    await before.listen('flushed');
    after.broadcast('kick', bytes('2'));
    await after.listen('flushed');
    before.broadcast('kick', bytes('3'));
    await before.listen('flushed again');
    expect(await told.until(after)).toEqual(['b (kick) 1', 'b (kick) 2']);
  });

  test('what the server has not confirmed is bounded, and there is room again when it has', async () => {
    const nats = await server();
    const { bus } = start({ url: nats.url });
    await whenUp(bus);
    // A megabyte each with what we add; nothing is confirmed before the next turn of the event loop.
    const payload = Buffer.alloc(bus.payloadBytesMax);
    for (let sent = 0; sent < 80; sent += 1) bus.publish('a', payload);
    expect(bus.dropped).toBe(80 - 64);
    await bus.listen('flushed');
    for (let sent = 0; sent < 64; sent += 1) bus.publish('a', payload);
    expect(bus.dropped).toBe(80 - 64);
  });

  test('the server’s own bound on payloads is kept to', async () => {
    const nats = await server();
    const { bus } = start({ url: nats.url });
    await whenUp(bus);
    // The default of the server, without what we add.
    expect(bus.payloadBytesMax).toBe(1_048_576 - 20);
  });
});

describeWith('NATS (nats-server)', NATS, 'TLS and credentials of the bus', () => {
  test('let in who has them', async () => {
    const nats = await server({ tls: 'DNS:localhost', account: true });
    const { bus } = start({ url: nats.url });
    const other = start({ url: nats.url.replace('tls://', 'nats://'), node: 'b' }).bus;
    await Promise.all([whenUp(bus), whenUp(other)]);
    const told = hear(bus, ['kick']);
    other.broadcast('kick', bytes('1'));
    expect(await told.until(other)).toEqual(['b (kick) 1']);
  });

  test('of its own are shown to a server that asks for a certificate', async () => {
    const { caFile, certFile, keyFile, discard } = tlsFiles('DNS:localhost');
    cleanups.push(discard);
    const nats = await server({
      extra: ['--tlsverify', '--tlscacert', caFile, '--tlscert', certFile, '--tlskey', keyFile],
    });
    const { trouble } = start({ url: `${nats.url}?ca=${caFile}` });
    expect(await trouble(1)).toEqual([
      `localhost:${String(nats.port)}: it asks for a certificate, or does not take ours: name one by ?cert=FILE&key=FILE`,
    ]);
    const { bus } = start({ url: `${nats.url}?ca=${caFile}&cert=${certFile}&key=${keyFile}`, node: 'b' });
    await whenUp(bus);
  });

  test('that are missing or wrong are told in words, without the password, for as long as they are', async () => {
    const nats = await server({ tls: 'DNS:localhost', account: true });
    const at = `localhost:${String(nats.port)}`;
    const stranger = tlsFiles();
    cleanups.push(stranger.discard);
    const reason = async (url: string): Promise<string> => {
      const { bus, trouble } = start({ url });
      const [first] = await trouble(1);
      expect(bus.isUp).toBe(false);
      await bus.close();
      return first ?? '';
    };
    const refused = `${at}: user or password refused`;
    expect(await reason(nats.url.replace('bus%40secret', 'wrong'))).toBe(refused);
    expect(await reason(nats.url.replace('gatehouse:bus%40secret@', ''))).toBe(refused);
    const untrusted = `${at}: its certificate is of an authority that is not trusted here: name it by ?ca=FILE`;
    expect(await reason(nats.url.replace(/\?.*/, ''))).toBe(untrusted);
    expect(await reason(nats.url.replace(/\?.*/, `?ca=${stranger.caFile}`))).toBe(untrusted);
    expect(await reason(nats.url.replace('localhost', '127.0.0.1'))).toBe(
      `127.0.0.1:${String(nats.port)}: its certificate is for another name than that in bus_url`,
    );
  });

  test('are not sent to a server without TLS where TLS is asked for, nor to what is no NATS', async () => {
    const nats = await server();
    const { trouble } = start({ url: `tls://localhost:${String(nats.port)}` });
    expect(await trouble(1)).toEqual([`localhost:${String(nats.port)}: it has no TLS, which is asked for`]);
    const received: Buffer[] = [];
    const ssh = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => received.push(data));
      socket.write('SSH-2.0-OpenSSH\r\n');
    });
    await new Promise<void>((resolve) => ssh.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => ssh.close(resolve)));
    const address = ssh.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const other = start({ url: `nats://gatehouse:secret@127.0.0.1:${port}` });
    expect(await other.trouble(1)).toEqual([`127.0.0.1:${port}: it does not speak NATS`]);
    expect(received).toEqual([]);
  });

  test('by a certificate for an address are compared with the address', async () => {
    const nats = await server({ tls: 'IP:127.0.0.1' });
    const { trouble } = start({ url: nats.url });
    const at = `localhost:${String(nats.port)}`;
    expect(await trouble(1)).toEqual([`${at}: its certificate is for another name than that in bus_url`]);
    const { bus } = start({ url: nats.url.replace('localhost', '127.0.0.1') });
    await whenUp(bus);
  });

  test('that do not reach to our subjects leave the bus down, and say so', async () => {
    const folder = temporaryDirectory();
    cleanups.push(folder.discard);
    const file = join(folder.path, 'nats.conf');
    const permissions = '{ publish: "other.>", subscribe: ["other.>", "_INBOX.>"] }';
    writeFileSync(
      file,
      `authorization { users = [{ user: me, password: "bus@secret", permissions: ${permissions} }] }`,
    );
    const nats = await server({ extra: ['-c', file] });
    const { bus, trouble } = start({ url: nats.url.replace('//', '//me:bus%40secret@') });
    expect(await trouble(1)).toEqual([
      `localhost:${String(nats.port)}: this user may not publish and subscribe to everything below "gatehouse."`,
    ]);
    expect(bus.isUp).toBe(false);
  });
});
