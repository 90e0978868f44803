import { createServer, type Server } from 'node:net';
import { Secret } from '@gatehouse/auth-core';
import { afterEach, describe, expect, test } from 'vitest';
import { type LdapWorldOptions, useSlapd } from './support/ldap-world.ts';
import { describeWith, freePort } from './support/programs.ts';
import { device, SLAPD } from './support/slapd.ts';
import { brief, clientOf } from './support/world.ts';

const ENTRIES = device('emqx', { userPassword: '{SSHA}Q+cYNAZ9Wdg66TS7gGcBeLgQub5zYWx0' });

describeWith('slapd', SLAPD, 'connections to a directory (OpenLDAP)', () => {
  const { slapd, directoryOf, authenticatorOf, asked } = useSlapd(ENTRIES);

  describe('TLS', () => {
    const trust = (over: object = {}) => ({
      ca: slapd().ca,
      cert: undefined,
      key: undefined,
      verify: true,
      serverName: undefined,
      ...over,
    });
    const places = () =>
      [
        ['starttls', slapd().port],
        ['tls', slapd().tlsPort],
      ] as const;

    test('is spoken from the first byte, or after asking for it, on searches and logins', async () => {
      for (const [security, port] of places()) {
        for (const bindAsUser of [false, true]) {
          const servers = [{ host: 'localhost', port }];
          expect(await asked({ security, tls: trust(), servers, bindAsUser }, clientOf('public'))).toBe(
            'allow',
          );
        }
      }
    });

    test('with a certificate of another CA, or for another name, sends nobody’s password', async () => {
      for (const [security, port] of places()) {
        const unknownCa = { security, tls: trust({ ca: undefined }), servers: [{ host: 'localhost', port }] };
        expect(await asked(unknownCa, clientOf('public'))).toBe('error LDAP_UNREACHABLE');
        const otherName = { security, tls: trust(), servers: [{ host: '127.0.0.1', port }] };
        expect(await asked(otherName, clientOf('public'))).toBe('error LDAP_UNREACHABLE');
        const named = { ...otherName, tls: trust({ serverName: 'localhost' }) };
        expect(await asked(named, clientOf('public'))).toBe('allow');
        const unchecked = { ...otherName, tls: trust({ ca: undefined, verify: false }) };
        expect(await asked(unchecked, clientOf('public'))).toBe('allow');
      }
    });
  });

  describe('a directory that fails', () => {
    const closers: Server[] = [];
    afterEach(() => {
      for (const server of closers.splice(0)) server.close();
    });
    /** A listener that answers every request with these bytes, or never. */
    const peer = async (answer: Buffer | undefined): Promise<number> => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', () => {
          if (answer !== undefined) socket.write(answer);
        });
      });
      closers.push(server);
      const port = await freePort();
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      return port;
    };
    const at = (port: number, over: LdapWorldOptions = {}): LdapWorldOptions => ({
      servers: [{ host: '127.0.0.1', port }],
      connectTimeoutMs: 200,
      queryTimeoutMs: 200,
      ...over,
    });

    test('by not being there is an error', async () => {
      expect(await asked(at(await freePort()), clientOf('public'))).toBe('error LDAP_UNREACHABLE');
    });

    test('by being gone is passed over for the next one', async () => {
      const servers = [
        { host: '127.0.0.1', port: await freePort() },
        { host: '::1', port: slapd().port },
      ];
      expect(await asked({ servers }, clientOf('public'))).toBe('allow');
    });

    test('by refusing the service account is an error that holds no secret', async () => {
      const options = { bindPassword: new Secret('service-secret') };
      const verdict = await authenticatorOf(options).check(clientOf('public'));
      expect(brief(verdict)).toBe('error LDAP_UNREACHABLE');
      expect(JSON.stringify(verdict)).toContain('invalidCredentials (49)');
      expect(JSON.stringify(verdict)).not.toMatch(/service-secret|public/);
    });

    test('by silence is an error within its time', async () => {
      const silent = await peer(undefined);
      const anonymous = { bindDn: '', bindPassword: new Secret('') };
      expect(await asked(at(silent), clientOf('public'))).toBe('error LDAP_UNREACHABLE');
      expect(await asked(at(silent, anonymous), clientOf('public'))).toBe('error LDAP_TIMEOUT');
      const tls = { ca: undefined, cert: undefined, key: undefined, verify: true, serverName: undefined };
      for (const security of ['starttls', 'tls'] as const) {
        expect(await asked(at(silent, { security, tls }), clientOf('public'))).toBe('error LDAP_UNREACHABLE');
      }
    });

    test.each([
      ['what is not LDAP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
      ['a length that never ends', Buffer.from([0x30, 0x84, 0x7f, 0xff, 0xff, 0xff])],
      ['an indefinite length', Buffer.from([0x30, 0x80, 0x02, 0x01, 0x01])],
      ['a message cut short inside', Buffer.from([0x30, 0x05, 0x02, 0x01, 0x01, 0x65, 0x7f])],
      [
        'an answer to another question',
        Buffer.from([0x30, 0x0c, 0x02, 0x01, 0x63, 0x65, 0x07, 0x0a, 1, 0, 4, 0, 4, 0]),
      ],
      [
        'an entry whose attributes overrun',
        Buffer.from([0x30, 0x0b, 2, 1, 1, 0x64, 6, 4, 0, 0x30, 9, 0x30, 7]),
      ],
    ])('by answering %s is an error, and the connection is not used again', async (_what, bytes) => {
      const anonymous = { bindDn: '', bindPassword: new Secret('') };
      const { check, directory } = authenticatorOf(at(await peer(bytes), anonymous));
      expect(brief(await check(clientOf('public')))).toMatch(/^error LDAP_(BAD_RESULT|UNREACHABLE)$/);
      expect(directory.pool().open).toBe(0);
    });

    test('by putting bytes in the clear behind its answer to STARTTLS is not believed', async () => {
      const success = Buffer.from([0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, 0, 4, 0, 4, 0]);
      const forged = await peer(Buffer.concat([success, Buffer.from([0x30, 0x0c, 2, 1])]));
      const tls = { ca: undefined, cert: undefined, key: undefined, verify: false, serverName: undefined };
      const verdict = await authenticatorOf(at(forged, { security: 'starttls', tls })).check(
        clientOf('public'),
      );
      expect(brief(verdict)).toBe('error LDAP_UNREACHABLE');
      expect(JSON.stringify(verdict)).toContain('in the clear');
    });

    test('by a restart is met again on new connections, without a client noticing', async () => {
      for (const security of ['none', 'starttls'] as const) {
        const tls = {
          ca: slapd().ca,
          cert: undefined,
          key: undefined,
          verify: true,
          serverName: 'localhost',
        };
        const { check } = authenticatorOf({ security, tls });
        expect(brief(await check(clientOf('public')))).toBe('allow');
        await slapd().restart();
        expect(brief(await check(clientOf('public')))).toBe('allow');
      }
    });
  });

  test('connections are never more than the pool has places, and all of them serve', async () => {
    const { check, directory } = authenticatorOf({ poolSize: 2 });
    const clients = Array.from({ length: 20 }, () => check(clientOf('public')));
    expect(new Set((await Promise.all(clients)).map(brief))).toEqual(new Set(['allow']));
    expect(directory.pool()).toMatchObject({ open: 2, idle: 2, waiting: 0, max: 4 });
  });

  test('a probe says whether the service account can log in', async () => {
    expect(await directoryOf().probe()).toMatchObject({ ok: true });
    const wrong = await directoryOf({ bindPassword: new Secret('nope') }).probe();
    expect(wrong).toEqual({
      ok: false,
      problem: 'the service account could not log in: invalidCredentials (49)',
    });
  });

  test('after it was closed nothing is asked any more', async () => {
    const { check, directory } = authenticatorOf();
    await check(clientOf('public'));
    await directory.close();
    expect(directory.pool().open).toBe(0);
    expect(brief(await check(clientOf('public')))).toBe('error LDAP_UNREACHABLE');
  });
});
