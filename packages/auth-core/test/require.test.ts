import { describe, expect, test } from 'vitest';
import type { AnonymousPolicy } from '../src/anonymous.ts';
import type { Attempt, ChainCertificate, TlsFacts } from '../src/attempt.ts';
import type { AclRule } from '../src/acl/rule.ts';
import { createChain } from '../src/chain.ts';
import type { MaybePromise } from '../src/needs.ts';
import { type ChainStep, type GroupBind, narrowGroupGrant, type RequireGroup } from '../src/require.ts';
import { attemptOf, manualClock } from '../src/testing/index.ts';
import type { Decision, Grant, Verdict } from '../src/verdict.ts';

const grantOf = (subject: string, differs: Partial<Grant> = {}): Grant => ({
  principal: { namespace: 'test', subject },
  superuser: false,
  rules: [],
  credentialId: undefined,
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
  ...differs,
});
const allow = (grant: Grant): Verdict => ({ outcome: 'allow', grant });
const topic = (filter: string): readonly AclRule[] => [{ permission: 'allow', action: 'all', topic: filter }];

function member(name: string, type: string, verdict: Verdict, policy: Partial<ChainStep> = {}) {
  const asked: Attempt[] = [];
  const check = (attempt: Attempt): MaybePromise<Verdict> => {
    asked.push(attempt);
    return verdict;
  };
  const authenticator = { name, type, check };
  return {
    authenticator,
    enabled: true,
    onError: 'deny',
    onMismatch: 'deny',
    timeoutMs: 1_000,
    ...policy,
    asked,
  } as const;
}

const certified = (grant: Partial<Grant> = {}) => member('x509', 'x509', allow(grantOf('cn:pump-7', grant)));
const known = (grant: Partial<Grant> = {}, subject = 'pump-7') =>
  member('builtin', 'builtin', allow(grantOf(subject, grant)));

const certificateOf = (commonName: string | undefined): ChainCertificate => ({
  subject: `CN=${commonName ?? ''}`,
  issuer: 'CN=Root',
  commonName,
  fingerprint: 'f',
  serialNumber: '1',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
  alternativeNames: { dns: ['pump-7', 'seven.example'], uri: [], email: ['pump@example.org'] },
});
const tlsOf = (commonName: string | undefined): TlsFacts => ({
  version: 'TLSv1.3',
  cipher: 'TLS_AES_128_GCM_SHA256',
  serverName: undefined,
  certificate: certificateOf(commonName),
  chain: [certificateOf(commonName)],
  verification: { verified: true },
  pskIdentity: undefined,
});

const group = (
  require: readonly ChainStep[],
  bind: GroupBind = 'cn_username',
  identity = 'builtin',
): RequireGroup => ({
  require,
  identity,
  bind,
});

const attempt = attemptOf({ username: 'pump-7', tls: tlsOf('pump-7') });

function decide(
  entry: RequireGroup,
  asked: Attempt = attempt,
  { anonymous = 'deny', after = [] }: { anonymous?: AnonymousPolicy; after?: readonly ChainStep[] } = {},
): Decision {
  const chain = createChain({
    name: 'default',
    steps: [entry, ...after],
    anonymous: () => anonymous,
    clock: manualClock(),
    budgetMs: 3_000,
  });
  const decision = chain.decide(asked);
  if (decision instanceof Promise) throw new Error('expected an answer at once');
  return decision;
}
const granted = (decision: Decision): Grant => {
  if (decision.outcome !== 'allow') throw new Error(JSON.stringify(decision));
  return decision.grant;
};

