import { describe, expect, test } from 'vitest';
import type { Attempt } from '../src/attempt.ts';
import { createSource } from '../src/methods/source.ts';
import type {
  RecordAnswer,
  RecordLookup,
  RulesAnswer,
  SourceHashRule,
} from '../src/methods/source-lookup.ts';
import { rulesOfRows } from '../src/methods/source-rules.ts';
import { looksLike } from '../src/methods/source-verdicts.ts';
import type { GuessedIdentity, GuessingBudget, PasswordVerifier, Verification } from '../src/needs.ts';
import { attemptOf, passwordOf } from '../src/testing/builders.ts';

const plain: SourceHashRule = {
  name: 'plain',
  read: (stored, salt) => {
    if (salt !== null) return { problem: 'salt-unexpected' };
    return stored === '' ? { problem: 'hash-invalid' } : { hash: `plain:${stored}` };
  },
};

/** Compares, remembers what it compared, and says `busy` when told to. */
function verifier(): PasswordVerifier & { work: number; busy: boolean } {
  const known = new Map<string, Verification>();
  const keyOf = (subject: Parameters<PasswordVerifier['verify']>[0]): string =>
    JSON.stringify([subject.identity, subject.hash, new TextDecoder().decode(subject.password.reveal())]);
  return {
    work: 0,
    busy: false,
    peek: (subject) => {
      const found = known.get(keyOf(subject));
      return found?.result === 'match' || found?.result === 'mismatch'
        ? { ...found, cached: true }
        : undefined;
    },
    verify(subject) {
      if (this.busy) return { result: 'busy' };
      this.work += 1;
      const isMatch = subject.hash === `plain:${new TextDecoder().decode(subject.password.reveal())}`;
      const found: Verification = isMatch
        ? { result: 'match', needsRehash: false, cached: false }
        : { result: 'mismatch', cached: false };
      known.set(keyOf(subject), found);
      return found;
    },
  };
}

/** Writes down what it is asked and told. */
function budget(answer: ReturnType<GuessingBudget['admit']> = { result: 'ok' }) {
  const log: string[] = [];
  const note = (what: string, tried: readonly GuessedIdentity[] | undefined): void => {
    log.push(`${what} ${(tried ?? []).map(({ by, value }) => `${by}=${value}`).join(' ')}`.trim());
  };
  const made: GuessingBudget & { log: string[]; answer: typeof answer } = {
    log,
    answer,
    admit: (_attempt, tried) => {
      note('admit', tried);
      return made.answer;
    },
    failed: (_attempt, tried) => {
      note('failed', tried);
    },
    succeeded: (_attempt, tried) => {
      note('succeeded', tried);
    },
    released: (_attempt, tried) => {
      note('released', tried);
    },
  };
  return made;
}

const record = (password: string | null, salt: string | null = null): RecordAnswer => ({
  result: 'record',
  record: { password, salt, superuser: undefined, columns: ['password'] },
});

function world(answer: RecordAnswer | (() => Promise<RecordAnswer>), more: Partial<RecordLookup> = {}) {
  const state = { answer, asked: 0 };
  const guesses = budget();
  const hashing = verifier();
  const lookup: RecordLookup = {
    asksBy: ['username'],
    shown: { query: 'select …' },
    find: () => {
      state.asked += 1;
      return typeof state.answer === 'function' ? state.answer() : Promise.resolve(state.answer);
    },
    ...more,
  };
  const source = createSource({
    name: 'devices',
    type: 'mysql',
    lookup,
    rule: plain,
    verifier: hashing,
    budget: guesses,
  });
  const login = (password: string | undefined, differs: Partial<Attempt> = {}) =>
    source.check(
      attemptOf({
        username: 'u',
        ...(password === undefined ? {} : { password: passwordOf(password) }),
        ...differs,
      }),
    );
  return { state, guesses, hashing, login };
}

describe('the guessing budget of a source', () => {
  test('is asked before the backend is', async () => {
    const { state, guesses, login } = world(record('right'));
    guesses.answer = { result: 'refused', until: 1_000, failures: 7 };
    expect(await login('right')).toMatchObject({ reason: 'TOO_MANY_FAILURES', detail: { failures: 7 } });
    guesses.answer = { result: 'busy' };
    expect(await login('right')).toEqual({ outcome: 'busy' });
    expect(state.asked).toBe(0);
  });

  test('never keeps out who got in before with this password, and the backend still decides', async () => {
    const { state, guesses, login } = world(record('right'));
    expect(await login('right')).toMatchObject({ outcome: 'allow' });
    guesses.answer = { result: 'refused', until: 1_000, failures: 7 };
    expect(await login('right')).toMatchObject({ outcome: 'allow' });
    expect(await login('wrong')).toMatchObject({ reason: 'TOO_MANY_FAILURES' });
    state.answer = { result: 'none' };
    expect(await login('right')).toMatchObject({ reason: 'SOURCE_NO_RECORD' });
    state.answer = record('changed');
    expect(await login('right')).toMatchObject({ reason: 'TOO_MANY_FAILURES' });
  });

  test('is told what came of each guess: a repeated wrong password is none', async () => {
    const { state, guesses, hashing, login } = world(record('right'));
    await login('wrong');
    await login('wrong');
    await login(undefined);
    state.answer = { result: 'timeout', ms: 1 };
    await login('other');
    state.answer = record('right');
    hashing.busy = true;
    await login('third');
    hashing.busy = false;
    await login('right');
    expect(guesses.log).toEqual(
      ['failed', 'released', 'released', 'released', 'released', 'succeeded'].flatMap((told) => [
        'admit username=u',
        `${told} username=u`,
      ]),
    );
  });

  test.each([
    [['clientId'] as const, ['admit clientId=c', 'failed clientId=c']],
    [['username', 'clientId'] as const, ['admit username=u clientId=c', 'failed username=u clientId=c']],
    [[] as const, ['admit', 'failed']],
  ])('is that of whom the record is looked up by: %j', async (asksBy, log) => {
    const { guesses, login } = world(record('right'), { asksBy });
    await login('wrong', { clientId: 'c' });
    expect(guesses.log).toEqual(log);
  });

  test('is given back when the lookup throws, which it should not', async () => {
    const { guesses, login } = world(() => Promise.reject(new Error('bug')));
    await expect(login('right')).rejects.toThrow('bug');
    expect(guesses.log).toEqual(['admit username=u', 'released username=u']);
  });
});

