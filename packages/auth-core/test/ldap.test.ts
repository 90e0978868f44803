import { describe, expect, test } from 'vitest';
import { DEFAULT_RULES } from '../src/acl/default-rules.ts';
import type { Attempt } from '../src/attempt.ts';
import { createLdap } from '../src/methods/ldap.ts';
import type {
  LdapBindAnswer,
  LdapEntry,
  LdapQuestion,
  LdapSearchAnswer,
} from '../src/methods/ldap-directory.ts';
import type { LdapAttributes } from '../src/methods/ldap-entry.ts';
import { type LdapTemplate, parseLdapTemplate } from '../src/methods/ldap-template.ts';
import type { Verification } from '../src/needs.ts';
import { attemptOf, passwordOf } from '../src/testing/index.ts';
import type { Verdict } from '../src/verdict.ts';

const template = (text: string): LdapTemplate => {
  const parsed = parseLdapTemplate(text);
  if ('unknown' in parsed) throw new Error(parsed.unknown);
  return parsed;
};

const ATTRIBUTES: LdapAttributes = {
  password: 'userPassword',
  enabled: 'isEnabled',
  publish: 'mqttPublishTopic',
  subscribe: 'mqttSubscriptionTopic',
  publishAndSubscribe: '',
};

const entryOf = (
  attributes: Readonly<Record<string, readonly string[]>> = {},
  dn = 'uid=pump-7',
): LdapEntry => ({
  dn,
  attributes: new Map(Object.entries({ userpassword: ['{PLAIN}right'], ...attributes })),
});

interface World {
  readonly answer?: LdapSearchAnswer;
  readonly bind?: LdapBindAnswer | undefined;
  readonly filter?: string;
  readonly admission?: 'busy' | 'refused';
  /** What verifying answers instead of comparing, by stored password. */
  readonly answers?: Readonly<Record<string, Verification | 'throw'>>;
}

/** The authenticator over entries in memory, whose stored form `{PLAIN}TEXT` verifies exactly TEXT. */
function worldOf(world: World = {}) {
  const told: string[] = [];
  const questions: LdapQuestion[] = [];
  const known = new Set<string>();
  const tried: (string | undefined)[] = [];
  let answer = world.answer ?? { result: 'entries', entries: [entryOf()] };
  const authenticator = createLdap({
    name: 'directory',
    search: { base: template('ou=device'), filter: template(world.filter ?? '(uid=${username})') },
    attributes: ATTRIBUTES,
    bindAsUser: world.bind !== undefined,
    directory: {
      search: (question) => {
        questions.push(question);
        return Promise.resolve(answer);
      },
      bindAs: () => Promise.resolve(world.bind ?? { result: 'bound' }),
    },
    verifier: {
      peek: ({ hash, password }) =>
        known.has(hash + new TextDecoder().decode(password.reveal()))
          ? { result: 'match', needsRehash: false, cached: true }
          : undefined,
      verify({ hash, password }) {
        const given = world.answers?.[hash];
        if (given === 'throw') throw new Error('the worker is gone');
        if (given !== undefined) return given;
        const text = new TextDecoder().decode(password.reveal());
        if (hash !== `{PLAIN}${text}`) return { result: 'mismatch', cached: false };
        known.add(hash + text);
        return { result: 'match', needsRehash: false, cached: false };
      },
    },
    budget: {
      admit: (_attempt, identities) => {
        told.push('admitted');
        tried.push(identities?.map(({ by, value }) => `${by} ${value}`).join(', '));
        if (world.admission === 'busy') return { result: 'busy' };
        return world.admission === 'refused'
          ? { result: 'refused', until: 0, failures: 9 }
          : { result: 'ok' };
      },
      failed: () => void told.push('failed'),
      succeeded: () => void told.push('succeeded'),
      released: () => void told.push('released'),
    },
  });
  const check = (differs: Partial<Attempt> = {}): Promise<Verdict> =>
    Promise.resolve(
      authenticator.check(attemptOf({ username: 'pump-7', password: passwordOf('right'), ...differs })),
    );
  const now = (next: LdapSearchAnswer): void => {
    answer = next;
  };
  return { check, told, questions, tried, now };
}