describe('a require group', () => {
  test('admits whom all members allow, as the identity step knows it', () => {
    expect(decide(group([certified(), known()]))).toMatchObject({
      outcome: 'allow',
      by: 'builtin',
      grant: { principal: { subject: 'pump-7' } },
    });
    expect(granted(decide(group([certified(), known()], 'cn_username', 'x509'))).principal.subject).toBe(
      'cn:pump-7',
    );
  });

  test.each([
    ['denies', { outcome: 'deny', reason: 'X509_AUTH_FAILURE' }],
    ['does not know the client', { outcome: 'ignore', reason: 'X509_CHAIN_EMPTY' }],
    ['cannot find out', { outcome: 'error', reason: 'SOURCE_TIMEOUT' }],
  ] as const)('refuses whom a member %s, for that reason, and asks nobody else', (_, verdict) => {
    const soft = { onError: 'ignore', onMismatch: 'ignore' } as const;
    const first = member('x509', 'x509', { ...verdict, detail: { code: 'X' } }, soft);
    const second = known();
    const later = known();
    const decision = decide(group([first, second]), attempt, { anonymous: 'allow', after: [later] });
    expect(decision).toMatchObject({
      outcome: 'deny',
      reason: verdict.reason,
      by: 'x509',
      detail: { code: 'X' },
    });
    expect([second.asked, later.asked]).toEqual([[], []]);
  });

  test('is busy when a member is', () => {
    const busy = member('builtin', 'builtin', { outcome: 'busy' });
    expect(decide(group([certified(), busy]))).toMatchObject({ outcome: 'busy', by: 'builtin' });
  });

  test('requires no less with a member switched off: it admits nobody', () => {
    const off = member('x509', 'x509', allow(grantOf('x')), { enabled: false });
    expect(decide(group([off, known()]), attempt, { anonymous: 'allow' })).toMatchObject({
      outcome: 'deny',
      reason: 'AUTHENTICATOR_ERROR',
      by: 'policy',
      detail: { required: 'x509' },
      trace: [
        { outcome: 'not-asked', detail: { enabled: false } },
        { outcome: 'not-asked' },
        { type: 'require' },
      ],
    });
  });

  test.each([
    ['an identity step that is none of it', group([certified(), known()], 'none', 'ldap')],
    ['no members', group([], 'none')],
  ])('with %s admits nobody', (_, entry) => {
    expect(decide(entry)).toMatchObject({ outcome: 'deny', reason: 'AUTHENTICATOR_ERROR' });
  });

  test('shows its members and itself in the trace', () => {
    const { trace } = decide(group([certified(), known()]));
    expect(trace).toMatchObject([
      { authenticator: 'x509', outcome: 'allow' },
      { authenticator: 'builtin', outcome: 'allow' },
      {
        authenticator: 'x509 + builtin',
        type: 'require',
        outcome: 'allow',
        detail: { bind: 'cn_username', identity: 'builtin' },
      },
    ]);
  });

  test('asks asynchronous members one after the other', async () => {
    const slow = {
      ...known(),
      authenticator: {
        name: 'builtin',
        type: 'builtin',
        check: () => Promise.resolve(allow(grantOf('pump-7'))),
      },
    };
    const chain = createChain({
      name: 'default',
      steps: [group([certified(), slow])],
      anonymous: () => 'deny',
      clock: manualClock(),
      budgetMs: 3_000,
    });
    expect(await chain.decide(attempt)).toMatchObject({ outcome: 'allow' });
  });
});