describe('the verdict of a source', () => {
  test.each([
    [{ result: 'none' } as const, 'ignore', 'SOURCE_NO_RECORD'],
    [record('other'), 'deny', 'SOURCE_PASSWORD_MISMATCH'],
    [record(''), 'deny', 'SOURCE_HASH_INVALID'],
    [record(null), 'deny', 'SOURCE_HASH_INVALID'],
    [record('right', 'salt'), 'deny', 'SOURCE_SALT_UNEXPECTED'],
    [{ result: 'bad-result', what: 'odd', columns: ['a'] } as const, 'error', 'SOURCE_BAD_RESULT'],
    [{ result: 'timeout', ms: 5 } as const, 'error', 'SOURCE_TIMEOUT'],
    [{ result: 'unreachable', problem: 'X' } as const, 'error', 'SOURCE_UNREACHABLE'],
  ])('for %j is %s %s', async (answer, outcome, reason) => {
    expect(await world(answer).login('right')).toMatchObject({ outcome, reason });
  });

  test('an empty salt column is no salt where the rule has none', async () => {
    expect(await world(record('right', '')).login('right')).toMatchObject({ outcome: 'allow' });
  });

  test('a superuser’s rules are not asked for, and a fault of either question admits nobody', async () => {
    const down = (): Promise<RulesAnswer> => Promise.resolve({ result: 'unreachable', problem: 'X' });
    const yes = () => Promise.resolve({ result: 'superuser', superuser: true } as const);
    const boss = world(record('right'), { superuser: yes, rules: down });
    expect(await boss.login('right')).toMatchObject({ outcome: 'allow', grant: { superuser: true } });
    const ruleless = world(record('right'), { rules: down });
    expect(await ruleless.login('right')).toMatchObject({ outcome: 'error', detail: { during: 'rules' } });
    const unknown = world(record('right'), {
      superuser: () => Promise.resolve({ result: 'timeout', ms: 1 } as const),
    });
    expect(await unknown.login('right')).toMatchObject({ outcome: 'error', detail: { during: 'superuser' } });
  });

  test('a client without a username is its client ID', async () => {
    const { login } = world(record('right'), { asksBy: ['clientId'] });
    expect(await login('right', { username: '', clientId: 'c' })).toMatchObject({
      grant: { principal: { namespace: 'devices', subject: 'c' } },
    });
  });

  test.each([
    [null, 'empty'],
    ['', 'empty'],
    ['hunter2', 'no form of hash that is known'],
    ['a'.repeat(64), '64 hexadecimal digits'],
    ['a'.repeat(63), 'no form of hash that is known'],
    ['$2b$10$x', 'bcrypt'],
  ])('%j is described as %j, without any part of it', (stored, words) => {
    expect(looksLike(stored)).toBe(words);
  });
});

describe('rows of EMQX’s ACL table', () => {
  const client = attemptOf({ username: 'Emqx', clientId: 'c1', ip: '10.1.2.3' });
  const row = (differs: Readonly<Record<string, unknown>>) => ({
    allow: 1,
    ipaddr: null,
    username: null,
    clientid: null,
    access: 3,
    topic: 't',
    ...differs,
  });
  const count = (differs: Readonly<Record<string, unknown>>): number | string => {
    const read = rulesOfRows([row(differs)], client);
    return 'rules' in read ? read.rules.length : read.problem;
  };

  test.each([
    [{ username: 'Emqx' }, 1],
    [{ username: 'somebody' }, 0],
    [{ username: '$all' }, 1],
    [{ clientid: 'c1' }, 1],
    [{ clientid: 'c2' }, 0],
    [{ username: 'Emqx', clientid: 'c2' }, 0],
    [{ ipaddr: '10.1.0.0/16' }, 1],
    [{ ipaddr: '10.1.2.3' }, 1],
    [{ ipaddr: '10.1.2.4' }, 0],
    [{ ipaddr: 'nonsense' }, 0],
    [{}, 0],
    [{ username: '' }, 0],
    [{ ipaddr: undefined, username: undefined, clientid: undefined }, 1],
    [{ username: 'emqx' }, 0],
    [{ allow: 0, username: 'emqx ' }, 1],
    [{ allow: 0, username: 'émqx' }, 1],
  ])('%j applies to %i of one client', (differs, rules) => {
    expect(count(differs)).toBe(rules);
  });

  test.each([
    [{ allow: 2 }, 'the column "allow" is neither 1 nor 0'],
    [{ access: 4 }, 'the column "access" is none of 1, 2 and 3'],
    [{ access: 'toString' }, 'the column "access" is none of 1, 2 and 3'],
    [{ topic: '' }, 'the column "topic" is no topic'],
    [{ topic: 7 }, 'the column "topic" is no topic'],
  ])('%j cannot be read, whoever it is about', (differs, problem) => {
    expect(count(differs)).toBe(problem);
  });
});
