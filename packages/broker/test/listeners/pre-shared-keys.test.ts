import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { Secret } from '@gatehouse/auth-core';
import { afterEach, describe, expect, test } from 'vitest';
import { type IdentityMapping, readCiphers, ReplaceableValue } from '../../src/index.ts';
import { makeCertificate } from './certificates.ts';
import { certificate, closed, type RunningListener, runProgram, startListener, TLS } from './support.ts';

let running: RunningListener | undefined;
afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
});

const keysOf = (text: Readonly<Record<string, string>>) =>
  new Map(
    Object.entries(text).map(([identity, key]) => [identity, new Secret<Uint8Array>(Buffer.from(key))]),
  );

/** As the seed has them, without those that OpenSSL lacks. */
const SUITES = 'PSK-AES128-CBC-SHA,PSK-AES256-CBC-SHA';

async function start(
  { ciphers = SUITES, identity = {} }: { ciphers?: string; identity?: IdentityMapping } = {},
  keys = new ReplaceableValue<ReadonlyMap<string, Secret<Uint8Array>>>(
    keysOf({ client1: '1234', client2: 'abcd' }),
  ),
): Promise<RunningListener> {
  const rsa = ciphers.startsWith('RSA-') ? makeCertificate('rsa:2048') : certificate;
  running = await startListener({
    transport: 'tls',
    tls: { ...TLS, certificate: rsa, preSharedKeys: { ciphers, keys }, identity },
  });
  return running;
}

/** `mosquitto_pub`, whose `--psk` is hexadecimal. */
const publish = ({ port }: RunningListener, identity: string, key: string, id = 'dev-1') =>
  runProgram('mosquitto_pub', [
    ...['-h', '127.0.0.1', '-p', String(port), '-i', id, '-t', 'a', '-m', 'b', '--tls-version', 'tlsv1.2'],
    ...['--psk-identity', identity, '--psk', Buffer.from(key).toString('hex')],
  ]);

/** `openssl s_client`; what it prints tells the suite, or the alert. */
const handshake = ({ port }: RunningListener, identity: string, key: string, ...more: readonly string[]) =>
  runProgram('openssl', [
    ...['s_client', '-connect', `127.0.0.1:${port}`, '-psk_identity', identity],
    ...['-psk', Buffer.from(key).toString('hex'), '-cipher', 'PSK:@SECLEVEL=0', '-tls1_2', ...more],
  ]);