describe('what a group grants', () => {
  test.each([
    [false, false, false],
    [true, false, false],
    [false, true, false],
    [true, true, true],
  ])('superuser of %s and %s is %s', (first, second, both) => {
    const grant = granted(decide(group([certified({ superuser: first }), known({ superuser: second })])));
    expect(grant.superuser).toBe(both);
  });

  test('rules of all members bind, those of the identity step first', () => {
    const grant = granted(
      decide(
        group([
          certified({ rules: topic('a/#'), alsoWithin: [topic('b/#')] }),
          known({ rules: topic('c/#') }),
        ]),
      ),
    );
    expect(grant.rules).toEqual(topic('c/#'));
    expect(grant.alsoWithin).toEqual([topic('a/#'), topic('b/#')]);
  });

  test('a superuser among others is bound by their rules, not by its own', () => {
    const grant = granted(
      decide(group([certified({ rules: topic('a/#') }), known({ superuser: true, rules: topic('c/#') })])),
    );
    expect([grant.rules, grant.alsoWithin, grant.superuser]).toEqual([topic('a/#'), [], false]);
  });

  test('a source is asked about topics only where its rules alone bind', () => {
    const alone = granted(decide(group([certified({ superuser: true }), known({ asks: 'builtin' })])));
    const beside = granted(decide(group([certified({ rules: topic('a/#') }), known({ asks: 'builtin' })])));
    expect([alone.asks, beside.asks]).toEqual(['builtin', undefined]);
  });

  test('ends with the first member that ends', () => {
    expect(granted(decide(group([certified({ expiresAt: 9 }), known({ expiresAt: 5 })]))).expiresAt).toBe(5);
    expect(granted(decide(group([certified({ expiresAt: 9 }), known()]))).expiresAt).toBe(9);
    expect(granted(decide(group([certified(), known()]))).expiresAt).toBeUndefined();
  });

  test('names the credentials of all members, and the client ID that one of them proves', () => {
    const grant = granted(
      decide(group([certified({ credentialId: 'a', bindsClientId: true }), known({ credentialId: 'b' })])),
    );
    expect(grant).toMatchObject({ credentialId: 'b', required: ['b', 'a'], bindsClientId: true });
  });
});

describe('what is left of a grant when one credential gives another', () => {
  const before = grantOf('pump-7', {
    rules: topic('a/#'),
    alsoWithin: [topic('b/#')],
    superuser: true,
    expiresAt: 9,
  });
  test('is never more than both', () => {
    const now = grantOf('pump-7', { rules: topic('c/#'), expiresAt: 5 });
    const left = narrowGroupGrant(before, now);
    expect(left).toEqual({
      ...before,
      superuser: false,
      alsoWithin: [topic('b/#'), topic('c/#')],
      expiresAt: 5,
    });
    expect(narrowGroupGrant(left, now)).toEqual(left);
  });

  test('is what it was when nothing has changed', () => {
    const now = grantOf('pump-7', { rules: topic('b/#'), superuser: true });
    expect(narrowGroupGrant(before, now)).toEqual(before);
  });
});

describe('the bind of a group', () => {
  const other = attemptOf({ username: 'pump-7', clientId: 'seven.example', tls: tlsOf('pump-8') });
  test.each([
    ['cn_username', attempt, 'pump-7', true],
    ['cn_username', attempt, 'pump-8', false],
    ['cn_username', other, 'pump-7', false],
    ['cn_username', attemptOf({ username: 'pump-7', tls: tlsOf(undefined) }), 'pump-7', false],
    ['cn_clientid', attempt, 'anybody', true],
    ['cn_clientid', other, 'pump-8', false],
    ['san_username', other, 'pump-7', true],
    ['san_username', other, 'pump@example.org', true],
    ['san_username', other, 'pump-8', false],
    ['san_clientid', other, 'anybody', true],
    ['san_clientid', attemptOf({ clientId: 'x', tls: tlsOf('x') }), 'anybody', false],
    ['none', other, 'anybody', true],
  ] as const)('%s, case %#: %s', (bind, asked, subject, fits) => {
    const decision = decide(group([certified(), known({}, subject)], bind), asked);
    expect(decision).toMatchObject(
      fits
        ? { outcome: 'allow' }
        : { outcome: 'deny', reason: 'REQUIRE_BIND_MISMATCH', by: 'policy', detail: { bind } },
    );
  });

  test.each([
    ['pump-7', 'pump-7', 'allow'],
    ['pump-7', 'pump-8', 'deny'],
  ])('same_username of %s and %s: %s', (first, second, outcome) => {
    const token = member('tokens', 'jwt', allow(grantOf(first)));
    expect(decide(group([token, known({}, second)], 'same_username')).outcome).toBe(outcome);
  });

  test('to a certificate holds for nobody without one, and for none that nobody vouched for', () => {
    const token = member('tokens', 'jwt', allow(grantOf('pump-7')));
    expect(decide(group([token, known()]), attemptOf({ username: 'pump-7' }))).toMatchObject({
      reason: 'REQUIRE_BIND_MISMATCH',
    });
    const verification = {
      verified: false,
      problem: 'no-path',
      code: 'UNABLE_TO_GET_ISSUER_CERT',
      subject: 'CN=pump-7',
      depth: 0,
    } as const;
    const forged = attemptOf({ username: 'pump-7', tls: { ...tlsOf('pump-7'), verification } });
    expect(decide(group([token, known()]), forged)).toMatchObject({ reason: 'REQUIRE_BIND_MISMATCH' });
  });
});

