import { describe, expect, test } from 'vitest';
import type { Block, BlockFacts, BlockKind, BlockPatterns } from '../src/blocks/block.ts';
import { createBlockList } from '../src/blocks/block-list.ts';
import { createBlockGate } from '../src/blocks/gate.ts';
import { readBlockValue } from '../src/blocks/read-value.ts';
import { attemptOf } from '../src/testing/builders.ts';
import { manualClock } from '../src/testing/manual-clock.ts';
import type { Decision, Grant } from '../src/verdict.ts';

const NOW = Date.UTC(2026, 0, 1);

/** JavaScript's own regular expressions, anchored: what RE2 itself does is tested where it is used. */
const patterns: BlockPatterns = {
  problem: (pattern) => (pattern === '(' ? 'is no pattern' : undefined),
  compile: (list) => (text) => {
    const index = list.findIndex((pattern) => new RegExp(`^(?:${pattern})$`, 'u').test(text));
    return index === -1 ? undefined : index;
  },
};
const FINGERPRINT = 'ab'.repeat(32);
const blockOf = (kind: BlockKind, value: string, more: Partial<Block> = {}): Block => ({
  id: `${kind} ${value}`,
  kind,
  value,
  expiresAt: null,
  ...more,
});
const factsOf = (more: Partial<BlockFacts> = {}): BlockFacts => ({
  clientId: 'pump-7',
  names: ['alice'],
  ip: '203.0.113.7',
  fingerprint: FINGERPRINT,
  ...more,
});
const listOf = (...blocks: readonly Block[]) => {
  const list = createBlockList(patterns);
  list.use(blocks);
  return list;
};

describe('the list of blocks', () => {
  test.each([
    ['clientId', 'pump-7', { clientId: 'pump-70' }],
    ['username', 'alice', { names: ['Alice'] }],
    ['ip', '203.0.113.7', { ip: '203.0.113.8' }],
    ['cidr', '203.0.113.0/24', { ip: '203.0.114.7' }],
    ['fingerprint', FINGERPRINT, { fingerprint: undefined }],
    ['pattern', 'pump-\\d', { clientId: 'pump-7b' }],
    ['pattern', 'al.*', { names: [] }],
  ] as const)(
    'a block by %s %s meets whom it names, and nobody who differs in that',
    (kind, value, other) => {
      const list = listOf(blockOf(kind, value));
      expect(list.find(factsOf(), NOW)?.kind).toBe(kind);
      expect(list.find(factsOf(other), NOW)).toBeUndefined();
    },
  );

  test('an address is met however it is written', () => {
    const list = listOf(
      blockOf('ip', '2001:db8::1'),
      blockOf('cidr', '2001:db9::/32'),
      blockOf('ip', '198.51.100.1'),
    );
    expect(list.find(factsOf({ ip: '2001:0db8:0:0:0:0:0:1' }), NOW)).toBeDefined();
    expect(list.find(factsOf({ ip: '2001:db9:ffff::1' }), NOW)).toBeDefined();
    expect(list.find(factsOf({ ip: '::ffff:198.51.100.1' }), NOW)).toBeDefined();
  });

  test('the narrowest of several networks is named, and /0 meets the whole family and no other', () => {
    const list = listOf(
      blockOf('cidr', '0.0.0.0/0'),
      blockOf('cidr', '203.0.112.0/23'),
      blockOf('cidr', '203.0.113.0/24'),
    );
    expect(list.find(factsOf(), NOW)?.value).toBe('203.0.113.0/24');
    expect(list.find(factsOf({ ip: '8.8.8.8' }), NOW)?.value).toBe('0.0.0.0/0');
    expect(list.find(factsOf({ ip: '2001:db8::1' }), NOW)).toBeUndefined();
  });

  test('a block ends at its time, and one that has ended hides none that has not', () => {
    const ended = { expiresAt: NOW };
    const list = listOf(
      blockOf('clientId', 'pump-7', { expiresAt: NOW + 1 }),
      blockOf('cidr', '203.0.113.0/24', ended),
      blockOf('pattern', 'pump.*', ended),
      blockOf('pattern', '.*-7'),
    );
    expect(list.find(factsOf(), NOW)?.kind).toBe('clientId');
    expect(list.find(factsOf(), NOW + 1)?.value).toBe('.*-7');
  });

  test('a change puts in force what is new, in the place of what had its id, and forgets what is gone', () => {
    const list = listOf(blockOf('clientId', 'a', { id: '1' }), blockOf('clientId', 'b', { id: '2' }));
    list.change([blockOf('clientId', 'a', { id: '1', expiresAt: NOW })], ['2']);
    expect(list.size).toBe(1);
    expect(list.find(factsOf({ clientId: 'a' }), NOW)).toBeUndefined();
    expect(list.find(factsOf({ clientId: 'b' }), NOW)).toBeUndefined();
  });

  test('a client ID can be named like an address or a username without being taken for one', () => {
    const list = listOf(blockOf('username', 'pump-7'), blockOf('ip', '10.0.0.1'));
    expect(list.find(factsOf({ clientId: '10.0.0.1' }), NOW)).toBeUndefined();
  });
});