describe('a listener with pre-shared keys', () => {
  test('admits mosquitto_pub with its key, and the attempt carries the identity and no certificate', async () => {
    const it = await start();
    expect(await publish(it, 'client1', '1234')).toMatchObject({ code: 0 });
    expect(it.attempts[0]).toMatchObject({
      clientId: 'dev-1',
      username: undefined,
      tls: {
        version: 'TLSv1.2',
        pskIdentity: 'client1',
        certificate: undefined,
        verification: undefined,
        cipher: expect.stringMatching(/^PSK-AES/) as string,
      },
    });
  });

  test('the tester makes of an identity what the listener makes of it', async () => {
    const it = await start({ identity: { pskAsUsername: true } });
    const tried = { listener: 'it', ip: '127.0.0.1', protocolVersion: 5, clientId: 'dev-1' } as const;
    const attempt = (pskIdentity: string | undefined) =>
      it.broker.tryAttempt({ ...tried, username: undefined, password: undefined, pskIdentity });
    expect(await attempt('client1')).toMatchObject({
      attempt: { username: 'client1', tls: { pskIdentity: 'client1', pskOrigin: null } },
      decision: { outcome: 'allow' },
    });
    expect((await attempt('client9')).decision).toMatchObject({
      outcome: 'deny',
      reason: 'PSK_UNKNOWN_IDENTITY',
      detail: { identity: 'client9' },
    });
    expect((await attempt(undefined)).decision).toMatchObject({ reason: 'TLS_NO_SHARED_CIPHER' });
  });

  test.each([
    'PSK-AES128-CBC-SHA',
    'DHE-PSK-AES256-GCM-SHA384',
    'ECDHE-PSK-CHACHA20-POLY1305',
    'RSA-PSK-AES256-CBC-SHA384',
  ])('speaks %s with openssl', async (suite) => {
    const it = await start({ ciphers: suite });
    expect((await handshake(it, 'client2', 'abcd')).stdout).toContain(`Cipher    : ${suite}`);
  });

  test.each([
    ['a wrong key', 'client1', '9999', 'PSK_KEY_MISMATCH'],
    ['an unknown identity', 'client9', '1234', 'PSK_UNKNOWN_IDENTITY'],
  ])('records %s with the identity and the address', async (_what, identity, key, reason) => {
    const it = await start();
    expect((await publish(it, identity, key)).code).not.toBe(0);
    expect(await it.sink.refusal()).toMatchObject({
      reason,
      pskIdentity: identity,
      clientId: null,
      ip: '127.0.0.1',
      detail: { identity },
    });
    expect(it.sink.refusals).toHaveLength(1);
    expect(JSON.stringify(it.sink.refusals)).not.toMatch(/1234|9999/);
  });

  test('an unknown identity and an empty one get the very answer of a wrong key', async () => {
    const it = await start();
    const alert = async (identity: string, key: string) =>
      /SSL alert number \d+/.exec((await handshake(it, identity, key)).stderr)?.[0];
    const wrong = await alert('client1', '9999');
    expect(wrong).toBeDefined();
    expect(await alert('nobody', '1234')).toBe(wrong);
    expect(await alert('', '1234')).toBe(wrong);
  });

  test('refuses a client without a key, whatever else it offers', async () => {
    const it = await start();
    const socket = connect({ port: it.port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.on('error', () => undefined);
    await closed(socket);
    expect((await it.sink.refusal()).reason).toMatch(/^TLS_(NO_SHARED_CIPHER|VERSION_UNSUPPORTED)$/);
  });

  test('follows its keys: a removed identity gets in no more, not even with its old session', async () => {
    const keys = new ReplaceableValue<ReadonlyMap<string, Secret<Uint8Array>>>(keysOf({ client1: '1234' }));
    const it = await start({}, keys);
    const open = (session?: Buffer): TLSSocket =>
      connect({
        port: it.port,
        host: '127.0.0.1',
        ciphers: 'PSK',
        maxVersion: 'TLSv1.2',
        checkServerIdentity: () => undefined,
        pskCallback: () => ({ identity: 'client1', psk: Buffer.from('1234') }),
        ...(session && { session }),
      });
    const first = open();
    await once(first, 'secureConnect');
    const session = first.getSession();
    expect(first.getTLSTicket()).toBeUndefined();
    first.destroy();
    keys.replace(keysOf({ client2: 'abcd' }));
    const second = open(session);
    await expect(once(second, 'secureConnect')).rejects.toThrow();
    await expect.poll(() => it.sink.refusals.at(-1)?.reason).toBe('PSK_UNKNOWN_IDENTITY');
  });

  test('takes username and client ID from the identity where it says so', async () => {
    const it = await start({ identity: { pskAsUsername: true, pskAsClientId: true } });
    await publish(it, 'client2', 'abcd', 'called-otherwise');
    expect(it.attempts[0]).toMatchObject({ username: 'client2', clientId: 'client2' });
  });
});

test('PSK suites of old that this OpenSSL lacks are told apart', () => {
  expect(readCiphers('PSK-AES128-CBC-SHA,PSK-AES256-CBC-SHA,PSK-3DES-EDE-CBC-SHA,PSK-RC4-SHA')).toEqual({
    usable: ['PSK-AES128-CBC-SHA', 'PSK-AES256-CBC-SHA'],
    unknown: ['PSK-3DES-EDE-CBC-SHA', 'PSK-RC4-SHA'],
  });
});
