import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { authorizePublish, authorizeSubscribe, createAccess } from '../src/acl/authorize.ts';
import { DEFAULT_RULES } from '../src/acl/default-rules.ts';
import type { AclRule } from '../src/acl/rule.ts';
import type { AclSubject } from '../src/acl/substitute.ts';

const subject: AclSubject = {
  username: 'ann',
  clientId: 'pump-7',
  commonName: 'pump-7.example',
  superuser: false,
};
const allow = (topic: string, action: AclRule['action'] = 'all'): AclRule => ({
  permission: 'allow',
  action,
  topic,
});
const deny = (topic: string, action: AclRule['action'] = 'all'): AclRule => ({
  permission: 'deny',
  action,
  topic,
});
const eq = (rule: AclRule): AclRule => ({ ...rule, literal: true });

describe('publishing', () => {
  test.each([
    ['an empty list', [], 'a', false],
    ['no rule that matches', [allow('b')], 'a', false],
    ['a rule for subscribing only', [allow('a', 'subscribe')], 'a', false],
    ['a rule for publishing', [allow('a', 'publish')], 'a', true],
    ['a deny before an allow', [deny('a/b'), allow('a/#')], 'a/b', false],
    ['an allow before a deny', [allow('a/#'), deny('a/b')], 'a/b', true],
    ['a deny beside the topic', [deny('a/b'), allow('a/#')], 'a/c', true],
    ['an equal text', [eq(allow('a/b'))], 'a/b', true],
    ['another text than the literal one', [eq(allow('a/+'))], 'a/b', false],
    ['a name with wildcards', [allow('#')], 'a/#', false],
  ])('%s: allowed %4$s', (_, rules, topic, allowed) => {
    expect(authorizePublish(rules, subject, topic).allowed).toBe(allowed);
  });

  test('the answer names the rule that decided', () => {
    const rules = [deny('a/b'), allow('a/#')];
    expect(authorizePublish(rules, subject, 'a/b').rule).toBe(rules[0]);
    expect(authorizePublish(rules, subject, 'a/c').rule).toBe(rules[1]);
    expect(authorizePublish(rules, subject, 'b').rule).toBeNull();
  });
});

describe('subscribing', () => {
  test.each([
    ['an allow that covers the filter', [allow('a/#')], 'a/+', true, false],
    ['an allow that only overlaps it', [allow('a/+')], 'a/#', false, false],
    ['an allow for publishing only', [allow('#', 'publish')], 'a', false, false],
    ['a deny that covers it', [deny('a/#'), allow('#')], 'a/+', false, false],
    ['a deny that overlaps it', [deny('a/secret'), allow('#')], 'a/+', true, true],
    ['a deny that overlaps it after the allow', [allow('#'), deny('a/secret')], 'a/+', true, false],
    ['a deny beside it', [deny('b/#'), allow('#')], 'a/+', true, false],
    ['a deny of publishing', [deny('a/secret', 'publish'), allow('#')], 'a/+', true, false],
    ['a literal deny of a topic in it', [eq(deny('a/secret')), allow('#')], 'a/+', true, true],
    ['a literal deny of exactly it', [eq(deny('#')), allow('#')], '#', false, false],
    ['a literal deny of another filter', [eq(deny('#')), allow('#')], 'a/#', true, false],
    ['a literal deny of a topic beside it', [eq(deny('b')), allow('#')], 'a/#', true, false],
    ['the inner filter of a shared subscription', [allow('a/#')], '$share/group/a/+', true, false],
    ['a shared subscription beyond the rule', [allow('a/#')], '$share/group/b', false, false],
    ['a malformed shared subscription', [allow('#')], '$share/group', false, false],
    ['a malformed filter', [allow('#')], 'a/#/b', false, false],
    ['an empty list', [], 'a', false, false],
    ['the broker’s own topics', [allow('#')], '$SYS/#', false, false],
  ])('%s', (_, rules, filter, allowed, checkAtDelivery) => {
    expect(authorizeSubscribe(rules, subject, filter)).toMatchObject({ allowed, checkAtDelivery });
  });

  test('a marked subscription delivers what the rules allow and nothing else', () => {
    const access = createAccess([deny('a/secret'), allow('#')], subject);
    expect(access.subscribe('a/+').checkAtDelivery).toBe(true);
    expect(access.deliver('a/secret').allowed).toBe(false);
    expect(access.deliver('a/open').allowed).toBe(true);
  });
});

