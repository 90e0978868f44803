import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AccessRule, type AccessWho, accessRuleProblems } from '../src/acl/access-rule.ts';
import { createAccess } from '../src/acl/authorize.ts';
import type { AclRule } from '../src/acl/rule.ts';
import { createRuleBook } from '../src/acl/rule-book.ts';
import type { AclSubject } from '../src/acl/substitute.ts';
import { levelsOf, matches } from '../src/acl/topic.ts';

const subject: AclSubject = {
  username: 'ann',
  clientId: 'pump-7',
  commonName: 'pump-7.example',
  superuser: false,
  ip: '10.1.2.3',
  tags: ['plant'],
};
let numbered = 0;
const global = (
  permission: AccessRule['permission'],
  topic: string,
  more: Partial<AccessRule> = {},
): AccessRule => ({
  id: `r${(numbered += 1)}`,
  phase: 'before',
  permission,
  who: 'all',
  action: 'all',
  topics: [topic],
  ...more,
});
const own = (permission: AclRule['permission'], topic: string): AclRule => ({
  permission,
  action: 'all',
  topic,
});

const access = (
  rules: readonly AccessRule[],
  mine: readonly AclRule[] = [],
  { who = subject, noMatch = 'deny' }: { who?: AclSubject; noMatch?: 'allow' | 'deny' } = {},
) => createAccess(mine, who, { around: createRuleBook(rules, noMatch).around(who) });

describe('the order of global and own rules', () => {
  const after = { phase: 'after' } as const;
  test.each([
    ['a deny before, an own allow', [global('deny', 'a/#')], [own('allow', '#')], 'a/b', false, 'before'],
    ['an own deny, an allow after', [global('allow', '#', after)], [own('deny', 'a/#')], 'a/b', false, 'own'],
    ['an own allow, a deny after', [global('deny', '#', after)], [own('allow', 'a/#')], 'a/b', true, 'own'],
    ['nothing own, an allow after', [global('allow', '#', after)], [], 'a/b', true, 'after'],
    ['an allow before, an own deny', [global('allow', 'a/#')], [own('deny', '#')], 'a/b', true, 'before'],
    ['no rule at all', [], [], 'a/b', false, 'no-match'],
  ] as const)('%s', (_, rules, mine, topic, allowed, by) => {
    expect(access(rules, mine).publish(topic)).toMatchObject({ allowed, by });
    expect(access(rules, mine).subscribe(topic)).toMatchObject({ allowed, by });
  });

  test('a superuser is asked nothing, whatever is denied', () => {
    const who = { ...subject, superuser: true };
    expect(access([global('deny', '#')], [], { who }).publish('a')).toMatchObject({
      allowed: true,
      by: 'superuser',
    });
  });

  test('every list of a `require` group has to allow, the global rules around each', () => {
    const around = createRuleBook([global('allow', 'common/#', { phase: 'after' })]).around(subject);
    const both = createAccess([own('allow', 'a/#'), own('allow', 'b/#')], subject, {
      around,
      alsoWithin: [[own('deny', 'a/x'), own('allow', 'a/#')]],
    });
    expect(both.publish('a/y').allowed).toBe(true);
    expect(both.publish('a/x').allowed).toBe(false);
    expect(both.publish('b/y').allowed).toBe(false);
    expect(both.publish('common/y').allowed).toBe(true);
    expect(both.subscribe('a/#')).toMatchObject({ allowed: true, checkAtDelivery: true });
    expect(both.deliver('a/x').allowed).toBe(false);
  });

  test('subjects that the same rules are about share what was prepared', () => {
    const book = createRuleBook([
      global('allow', 'x', { who: { ip: '10.0.0.0/8' } }),
      global('deny', 'y', { who: { username: 'eve' } }),
    ]);
    const mine = [own('allow', 'm')];
    const of = (who: AclSubject) => createAccess(mine, who, { around: book.around(who) });
    expect(of(subject)).toBe(of({ ...subject, clientId: 'pump-8' }));
    expect(of(subject)).not.toBe(of({ ...subject, ip: '192.0.2.1' }));
    expect(of(subject)).not.toBe(of({ ...subject, username: 'eve' }));
  });
});

