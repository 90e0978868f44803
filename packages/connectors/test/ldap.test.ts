import { createHash } from 'node:crypto';
import {
  createLdap,
  filterOf,
  parseLdapTemplate,
  Secret,
  type Attempt,
  type LdapTemplate,
} from '@gatehouse/auth-core';
import type { Hashing } from '@gatehouse/hashing';
import { Client } from 'ldapts';
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createLdapDirectory, type LdapDirectoryOptions, type RunningLdapDirectory } from '../src/ldap.ts';
import { describeWith, freePort } from './support/programs.ts';
import { BLIND, device, DEVICES, ROOT, SLAPD, startSlapd, SUFFIX, type Slapd } from './support/slapd.ts';
import { attemptOf, brief, clientOf, countingBudget, passwordOf, startHashing } from './support/world.ts';

/** auth.md §5 and reference/emqx.md §2.2: `public` under every scheme; salt `salt` where there is one. */
const SCHEMES: readonly (readonly [scheme: string, stored: string])[] = [
  ['MD5', '{MD5}TJGE83z/AbzcMtxIbsNpYQ=='],
  ['SHA', '{SHA}YcmysX23eieEG77qv/kjRIsPY4g='],
  ['SHA256', '{SHA256}76HzdddhlPpRo1Vql+ZB5haF+RTURpedpQpVGkMz/9c='],
  ['SHA384', storedBy('sha384', '{SHA384}')],
  ['SHA512', storedBy('sha512', '{SHA512}')],
  ['SSHA', '{SSHA}Q+cYNAZ9Wdg66TS7gGcBeLgQub5zYWx0'],
  ['SSHA256', storedBy('sha256', '{SSHA256}', 'salt')],
  ['SSHA512', storedBy('sha512', '{SSHA512}', 'salt')],
  ['CRYPT', '{CRYPT}$2b$04$abcdefghijklmnopqrstuuaNoRgelGRsJ2Tm9Zn/HHRlHib6lnzBu'],
  ['MD5 in small letters', '{md5}TJGE83z/AbzcMtxIbsNpYQ=='],
];

function storedBy(algorithm: string, scheme: string, salt = ''): string {
  const digest = createHash(algorithm).update(`public${salt}`).digest();
  return scheme + Buffer.concat([digest, Buffer.from(salt)]).toString('base64');
}

const SSHA = '{SSHA}Q+cYNAZ9Wdg66TS7gGcBeLgQub5zYWx0';

/** Names that mean something in a distinguished name or a filter; each is also somebody's real name. */
const AWKWARD: readonly (readonly [uid: string, rdn: string])[] = [
  ['a,b', 'a\\,b'],
  ['a+b=c', 'a\\+b\\=c'],
  ['#lead', '\\#lead'],
  ['q"uote', 'q\\"uote'],
  ['<less>;', '\\<less\\>\\;'],
  ['back\\slash', 'back\\\\slash'],
  ['star*', 'star*'],
  ['(paren)', '(paren)'],
  ['ümläut-\u{1F512}', 'ümläut-\u{1F512}'],
];

/** Names chosen to get at entries that are not the client's. */
const HOSTILE = [
  '*',
  'em*',
  'emqx)(uid=*',
  'emqx)(|(uid=*)',
  '*)(objectClass=*',
  `emqx,${DEVICES}`,
  `x,${DEVICES}`,
  'emqx+uid=other',
  '\\2a',
  '\\65mqx',
  '',
];