describe('containment of the decision', () => {
  const word = fc.constantFrom('a', 'b', '+');
  const filter = fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 2 }), fc.boolean())
    .map(([levels, hash]) => [...levels, ...(hash ? ['#'] : [])].join('/'));
  const rule = fc.record({
    permission: fc.constantFrom('allow' as const, 'deny' as const),
    action: fc.constant('all' as const),
    topic: filter,
  });
  const topics = ['a', 'b', 'x'].flatMap((one) => [one, ...['a', 'b', 'x'].map((two) => `${one}/${two}`)]);

  test('an unmarked subscription never delivers a topic that the rules refuse', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), filter, (rules, asked) => {
        const access = createAccess(rules, subject);
        const answer = access.subscribe(asked);
        fc.pre(answer.allowed && !answer.checkAtDelivery);
        const inFilter = createAccess([allow(asked)], subject);
        for (const topic of topics.filter((one) => inFilter.deliver(one).allowed)) {
          expect(access.deliver(topic).allowed).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('placeholders', () => {
  test.each(['%u', '${username}'])('%s is the username', (name) => {
    expect(authorizePublish([allow(`d/${name}/#`)], subject, 'd/ann/x').allowed).toBe(true);
    expect(authorizePublish([allow(`d/${name}/#`)], subject, 'd/bob/x').allowed).toBe(false);
  });
  test.each(['%c', '${clientid}'])('%s is the client ID, also within a level', (name) => {
    expect(authorizePublish([allow(`d/${name}`)], subject, 'd/pump-7').allowed).toBe(true);
    expect(authorizePublish([allow(`d/x-${name}-y`)], subject, 'd/x-pump-7-y').allowed).toBe(true);
  });
  test('${cn} is the certificate’s common name', () => {
    expect(authorizePublish([allow('${cn}/x')], subject, 'pump-7.example/x').allowed).toBe(true);
  });
  test('a literal rule has none', () => {
    expect(authorizePublish([eq(allow('%u'))], subject, '%u').allowed).toBe(true);
    expect(authorizePublish([eq(allow('%u'))], subject, 'ann').allowed).toBe(false);
  });
  test('a value that looks like a placeholder is not filled again', () => {
    const sly = { ...subject, username: '${clientid}' };
    expect(authorizePublish([allow('d/%u')], sly, 'd/pump-7').allowed).toBe(false);
    expect(authorizePublish([allow('d/%u')], sly, 'd/${clientid}').allowed).toBe(true);
  });

  const refusing = ['+', '#', 'a/b', 'a+b', '', undefined];
  test.each(refusing)('the value %j makes an allow rule match nothing', (username) => {
    const sly = { ...subject, username };
    for (const topic of ['d/x', 'd/a/b', 'd/ann', `d/${String(username)}`]) {
      expect(authorizePublish([allow('d/%u/#'), allow('d/%u')], sly, topic).allowed).toBe(false);
    }
    expect(authorizeSubscribe([allow('%u')], sly, '#').allowed).toBe(false);
  });
  test.each(refusing)('the value %j makes a deny rule cover all that it may have meant', (username) => {
    const sly = { ...subject, username };
    const rules = [deny('d/%u/secret'), allow('#'), allow('$SYS/#')];
    expect(authorizePublish(rules, sly, 'd/a/b/secret').allowed).toBe(false);
    expect(authorizePublish(rules, sly, 'd/x').allowed).toBe(false);
    expect(authorizePublish(rules, sly, 'e/x').allowed).toBe(true);
    expect(authorizePublish([deny('%u/x'), ...rules], sly, '$SYS/x').allowed).toBe(false);
    expect(authorizeSubscribe([deny('%u/x'), ...rules], sly, 'e').allowed).toBe(false);
  });
  test('a client that calls itself $SYS gets no rule about the broker’s topics', () => {
    const sly = { ...subject, clientId: '$SYS' };
    expect(authorizeSubscribe([allow('%c/#')], sly, '$SYS/#').allowed).toBe(false);
    expect(authorizePublish([deny('%c/x'), allow('$SYS/#')], sly, '$SYS/x').allowed).toBe(false);
    expect(authorizePublish([allow('d/%c')], sly, 'd/$SYS').allowed).toBe(true);
  });
  test('a rule that is no filter allows nothing and denies everything', () => {
    expect(authorizePublish([allow('a/#/b'), allow('a+')], subject, 'a/x/b').allowed).toBe(false);
    expect(authorizePublish([deny('a/#/b'), allow('#')], subject, 'c').allowed).toBe(false);
    expect(authorizeSubscribe([allow('a/#/b'), allow('#')], subject, 'c')).toMatchObject({
      allowed: true,
      checkAtDelivery: false,
    });
  });
});

test('a superuser may do everything, whatever the rules', () => {
  const access = createAccess([deny('#')], { ...subject, superuser: true });
  expect(access.publish('$SYS/x').allowed).toBe(true);
  expect(access.subscribe('#')).toMatchObject({ allowed: true, checkAtDelivery: false });
  expect(access.deliver('a').allowed).toBe(true);
});

test('the default rules are everything outside $', () => {
  expect(authorizePublish(DEFAULT_RULES, subject, 'a/b').allowed).toBe(true);
  expect(authorizeSubscribe(DEFAULT_RULES, subject, '#').allowed).toBe(true);
  expect(authorizePublish(DEFAULT_RULES, subject, '$SYS/x').allowed).toBe(false);
  expect(authorizeSubscribe(DEFAULT_RULES, subject, '$SYS/#').allowed).toBe(false);
});