describe('who a rule is about', () => {
  test.each<[AccessWho, boolean]>([
    ['all', true],
    [{ username: 'ann' }, true],
    [{ username: 'Ann' }, false],
    [{ clientId: 'pump-7' }, true],
    [{ ip: '10.1.2.3' }, true],
    [{ ip: '10.0.0.0/8' }, true],
    [{ ip: '10.1.2.4' }, false],
    [{ ip: '::/0' }, false],
    [{ tag: 'plant' }, true],
    [{ tag: 'office' }, false],
    [{ cn: 'pump-7.example' }, true],
    [{ and: [{ username: 'ann' }, { tag: 'plant' }] }, true],
    [{ and: [{ username: 'ann' }, { tag: 'office' }] }, false],
    [{ or: [{ username: 'bob' }, { tag: 'plant' }] }, true],
    [{ or: [{ username: 'bob' }, { and: [{ username: 'ann' }, { cn: 'other' }] }] }, false],
  ])('%j: %s', (who, expected) => {
    expect(access([global('allow', '#', { who })]).publish('a').allowed).toBe(expected);
  });

  test('where the address is not known nothing that it gave is taken away, and no new right is refused for it', () => {
    const who = { ...subject, ip: undefined };
    const ip = { who: { ip: '10.0.0.0/8' } };
    expect(access([global('allow', 'a', ip)], [], { who }).publish('a').allowed).toBe(true);
    expect(access([global('deny', 'a', ip)], [own('allow', 'a')], { who }).publish('a').allowed).toBe(true);
  });

  test('a network that cannot be read denies everybody and allows nobody', () => {
    const who = { ip: 'not an address' };
    expect(access([global('allow', 'a', { who })]).publish('a').allowed).toBe(false);
    expect(access([global('deny', 'a', { who })], [own('allow', 'a')]).publish('a').allowed).toBe(false);
  });

  test('${cn} stands for the common name of the certificate', () => {
    const rules = [global('allow', 'of/${cn}/#')];
    expect(access(rules).publish('of/pump-7.example/x').allowed).toBe(true);
    expect(access(rules).publish('of/other/x').allowed).toBe(false);
    const nameless = { ...subject, commonName: undefined };
    expect(access(rules, [], { who: nameless }).publish('of//x').allowed).toBe(false);
  });
});

describe('what matches no rule', () => {
  test('may be allowed, save what begins with $', () => {
    const open = access([global('deny', 'a/secret', { phase: 'after' })], [], { noMatch: 'allow' });
    expect(open.publish('b')).toMatchObject({ allowed: true, by: 'no-match' });
    expect(open.publish('$SYS/x').allowed).toBe(false);
    expect(open.subscribe('$SYS/#').allowed).toBe(false);
    expect(open.subscribe('b/#')).toMatchObject({ allowed: true, checkAtDelivery: false });
    expect(open.subscribe('#')).toMatchObject({ allowed: true, checkAtDelivery: true });
    expect(open.deliver('a/secret').allowed).toBe(false);
  });
});

describe('QoS and RETAIN', () => {
  const rules = [
    global('deny', 't', { action: 'publish', retain: true }),
    global('deny', 't', { qos: [2] }),
    global('allow', '#'),
  ];
  test.each([
    [0, false, true],
    [1, true, false],
    [2, false, false],
  ] as const)('publish with QoS %i, RETAIN %s: allowed %s', (qos, retain, allowed) => {
    expect(access(rules).publish('t', qos, retain).allowed).toBe(allowed);
  });
  test('RETAIN says nothing about subscriptions, QoS is the one that is asked for', () => {
    expect(access(rules).subscribe('t', 1).allowed).toBe(true);
    expect(access(rules).subscribe('t', 2).allowed).toBe(false);
  });
});