const brief = (verdict: Verdict): string =>
  'reason' in verdict ? `${verdict.outcome} ${verdict.reason}` : verdict.outcome;
const found = (...entries: LdapEntry[]): LdapSearchAnswer => ({ result: 'entries', entries });

describe('the authenticator over a directory', () => {
  test('admits with the rules of the entry, or those of a new credential', async () => {
    const topics = { mqttpublishtopic: ['up'], mqttsubscriptiontopic: ['down'] };
    const own = await worldOf({ answer: found(entryOf(topics)) }).check();
    expect(own).toMatchObject({
      grant: {
        principal: { namespace: 'directory', subject: 'pump-7' },
        rules: [
          { permission: 'allow', action: 'publish', topic: 'up' },
          { permission: 'allow', action: 'subscribe', topic: 'down' },
        ],
      },
      detail: { rules: 2 },
    });
    expect(await worldOf().check()).toMatchObject({ grant: { rules: DEFAULT_RULES } });
  });

  test.each([
    ['no entry', found(), 'ignore LDAP_NO_ENTRY'],
    ['two entries', found(entryOf(), entryOf()), 'error LDAP_BAD_RESULT'],
    ['an entry that is not enabled', found(entryOf({ isenabled: ['FALSE'] })), 'deny LDAP_ACCOUNT_DISABLED'],
    [
      'an entry enabled by what is no truth value',
      found(entryOf({ isenabled: ['1'] })),
      'deny LDAP_ACCOUNT_DISABLED',
    ],
    ['an entry that is enabled', found(entryOf({ isenabled: ['true '] })), 'allow'],
    ['an entry without a password', found(entryOf({ userpassword: [] })), 'deny LDAP_HASH_MISSING'],
    ['a password in the clear', found(entryOf({ userpassword: ['right'] })), 'deny LDAP_HASH_INVALID'],
    ['another password', found(entryOf({ userpassword: ['{PLAIN}other'] })), 'deny LDAP_PASSWORD_MISMATCH'],
    [
      'too many topics',
      found(entryOf({ mqttpublishtopic: Array.from({ length: 1_001 }, () => 't') })),
      'error LDAP_BAD_RESULT',
    ],
    ['no directory', { result: 'unreachable', problem: 'ECONNREFUSED' }, 'error LDAP_UNREACHABLE'],
    ['no answer', { result: 'timeout', ms: 5 }, 'error LDAP_TIMEOUT'],
    ['a useless answer', { result: 'bad-result', problem: 'x' }, 'error LDAP_BAD_RESULT'],
  ] as const)('with %s: %s', async (_what, answer, expected) => {
    expect(brief(await worldOf({ answer }).check())).toBe(expected);
  });

  test.each([
    [undefined, 'none'],
    [passwordOf(''), 'empty'],
  ])('never looks at a password that is not there', async (password, sent) => {
    for (const bind of [undefined, { result: 'bound' } as const]) {
      const { check, told } = worldOf({ bind });
      expect(await check({ password })).toMatchObject({
        reason: 'LDAP_PASSWORD_MISSING',
        detail: { password: sent },
      });
      expect(told).toEqual(['admitted', 'released']);
    }
  });

  test('asks nobody for a client without the name that is looked up', async () => {
    const { check, questions } = worldOf();
    expect(brief(await check({ username: undefined }))).toBe('ignore LDAP_NO_ENTRY');
    expect(questions).toEqual([]);
  });

  test.each([
    [{ result: 'bound' }, 'allow', 'succeeded'],
    [{ result: 'rejected', problem: 'x' }, 'deny LDAP_BIND_REJECTED', 'failed'],
    [{ result: 'timeout', ms: 5 }, 'error LDAP_TIMEOUT', 'released'],
  ] as const)('a login that is %j: %s', async (bind, expected, heard) => {
    const { check, told } = worldOf({ bind });
    expect(brief(await check())).toBe(expected);
    expect(told).toEqual(['admitted', heard]);
  });

  test('never logs in with an empty name', async () => {
    const world = { bind: { result: 'bound' } as const, answer: found(entryOf({}, '')) };
    expect(brief(await worldOf(world).check())).toBe('error LDAP_BAD_RESULT');
  });

  test('the directory decides even about who got in before, and the budget is not asked then', async () => {
    const { check, told, now } = worldOf();
    await check();
    now(found(entryOf({ isenabled: ['FALSE'] })));
    expect(brief(await check())).toBe('deny LDAP_ACCOUNT_DISABLED');
    now(found(entryOf({ userpassword: ['{PLAIN}changed'] })));
    expect(brief(await check())).toBe('deny LDAP_PASSWORD_MISMATCH');
    expect(told).toEqual(['admitted', 'succeeded']);
    expect(brief(await check({ password: undefined }))).toBe('deny LDAP_PASSWORD_MISSING');
    expect(told).toEqual(['admitted', 'succeeded', 'admitted', 'released']);
  });

  test('over the guessing budget asks nobody', async () => {
    for (const [admission, expected] of [
      ['refused', 'deny TOO_MANY_FAILURES'],
      ['busy', 'busy'],
    ] as const) {
      const { check, questions } = worldOf({ admission });
      expect(brief(await check())).toBe(expected);
      expect(questions).toEqual([]);
    }
  });

  test('guesses at a name however it is written count together', async () => {
    const { check, tried } = worldOf();
    for (const username of ['Pump-7', ' pump-7 ', '\uff30ump-7']) await check({ username });
    expect(new Set(tried)).toEqual(new Set(['username pump-7']));
    const byClientId = worldOf({ filter: '(uid=%c)' });
    await byClientId.check({ username: undefined, clientId: 'P  1' });
    expect(byClientId.tried).toEqual(['clientId p 1']);
    const byNeither = worldOf({ filter: '(uid=%a)' });
    await byNeither.check();
    expect(byNeither.tried).toEqual([undefined]);
  });

  const answer = found(entryOf({ userpassword: ['{A}', '{B}'] }));
  const mismatch = (cached: boolean): Verification => ({ result: 'mismatch', cached });
  const invalid = (found: string): Verification => ({ result: 'invalid-hash', found });

  test.each([
    ['a verifier that is busy', { '{A}': { result: 'busy' } }, 'busy', 'released'],
    [
      'wrong for both',
      { '{A}': mismatch(false), '{B}': mismatch(true) },
      'deny LDAP_PASSWORD_MISMATCH',
      'failed',
    ],
    [
      'wrong as before',
      { '{A}': mismatch(true), '{B}': mismatch(true) },
      'deny LDAP_PASSWORD_MISMATCH',
      'released',
    ],
    [
      'wrong and damaged',
      { '{A}': invalid('x'), '{B}': mismatch(false) },
      'deny LDAP_PASSWORD_MISMATCH',
      'failed',
    ],
    ['both damaged', { '{A}': invalid('x'), '{B}': invalid('y') }, 'deny LDAP_HASH_INVALID', 'released'],
  ] as const)('of several stored passwords, %s: %s', async (_what, answers, expected, heard) => {
    const { check, told } = worldOf({ answer, answers });
    expect(brief(await check())).toBe(expected);
    expect(told).toEqual(['admitted', heard]);
  });

  test('gives its place in the budget back when verifying fails', async () => {
    const { check, told } = worldOf({ answer, answers: { '{A}': 'throw' } });
    await expect(check()).rejects.toThrow('the worker is gone');
    expect(told).toEqual(['admitted', 'released']);
    const before = worldOf({ answers: { '{B}': 'throw' } });
    await before.check();
    before.now(found(entryOf({ userpassword: ['{B}'] })));
    await expect(before.check()).rejects.toThrow('the worker is gone');
    expect(before.told).toEqual(['admitted', 'succeeded']);
  });

  test('keeps a bounded number of stored passwords in mind, the newest', async () => {
    const { check, told } = worldOf();
    const clients = 20_001;
    for (let index = 0; index < clients; index += 1) await check({ clientId: `c-${String(index)}` });
    told.length = 0;
    await check({ clientId: 'c-1' });
    expect(told).toEqual([]);
    await check({ clientId: 'c-0' });
    expect(told).toEqual(['admitted', 'succeeded']);
  });
});