const ENTRIES = [
  ...SCHEMES.map(([, stored], index) => device(`scheme-${String(index)}`, { userPassword: stored })),
  ...AWKWARD.map(([uid, rdn]) => device(uid, { userPassword: SSHA }, rdn)),
  device('emqx', {
    userPassword: SSHA,
    isEnabled: 'TRUE',
    mqttPublishTopic: ['up/%u', 'up/two'],
    mqttSubscriptionTopic: 'down/#',
    mqttPubSubTopic: 'both/+',
  }),
  device('other', { userPassword: SSHA, description: 'twin' }),
  device('twin', { userPassword: SSHA, description: 'twin' }),
  device('disabled', { userPassword: SSHA, isEnabled: 'FALSE' }),
  device('clear', { userPassword: 'public' }),
  device('emqx-form', { userPassword: 'plain:public' }),
  device('damaged', { userPassword: '{SSHA}not base64!' }),
  device('sunmd5', { userPassword: '{CRYPT}$5$rounds=1000$salt$abc' }),
  device('rotating', { userPassword: [storedBy('sha256', '{SSHA256}', 'new'), SSHA] }),
  device('nothing'),
].join('');

const template = (text: string): LdapTemplate => {
  const parsed = parseLdapTemplate(text);
  if ('unknown' in parsed) throw new Error(parsed.unknown);
  return parsed;
};

interface Options extends Partial<LdapDirectoryOptions> {
  readonly base?: string;
  readonly filter?: string;
  readonly bindAsUser?: boolean;
}