describe('a source that is asked', () => {
  const asked = (rules: readonly AccessRule[], mine: readonly AclRule[] = []) =>
    createAccess(mine, subject, { around: createRuleBook(rules).around(subject), asks: true });

  test('is asked where neither a rule before nor an own one says anything', () => {
    const mixed = asked(
      [global('deny', 'no'), global('allow', 'late', { phase: 'after' })],
      [own('allow', 'mine')],
    );
    expect(mixed.publish('no')).toMatchObject({ allowed: false, ask: false });
    expect(mixed.publish('mine')).toMatchObject({ allowed: true, ask: false });
    expect(mixed.publish('late')).toMatchObject({ allowed: true, ask: true });
    expect(mixed.publish('other')).toMatchObject({ allowed: false, ask: true });
    expect(mixed.subscribe('#')).toMatchObject({ ask: true, checkAtDelivery: true });
  });

  test('is never asked at delivery: what it allowed passes, save what a rule before it denies', () => {
    const mixed = asked([global('deny', 'no'), global('deny', '#', { phase: 'after' })]);
    expect(mixed.deliver('no').allowed).toBe(false);
    expect(mixed.deliver('other')).toMatchObject({ allowed: true, by: 'source' });
  });
});

describe('problems of a rule', () => {
  const problemsOf = (who: AccessWho, ...topics: string[]) =>
    accessRuleProblems({ who, topics }).map(({ path }) => path);
  test.each<[AccessWho, string[], string[]]>([
    ['all', ['a/+/#', 'eq a/#/b'], []],
    ['all', ['a', 'a/#/b'], ['topics.1']],
    ['all', ['eq '], ['topics.0']],
    [{ ip: '10.0.0.0/8' }, ['a'], []],
    [{ or: [{ and: [{ ip: '10.0.0.0/33' }] }] }, ['a'], ['who']],
    [{ and: Array.from({ length: 33 }, () => ({ username: 'u' })) }, ['a'], ['who']],
  ])('%j %j', (who, topics, expected) => {
    expect(problemsOf(who, ...topics)).toEqual(expected);
  });
});

const level = fc.constantFrom('a', 'b', '+', '$SYS');
const filter = fc
  .tuple(fc.array(level, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([levels, tail]) => (tail ? [...levels, '#'] : levels).join('/'));
const topic = fc
  .array(fc.constantFrom('a', 'b', 'c', '$SYS'), { minLength: 1, maxLength: 4 })
  .map((levels) => levels.join('/'));
const globals = fc.array(
  fc.record({
    permission: fc.constantFrom('allow' as const, 'deny' as const),
    phase: fc.constantFrom('before' as const, 'after' as const),
    topics: fc.array(filter, { minLength: 1, maxLength: 2 }),
  }),
  { maxLength: 4 },
);
const owns = fc.array(
  fc.record({
    permission: fc.constantFrom('allow' as const, 'deny' as const),
    action: fc.constant('all' as const),
    topic: filter,
  }),
  { maxLength: 3 },
);

describe('for any rules', () => {
  test('what is published is decided by the first rule that matches, before, own and after in this order', () => {
    fc.assert(
      fc.property(
        globals,
        owns,
        topic,
        fc.constantFrom('allow' as const, 'deny' as const),
        (some, mine, name, noMatch) => {
          const rules = some.map((one) => global(one.permission, '', one));
          const of = (phase: string) =>
            rules
              .filter((one) => one.phase === phase)
              .flatMap((one) => one.topics.map((each) => [each, one.permission]));
          const all = [...of('before'), ...mine.map((one) => [one.topic, one.permission]), ...of('after')];
          const first = all.find(([pattern = '']) => matches(levelsOf(pattern), levelsOf(name)));
          const expected =
            first === undefined ? noMatch === 'allow' && !name.startsWith('$') : first[1] === 'allow';
          expect(access(rules, mine, { noMatch }).publish(name).allowed).toBe(expected);
        },
      ),
    );
  });

  test('no subscription that is not marked delivers what the rules refuse', () => {
    fc.assert(
      fc.property(globals, owns, filter, topic, fc.boolean(), (some, mine, wanted, name, isOpen) => {
        const rules = some.map((one) => global(one.permission, '', one));
        const asked = access(rules, mine, { noMatch: isOpen ? 'allow' : 'deny' });
        const { allowed, checkAtDelivery } = asked.subscribe(wanted);
        if (!allowed || checkAtDelivery || !matches(levelsOf(wanted), levelsOf(name))) return;
        expect(asked.deliver(name).allowed).toBe(true);
      }),
    );
  });
});
