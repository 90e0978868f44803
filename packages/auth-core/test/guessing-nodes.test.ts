import { describe, expect, test } from 'vitest';
import { GUESSING_LIMITS } from '../src/guessing/limits.ts';
import { attemptFrom, budgetOf, named } from './support/guessing-world.ts';

const NEWS_MAX = 100;
const LIMITS = { pairFailuresMax: 10, usernameFailuresMax: 30, networkFailuresMax: 200 };

const nodesOf = (count: number, limits = LIMITS) =>
  Array.from({ length: count }, () => budgetOf(limits, [], NEWS_MAX));
type Node = ReturnType<typeof nodesOf>[number];
/** Every node tells all others, as a round does. */
const round = (nodes: readonly Node[]): void => {
  const told = nodes.map(({ budget }) => budget.takeNews());
  for (const [at, { budget }] of nodes.entries())
    for (const [from, failures] of told.entries()) if (from !== at) budget.elsewhere(failures);
};

describe('failures that several nodes count', () => {
  test('a pair is blocked everywhere once its failures at all nodes together are too many', () => {
    const nodes = nodesOf(3);
    const [a, b, c] = nodes;
    a?.fail(4);
    b?.fail(4);
    round(nodes);
    expect(nodes.map(({ admits }) => admits())).toEqual([true, true, true]);
    c?.fail(2);
    round(nodes);
    expect(nodes.map(({ admits }) => admits())).toEqual([false, false, false]);
    const lists = nodes.map(({ budget }) => budget.list().map(({ kind, failures }) => ({ kind, failures })));
    expect(lists).toEqual([0, 1, 2].map(() => [{ kind: 'pair', failures: 10 }]));
  });

  test('the next block begins everywhere with one failure anywhere, and is twice as long', () => {
    const nodes = nodesOf(2);
    const [a, b] = nodes;
    const pauses = () => nodes.map(({ budget, clock }) => (budget.list()[0]?.until ?? 0) - clock.now());
    a?.fail(10);
    round(nodes);
    expect(pauses()).toEqual([GUESSING_LIMITS.blockMinMs, GUESSING_LIMITS.blockMinMs]);
    for (const { clock } of nodes) clock.advance(GUESSING_LIMITS.blockMinMs);
    b?.fail(1);
    round(nodes);
    expect(pauses()).toEqual([2 * GUESSING_LIMITS.blockMinMs, 2 * GUESSING_LIMITS.blockMinMs]);
  });

  test('a username and a network are slowed everywhere by what all nodes counted', () => {
    const nodes = nodesOf(2, { ...LIMITS, usernameFailuresMax: 6, networkFailuresMax: 8 });
    const [a, b] = nodes;
    for (let host = 1; host <= 3; host += 1) {
      a?.fail(1, `192.0.2.${host}`);
      b?.fail(1, `198.51.100.${host}`);
    }
    round(nodes);
    const kinds = () => nodes.map(({ budget }) => budget.list().map(({ kind }) => kind));
    expect(kinds()).toEqual([['username'], ['username']]);
    for (let host = 1; host <= 4; host += 1) {
      a?.fail(1, `203.0.113.${host}`, `a-${host}`);
      b?.fail(1, `203.0.113.${host}`, `b-${host}`);
    }
    round(nodes);
    expect(kinds()).toEqual([
      ['username', 'network'],
      ['username', 'network'],
    ]);
  });

  test('who proves itself at one node starts again at all, and what it fails from then on counts', () => {
    const nodes = nodesOf(2);
    const [a, b] = nodes;
    a?.fail(6);
    round(nodes);
    b?.budget.succeeded(attemptFrom('203.0.113.7', 'ann'));
    b?.fail(3);
    round(nodes);
    a?.fail(6);
    round(nodes);
    expect(nodes.map(({ admits }) => admits())).toEqual([true, true]);
    a?.fail(1);
    round(nodes);
    expect(nodes.map(({ admits }) => admits())).toEqual([false, false]);
  });

  test('are told once: neither what others told, nor what was told before', () => {
    const nodes = nodesOf(2);
    const [a, b] = nodes;
    a?.fail(1);
    round(nodes);
    expect([a?.budget.takeNews(), b?.budget.takeNews()]).toEqual([[], []]);
    b?.budget.succeeded(attemptFrom('203.0.113.7', 'bob'));
    expect(b?.budget.takeNews()).toEqual([]);
  });

  test('take no more room than is named, however many fail; a node alone keeps none', () => {
    const [node] = nodesOf(1);
    const alone = budgetOf(LIMITS);
    for (let n = 0; n < 1_000; n += 1) {
      node?.fail(1, `10.${n >> 8}.${n & 255}.7`, `user-${n}`);
      alone.fail(1, `10.${n >> 8}.${n & 255}.7`, `user-${n}`);
    }
    const news = node?.budget.takeNews() ?? [];
    const countOf = (kind: string): number => news.filter((one) => one.kind === kind).length;
    expect(['pair', 'username', 'network'].map(countOf)).toEqual([NEWS_MAX, NEWS_MAX, NEWS_MAX]);
    expect(news[0]).toEqual({
      kind: 'pair',
      ip: '10.3.231.7',
      identity: named('user-999'),
      network: null,
      failures: 1,
      proved: false,
    });
    expect(alone.budget.takeNews()).toEqual([]);
  });

  test('that name nobody, or are more than can be, do no harm', () => {
    const { budget, admits } = budgetOf(LIMITS);
    const nobody = { ip: null, identity: null, network: null, failures: 5, proved: true };
    budget.elsewhere([
      { ...nobody, kind: 'pair' },
      { ...nobody, kind: 'username' },
      { ...nobody, kind: 'network' },
      { ...nobody, kind: 'pair', ip: '192.0.2.1', identity: named('eve'), failures: Number.MAX_SAFE_INTEGER },
    ]);
    expect(budget.counters().entries).toEqual({ pair: 1, username: 0, network: 0 });
    expect(admits('192.0.2.1', 'eve')).toBe(false);
  });
});
