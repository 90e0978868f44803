import { createHash } from 'node:crypto';
import { Secret } from '@gatehouse/auth-core';
import { Client } from 'ldapts';
import { describe, expect, test } from 'vitest';
import { useSlapd } from './support/ldap-world.ts';
import { describeWith } from './support/programs.ts';
import { BLIND, device, DEVICES, ROOT, SLAPD, SUFFIX } from './support/slapd.ts';
import { attemptOf, brief, clientOf, passwordOf, tlsOf } from './support/world.ts';

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

describeWith('slapd', SLAPD, 'the authenticator over a directory (OpenLDAP)', () => {
  const { slapd, directoryOf, authenticatorOf, asked } = useSlapd(ENTRIES);

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

    test.each(['clear', 'emqx-form', 'damaged', 'sunmd5'])(
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
      expect(brief(verdict)).toBe('deny LDAP_HASH_MISSING');
      expect(JSON.stringify(verdict)).toContain('may read');
    });

    test('that is not there admits nobody', async () => {
      expect(await asked({}, clientOf('public', { username: 'nothing' }))).toBe('deny LDAP_HASH_MISSING');
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
      const admin = new Client({ url: `ldap://127.0.0.1:${String(slapd().port)}` });
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

    test.each(HOSTILE)('lets a certificate in the name of %j reach nobody', async (name) => {
      const client = clientOf('public', { tls: tlsOf(name) });
      for (const placeholder of ['%C', '${cn}', '%d', '${subject}']) {
        expect(await asked({ filter: `(uid=${placeholder})` }, client)).toBe('ignore LDAP_NO_ENTRY');
        const base = `uid=${placeholder},${DEVICES}`;
        expect(await asked({ base, filter: '', scope: 'base' }, client)).toBe('ignore LDAP_NO_ENTRY');
      }
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
});