describeWith('slapd', SLAPD, 'the authenticator over a directory (OpenLDAP)', () => {
  let slapd: Slapd;
  let hashing: Hashing;
  const opened: RunningLdapDirectory[] = [];

  const directoryOf = (options: Partial<LdapDirectoryOptions> = {}): RunningLdapDirectory => {
    const directory = createLdapDirectory({
      servers: [{ host: '127.0.0.1', port: slapd.port }],
      security: 'none',
      tls: undefined,
      bindDn: ROOT.dn,
      bindPassword: new Secret(ROOT.password),
      scope: 'sub',
      attributes: [
        'userPassword',
        'isEnabled',
        'mqttPublishTopic',
        'mqttSubscriptionTopic',
        'mqttPubSubTopic',
      ],
      poolSize: 4,
      connectTimeoutMs: 5_000,
      queryTimeoutMs: 5_000,
      ...options,
    });
    opened.push(directory);
    return directory;
  };
  const authenticatorOf = ({
    base = DEVICES,
    filter = '(uid=${username})',
    bindAsUser = false,
    ...rest
  }: Options = {}) => {
    const budget = countingBudget();
    const directory = directoryOf(rest);
    const authenticator = createLdap({
      name: 'directory',
      directory,
      search: { base: template(base), filter: filterOf('mqttUser', template(filter)) },
      attributes: {
        password: bindAsUser ? '' : 'userPassword',
        enabled: 'isEnabled',
        publish: 'mqttPublishTopic',
        subscribe: 'mqttSubscriptionTopic',
        publishAndSubscribe: 'mqttPubSubTopic',
      },
      bindAsUser,
      verifier: hashing.verifier,
      budget,
    });
    return { budget, directory, check: (attempt: Attempt) => Promise.resolve(authenticator.check(attempt)) };
  };
  const asked = async (options: Options, attempt: Attempt): Promise<string> =>
    brief(await authenticatorOf(options).check(attempt));

  beforeAll(async () => {
    hashing = startHashing();
    slapd = await startSlapd(ENTRIES);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
  });
  afterAll(async () => {
    await hashing.close();
    await slapd.stop();
  });

  describe('the stored password', () => {
    test.each(SCHEMES.map(([scheme], index) => [scheme, index] as const))(
      'under {%s} admits its password and no other',
      async (_scheme, index) => {
        const username = `scheme-${String(index)}`;
        expect(await asked({}, clientOf('public', { username }))).toBe('allow');
        expect(await asked({}, clientOf('Public', { username }))).toBe('deny LDAP_PASSWORD_MISMATCH');
      },
    );

    test.each([
      ['absent', undefined, 'deny LDAP_PASSWORD_MISSING'],
      ['empty', '', 'deny LDAP_PASSWORD_MISSING'],
      ['wrong', 'nope', 'deny LDAP_PASSWORD_MISMATCH'],
      ['right', 'public', 'allow'],
    ])('%s gives its own answer', async (_name, password, expected) => {
      expect(await asked({}, clientOf(password))).toBe(expected);
    });

    test.each(['clear', 'emqx-form', 'damaged', 'sunmd5', 'nothing'])(
      'in a form that is not understood admits nobody, and none of it is told (%s)',
      async (username) => {
        const verdict = await authenticatorOf().check(clientOf('public', { username }));
        expect(brief(verdict)).toBe('deny LDAP_HASH_INVALID');
        expect(JSON.stringify(verdict)).not.toMatch(/public|not base64|rounds/);
      },
    );

    test('may be one of several', async () => {
      expect(await asked({}, clientOf('public', { username: 'rotating' }))).toBe('allow');
    });

    test('that the service account may not read is said to be missing', async () => {
      const options = { bindDn: BLIND.dn, bindPassword: new Secret<string>(BLIND.password) };
      const verdict = await authenticatorOf(options).check(clientOf('public'));
      expect(brief(verdict)).toBe('deny LDAP_HASH_INVALID');
      expect(JSON.stringify(verdict)).toContain('may read');
    });
  });

  describe('the login as the client', () => {
    const options = { bindAsUser: true };

    test.each([
      ['absent', undefined, 'deny LDAP_PASSWORD_MISSING'],
      ['empty', '', 'deny LDAP_PASSWORD_MISSING'],
      ['wrong', 'nope', 'deny LDAP_BIND_REJECTED'],
      ['right', 'public', 'allow'],
    ])('with the password %s gives its own answer', async (_name, password, expected) => {
      expect(await asked(options, clientOf(password))).toBe(expected);
    });

    test('asks the directory every time, so that a changed password counts at once', async () => {
      const { check } = authenticatorOf(options);
      const admin = new Client({ url: `ldap://127.0.0.1:${String(slapd.port)}` });
      await admin.bind(ROOT.dn, ROOT.password);
      await admin.add(`uid=changing,${DEVICES}`, {
        objectClass: 'mqttUser',
        uid: 'changing',
        userPassword: 'first',
      });
      expect(brief(await check(clientOf('first', { username: 'changing' })))).toBe('allow');
      await admin.del(`uid=changing,${DEVICES}`);
      await admin.add(`uid=changing,${DEVICES}`, {
        objectClass: 'mqttUser',
        uid: 'changing',
        userPassword: 'second',
      });
      await admin.unbind();
      expect(brief(await check(clientOf('first', { username: 'changing' })))).toBe('deny LDAP_BIND_REJECTED');
    });

    test('with a password that is no text is refused without asking', async () => {
      const password = new Secret(new Uint8Array([0xff, 0xfe]));
      expect(await asked(options, attemptOf({ username: 'emqx', password }))).toBe('deny LDAP_BIND_REJECTED');
    });

    test('never changes who searches', async () => {
      const { check, directory } = authenticatorOf(options);
      expect(brief(await check(clientOf('public')))).toBe('allow');
      expect(brief(await check(clientOf('public', { username: 'other' })))).toBe('allow');
      expect(directory.pool()).toMatchObject({ open: 2, idle: 2, waiting: 0, max: 8 });
    });

    test('with an empty name or password is refused by the directory’s port itself', async () => {
      const directory = directoryOf();
      expect(await directory.bindAs('', passwordOf('public'))).toMatchObject({ result: 'rejected' });
      expect(await directory.bindAs(`uid=emqx,${DEVICES}`, passwordOf(''))).toMatchObject({
        result: 'rejected',
      });
    });
  });

  describe('the search', () => {
    test.each(AWKWARD)('finds %j by filter and by name, and no other', async (uid) => {
      const client = clientOf('public', { username: uid });
      expect(await asked({}, client)).toBe('allow');
      expect(await asked({ base: `uid=\${username},${DEVICES}`, filter: '', scope: 'base' }, client)).toBe(
        'allow',
      );
    });

    test.each(HOSTILE)('lets the username %j reach nobody', async (username) => {
      const client = clientOf('public', { username });
      expect(await asked({}, client)).toBe('ignore LDAP_NO_ENTRY');
      expect(await asked({ base: `uid=%u,${DEVICES}`, filter: '', scope: 'base' }, client)).toBe(
        'ignore LDAP_NO_ENTRY',
      );
    });

    test('looks by client ID where it is told to, but not by one that the server made up', async () => {
      const options = { filter: '(uid=%c)' };
      expect(await asked(options, clientOf('public', { username: undefined, clientId: 'emqx' }))).toBe(
        'allow',
      );
      const assigned = clientOf('public', { clientId: 'emqx', clientIdAssigned: true });
      expect(await asked(options, assigned)).toBe('ignore LDAP_NO_ENTRY');
    });

    test('that several entries fit admits nobody', async () => {
      expect(
        await asked({ filter: '(description=${username})' }, clientOf('public', { username: 'twin' })),
      ).toBe('error LDAP_BAD_RESULT');
    });

    test('below a base that is not there finds nobody', async () => {
      expect(await asked({ base: `ou=nowhere,${SUFFIX}` }, clientOf('public'))).toBe('ignore LDAP_NO_ENTRY');
    });

    test('passes over entries of another class', async () => {
      const blind = clientOf(BLIND.password, { username: 'blind' });
      expect(await asked({ base: SUFFIX, filter: '(cn=${username})' }, blind)).toBe('ignore LDAP_NO_ENTRY');
    });

    test('of an account that is not in use refuses the right password', async () => {
      for (const bindAsUser of [true, false]) {
        const client = clientOf('public', { username: 'disabled' });
        expect(await asked({ bindAsUser }, client)).toBe('deny LDAP_ACCOUNT_DISABLED');
      }
    });
  });

  test('topics of the entry are all that the client may use', async () => {
    const verdict = await authenticatorOf().check(clientOf('public'));
    if (verdict.outcome !== 'allow') throw new Error(brief(verdict));
    expect(verdict.grant).toMatchObject({
      principal: { namespace: 'directory', subject: 'emqx' },
      superuser: false,
      credentialId: undefined,
      anonymous: false,
    });
    expect([...verdict.grant.rules].sort((a, b) => a.topic.localeCompare(b.topic))).toEqual([
      { permission: 'allow', action: 'all', topic: 'both/+' },
      { permission: 'allow', action: 'subscribe', topic: 'down/#' },
      { permission: 'allow', action: 'publish', topic: 'up/%u' },
      { permission: 'allow', action: 'publish', topic: 'up/two' },
    ]);
  });

  test('only a wrong password counts as a guess', async () => {
    const { check, budget } = authenticatorOf();
    await check(clientOf('wrong-once'));
    expect(budget.told).toEqual({ admitted: 1, failed: 1, succeeded: 0, released: 0 });
    await check(clientOf('wrong-once'));
    await check(clientOf('public', { username: 'nobody' }));
    await check(clientOf(undefined));
    expect(budget.told).toEqual({ admitted: 4, failed: 1, succeeded: 0, released: 3 });
  });

  test('who got in before gets in without asking the budget, while the directory says so', async () => {
    const { check, budget } = authenticatorOf();
    const client = clientOf('public', { username: 'other' });
    expect(brief(await check(client))).toBe('allow');
    const { admitted } = budget.told;
    expect(brief(await check(client))).toBe('allow');
    expect(budget.told['admitted']).toBe(admitted);
  });

  describe('TLS', () => {
    const trust = (over: object = {}) => ({
      ca: slapd.ca,
      cert: undefined,
      key: undefined,
      verify: true,
      serverName: undefined,
      ...over,
    });
    const places = () =>
      [
        ['starttls', slapd.port],
        ['tls', slapd.tlsPort],
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
    const at = (port: number, over: Options = {}): Options => ({
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
        { host: '::1', port: slapd.port },
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
        const tls = { ca: slapd.ca, cert: undefined, key: undefined, verify: true, serverName: 'localhost' };
        const { check } = authenticatorOf({ security, tls });
        expect(brief(await check(clientOf('public')))).toBe('allow');
        await slapd.restart();
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