describe('enhanced authentication and a group', () => {
  const enhanced = { ...attempt, authMethod: 'SCRAM-SHA-256' };
  const data = new Uint8Array([1]);
  const scram: ChainStep = {
    ...known(),
    authenticator: {
      name: 'scram',
      type: 'scram',
      check: () => ({ outcome: 'ignore', reason: 'SCRAM_NOT_USED' }),
      exchange: {
        begin: () => ({
          outcome: 'continue',
          data,
          answer: () => ({ outcome: 'decided', verdict: allow(grantOf('pump-7')), data }),
        }),
      },
    },
  };
  const chainOf = (...steps: readonly (ChainStep | RequireGroup)[]) =>
    createChain({ name: 'default', steps, anonymous: () => 'deny', clock: manualClock(), budgetMs: 3_000 });

  test.each([
    [true, [certified(), scram]],
    [false, [scram, certified()]],
  ])('a member that serves it asks the client, the others judge what else it brought (%s)', (_, members) => {
    const stage = chainOf(group(members, 'cn_username', 'scram')).begin(enhanced, data);
    if (stage instanceof Promise || stage.outcome !== 'continue') throw new Error('no question');
    expect(stage.answer(data)).toMatchObject({
      outcome: 'decided',
      data,
      decision: { outcome: 'allow', by: 'scram' },
    });
  });

  test('a member that refuses before is asked first, and no question is put', () => {
    const first = member('x509', 'x509', { outcome: 'ignore', reason: 'X509_TLS_NOT_USED' });
    expect(chainOf(group([first, scram], 'none', 'scram')).begin(enhanced, data)).toMatchObject({
      decision: { outcome: 'deny', reason: 'X509_TLS_NOT_USED' },
    });
  });

  test('a client cannot leave a group by choosing a method', () => {
    const stage = chainOf(group([certified(), known()]), scram).begin(enhanced, data);
    expect(stage).toMatchObject({ decision: { outcome: 'deny', reason: 'SCRAM_DISABLED' } });
  });

  test('a client cannot leave out what a group asks for', () => {
    expect(decide(group([certified(), scram], 'none', 'scram'))).toMatchObject({
      outcome: 'deny',
      reason: 'SCRAM_NOT_USED',
      by: 'scram',
    });
  });

  test('one client answers the questions of one member only', () => {
    const second = { ...scram, authenticator: { ...scram.authenticator, name: 'other' } };
    const begin: unknown[] = [];
    const recorded: ChainStep = {
      ...second,
      authenticator: {
        ...second.authenticator,
        exchange: {
          begin: (_method, _attempt, given) => {
            begin.push(given);
            return { outcome: 'decided', verdict: { outcome: 'busy' }, data: undefined };
          },
        },
      },
    };
    const stage = chainOf(group([scram, recorded], 'none', 'scram')).begin(enhanced, data);
    if (stage instanceof Promise || stage.outcome !== 'continue') throw new Error('no question');
    expect(stage.answer(data)).toMatchObject({ decision: { outcome: 'busy' } });
    expect(begin).toEqual([undefined]);
  });
});
