import type { Scan, ScanRequest } from '@gatehouse/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { halved, mergeScans } from '../../src/data/merge-scans.ts';

/** The page that one node makes of what it holds, as its broker does. */
function pageOf(node: string, held: readonly string[], request: ScanRequest): Scan<string> {
  const { edge, limit, direction } = request;
  const isBackward = edge?.side === 'before';
  const up = (direction === 'asc') !== isBackward;
  const ordered = held.toSorted((a, b) => (a === b ? 0 : a < b === up ? -1 : 1));
  const ahead = ordered.filter((key) => edge === undefined || (up ? key > edge.key : key < edge.key));
  const kept = ahead.slice(0, limit);
  const items = isBackward ? kept.toReversed() : kept;
  const more = ahead.length > limit;
  const behind = ahead.length < ordered.length;
  return {
    items,
    keys: items,
    next: (isBackward ? behind : more) ? (items.at(-1) ?? null) : null,
    prev: (isBackward ? more : behind) ? (items[0] ?? null) : null,
    total: held.length,
    complete: true,
    nodes: [node],
    missing: [],
  };
}

const NODES = ['a', 'b', 'c'];
const merged = (parts: readonly (readonly string[])[], request: ScanRequest, half = false) => {
  const answers = parts.map((held, index) => {
    const page = pageOf(NODES[index] ?? '', held, request);
    return { node: NODES[index] ?? '', value: half ? (halved(page, request) ?? page) : page };
  });
  const scan = mergeScans(answers, request, NODES);
  if (scan === 'busy') throw new Error('nobody is busy');
  return scan;
};

const texts = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 30 });
/** What three nodes hold, each something else. */
const parts = fc
  .tuple(texts, fc.array(fc.nat(2), { minLength: 30, maxLength: 30 }))
  .map(([all, where]) => NODES.map((_, node) => all.filter((_text, index) => where[index] === node)));
const direction = fc.constantFrom('asc' as const, 'desc' as const);
const limit = fc.integer({ min: 1, max: 7 });

test('the pages of several nodes put together, one after the other, are the whole in order: each entry once', () => {
  fc.assert(
    fc.property(parts, direction, limit, fc.boolean(), (held, way, size, half) => {
      const seen: string[] = [];
      let edge: ScanRequest['edge'];
      for (;;) {
        const page = merged(held, { limit: size, direction: way, edge }, half);
        expect(page.items.length).toBeLessThanOrEqual(size);
        expect(page.total).toBe(held.flat().length);
        seen.push(...page.items);
        expect(page.prev, 'there is a way back').toBe(edge === undefined ? null : (page.items[0] ?? null));
        if (page.next === null) break;
        edge = { side: 'after', key: page.next };
      }
      const all = held.flat().toSorted((a, b) => (a === b ? 0 : a < b ? -1 : 1));
      expect(seen).toEqual(way === 'asc' ? all : all.toReversed());
    }),
  );
});

test('a page back from the end leads to the beginning: each entry once, in order', () => {
  fc.assert(
    fc.property(parts, direction, limit, fc.boolean(), (held, way, size, half) => {
      const all = held.flat().toSorted((a, b) => (a === b ? 0 : a < b ? -1 : 1));
      const ordered = way === 'asc' ? all : all.toReversed();
      const last = ordered.at(-1);
      if (last === undefined) return;
      let seen: string[] = [last];
      let edge: ScanRequest['edge'] = { side: 'before', key: last };
      for (;;) {
        const page = merged(held, { limit: size, direction: way, edge }, half);
        seen = [...page.items, ...seen];
        expect(page.next, 'there is a way on').toBe(page.items.at(-1) ?? null);
        if (page.prev === null) break;
        edge = { side: 'before', key: page.prev };
      }
      expect(seen).toEqual(ordered);
    }),
  );
});

test('a node that did not answer is named, and one that is too busy makes the whole busy', () => {
  const request = { limit: 2, direction: 'asc' } as const;
  const here = { node: 'a', value: pageOf('a', ['x'], request) };
  expect(mergeScans([here, { node: 'b', value: undefined }], request, ['a', 'b'])).toEqual({
    ...here.value,
    nodes: ['a', 'b'],
    missing: ['b'],
  });
  expect(mergeScans([here, { node: 'b', value: 'busy' }], request, ['a', 'b'])).toBe('busy');
});
