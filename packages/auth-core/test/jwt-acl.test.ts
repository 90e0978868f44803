import { describe, expect, test } from 'vitest';
import { readAcl } from '../src/methods/jwt-acl.ts';

describe('access rules as EMQX writes them', () => {
  const rulesOf = (acl: unknown) => readAcl(acl).rules;

  test('the lists of EMQX 4.3 allow what they name and nothing else', () => {
    expect(rulesOf({ pub: ['a/%u'], sub: ['b/#', 'eq c/#'], all: ['d/${clientid}'] })).toEqual([
      { permission: 'allow', action: 'publish', topic: 'a/%u' },
      { permission: 'allow', action: 'subscribe', topic: 'b/#' },
      { permission: 'allow', action: 'subscribe', topic: 'c/#', literal: true },
      { permission: 'allow', action: 'all', topic: 'd/${clientid}' },
    ]);
    expect(rulesOf({})).toEqual([]);
  });

  test('the rule array of EMQX 5 keeps its order', () => {
    expect(
      rulesOf([
        { permission: 'deny', action: 'publish', topic: 'secret/#' },
        {
          permission: 'allow',
          action: 'all',
          topics: ['#', 'x/${cert_common_name}'],
          qos: [0, 1, 2],
          retain: 'all',
        },
      ]),
    ).toEqual([
      { permission: 'deny', action: 'publish', topic: 'secret/#' },
      { permission: 'allow', action: 'all', topic: '#' },
      { permission: 'allow', action: 'all', topic: 'x/${cn}' },
    ]);
    expect(rulesOf([])).toEqual([]);
  });

  const allow = { permission: 'allow', action: 'all' };
  test.each([
    ['null', null],
    ['a text', 'all'],
    ['an unknown list', { publish: ['a'] }],
    ['an inherited name', { constructor: ['a'] }],
    ['a list that is none', { pub: 'a' }],
    ['a topic that is no text', { pub: [7] }],
    ['an empty topic', { pub: [''] }],
    ['a topic that is no filter', { pub: ['a/#/b'] }],
    ['a topic that is too long', { pub: ['a'.repeat(1_025)] }],
    ['an unknown placeholder', { pub: ['${client_attrs.x}/#'] }],
    ['too many topics', { pub: Array(501).fill('a') }],
    ['too many rules', Array(501).fill({ ...allow, topic: 'a' })],
    ['too many topics in rules', Array(300).fill({ ...allow, topics: ['a', 'b'] })],
    ['a rule that is no object', ['allow']],
    ['an unknown permission', [{ ...allow, permission: 'maybe', topic: 'a' }]],
    ['an unknown action', [{ ...allow, action: 'read', topic: 'a' }]],
    ['a rule without a topic', [allow]],
    ['a rule with an empty list of topics', [{ ...allow, topics: [] }]],
    ['topics that are no list', [{ ...allow, topics: 'a' }]],
    ['a topic in a rule that is no filter', [{ ...allow, topic: 'a#' }]],
    ['a condition on the QoS', [{ ...allow, topic: 'a', qos: [1] }]],
    ['a condition on retain', [{ ...allow, topic: 'a', retain: false }]],
    ['a condition on the address', [{ ...allow, topic: 'a', ipaddress: '10.0.0.1' }]],
  ])('%s is refused whole: nothing is widened or dropped in silence', (_what, acl) => {
    expect(readAcl(acl)).toEqual({ problem: expect.any(String) as unknown });
  });
});