describe('reading a value', () => {
  test.each([
    ['clientId', ' a ', ' a '],
    ['ip', ' 203.0.113.9 ', '203.0.113.9'],
    ['ip', '2001:0DB8:0000::0001', '2001:db8::1'],
    ['ip', '::ffff:10.0.0.1', '10.0.0.1'],
    ['ip', '::', '::'],
    ['ip', '1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['cidr', '10.1.2.3/8', '10.0.0.0/8'],
    ['cidr', '10.1.2.3', '10.1.2.3/32'],
    ['cidr', '2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['fingerprint', 'AB:'.repeat(31) + 'AB', FINGERPRINT],
    ['pattern', 'a.*', 'a.*'],
  ] as const)('%s %s is kept as %s', (kind, text, value) => {
    expect(readBlockValue(kind, text, patterns)).toEqual({ value });
  });

  test.each([
    ['clientId', ''],
    ['username', 'a\0b'],
    ['username', '\uD800'],
    ['clientId', 'x'.repeat(1_025)],
    ['ip', 'localhost'],
    ['ip', '10.0.0.0/8'],
    ['cidr', '10.0.0.0/33'],
    ['fingerprint', 'ab'.repeat(20)],
    ['pattern', ''],
    ['pattern', '('],
    ['pattern', 'x'.repeat(257)],
  ] as const)('%s %j is refused in words', (kind, text) => {
    expect(readBlockValue(kind, text, patterns)).toHaveProperty('problem');
  });
});

const grantOf = (more: Partial<Grant> = {}): Grant => ({
  principal: { namespace: 'scram', subject: 'carol' },
  superuser: true,
  rules: [],
  credentialId: undefined,
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
  ...more,
});
const allowed = (more: Partial<Grant> = {}): Decision => ({
  outcome: 'allow',
  grant: grantOf(more),
  by: 'scram',
  trace: [{ authenticator: 'scram', type: 'scram', outcome: 'allow', reason: null, ms: 1 }],
});
const gateOf = (...blocks: readonly Block[]) => {
  const gate = createBlockGate({ clock: manualClock(NOW), patterns });
  gate.use(blocks);
  return gate;
};

describe('the gate', () => {
  test('refuses before the chain, by policy, and says which block in detail and trace', () => {
    const gate = gateOf(blockOf('clientId', 'pump-7', { id: 'b1' }));
    const detail = { block: 'b1', kind: 'clientId' };
    expect(gate.refuse(attemptOf())).toMatchObject({
      outcome: 'deny',
      reason: 'CLIENT_BLOCKED',
      by: 'policy',
      detail,
      trace: [{ authenticator: 'blocks', outcome: 'deny', reason: 'CLIENT_BLOCKED', detail }],
    });
  });

  test('asks again once the principal is named: a superuser of another name is refused too, with the whole trace', () => {
    const gate = gateOf(blockOf('username', 'carol'));
    expect(gate.refuse(attemptOf())).toBeUndefined();
    const decision = gate.review(attemptOf(), allowed());
    expect(decision).toMatchObject({ outcome: 'deny', reason: 'CLIENT_BLOCKED' });
    expect(decision.trace.map((step) => step.authenticator)).toEqual(['scram', 'blocks']);
  });

  test('a block made while the chain decided is in force', () => {
    const gate = gateOf();
    expect(gate.refuse(attemptOf())).toBeUndefined();
    gate.change([blockOf('ip', '203.0.113.7')], []);
    expect(gate.review(attemptOf(), allowed()).outcome).toBe('deny');
  });

  test('whom nobody vouched for has no name but what it sent', () => {
    const gate = gateOf(blockOf('username', 'pump-7'));
    const principal = { namespace: 'anonymous', subject: 'pump-7' };
    const decision = allowed({ anonymous: true, principal });
    expect(gate.review(attemptOf(), decision)).toBe(decision);
  });

  test('what the chain refused stays refused for its own reason', () => {
    const gate = gateOf(blockOf('clientId', 'pump-7'));
    const decision: Decision = {
      outcome: 'deny',
      reason: 'CHAIN_EXHAUSTED',
      by: 'policy',
      detail: {},
      trace: [],
    };
    expect(gate.review(attemptOf(), decision)).toBe(decision);
  });

  test('counts hits per block, gives them away once, and takes back what could not be stored', () => {
    const gate = gateOf(blockOf('clientId', 'pump-7', { id: 'b1' }));
    gate.refuse(attemptOf());
    gate.refuse(attemptOf());
    const taken = gate.takeHits();
    expect(taken).toEqual([{ id: 'b1', hits: 2, lastHitAt: NOW }]);
    expect(gate.takeHits()).toEqual([]);
    gate.refuse(attemptOf());
    gate.putBackHits(taken);
    expect(gate.takeHits()).toEqual([{ id: 'b1', hits: 3, lastHitAt: NOW }]);
  });

  test('a rehearsal answers alike and counts nothing', () => {
    const gate = gateOf(blockOf('clientId', 'pump-7'));
    expect(gate.rehearsal.refuse(attemptOf())?.reason).toBe('CLIENT_BLOCKED');
    expect(gate.takeHits()).toEqual([]);
  });

  test('a test for some blocks alone meets nobody whom another block meets', () => {
    const gate = gateOf(blockOf('clientId', 'pump-7'));
    expect(gate.only([blockOf('username', 'bob')])(factsOf())).toBe(false);
    expect(gate.only([blockOf('username', 'alice')])(factsOf())).toBe(true);
  });
});
