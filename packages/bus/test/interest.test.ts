import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Interest } from '../src/interest.ts';

const ROOTS = ['h.t', 'h.s'];

function world(max: number) {
  const held = new Set<string>();
  const log: string[] = [];
  const interest = new Interest(
    {
      subscribe: (subject) => {
        expect(held.has(subject)).toBe(false);
        held.add(subject);
        log.push(`+${subject}`);
      },
      unsubscribe: (subject) => {
        expect(held.delete(subject)).toBe(true);
        log.push(`-${subject}`);
      },
    },
    ROOTS,
    max,
  );
  return { interest, held, log };
}

/** Whether a subscription of the set stands for the subject. */
const covered = (held: ReadonlySet<string>, subject: string): boolean => {
  if (held.has(subject)) return true;
  const tokens = subject.split('.');
  return tokens.some((_, index) => held.has([...tokens.slice(0, index), '>'].join('.')));
};

test('a subject is subscribed to once, until nobody wants it', () => {
  const { interest, log } = world(10);
  for (const subject of ['h.t.a', 'h.t.a', 'h.t.b']) interest.add(subject);
  interest.remove('h.t.a');
  expect(log).toEqual(['+h.t.a', '+h.t.b']);
  interest.remove('h.t.a');
  interest.remove('h.t.a');
  interest.remove('h.t.never');
  expect(log).toEqual(['+h.t.a', '+h.t.b', '-h.t.a']);
});

test('siblings become one of their parent, before they go, when there are too many', () => {
  const { interest, held, log } = world(10);
  interest.add('h.t.other');
  for (let index = 0; index < 10; index += 1) interest.add(`h.t.a.b.${String(index)}`);
  expect([...held].sort()).toEqual(['h.t.a.b.>', 'h.t.other']);
  expect(log.indexOf('+h.t.a.b.>')).toBeLessThan(log.indexOf('-h.t.a.b.0'));
  interest.add('h.t.a.b.c.d');
  interest.add('h.t.a.b.>');
  expect(interest.size).toBe(2);
});

test('a parent goes when what is below it is gone, or so little that it has room', () => {
  const { interest, held } = world(200);
  const subjects = Array.from({ length: 201 }, (_, index) => `h.t.a.${String(index)}`);
  for (const subject of subjects) interest.add(subject);
  expect([...held]).toEqual(['h.t.a.>']);
  for (const subject of subjects.slice(3)) interest.remove(subject);
  expect([...held]).toEqual(['h.t.a.>']);
  interest.remove('h.t.a.2');
  expect([...held].sort()).toEqual(['h.t.a.0', 'h.t.a.1']);
});

test('nothing above a root is put together', () => {
  const { interest, held } = world(10);
  for (let index = 0; index < 60; index += 1)
    interest.add(`h.${index % 2 === 0 ? 't' : 's'}.${String(index)}`);
  expect([...held].sort()).toEqual(['h.s.>', 'h.t.>']);
});

test('fifty thousand and more distinct subjects of devices stay within the bound', () => {
  let [size, most] = [0, 0];
  const interest = new Interest(
    {
      subscribe: () => {
        size += 1;
        most = Math.max(most, size);
      },
      unsubscribe: () => {
        size -= 1;
      },
    },
    ROOTS,
  );
  for (let index = 0; index < 120_000; index += 1) {
    interest.add(`h.t.site.${String(index % 40)}.device.${String(index)}.command`);
  }
  // One more while a parent takes over from what is below it.
  expect(most).toBeLessThan(50_100);
  const parents = [...interest.subjects()].filter((subject) => subject.endsWith('.>'));
  expect(parents.length).toBeGreaterThan(20);
  expect(parents.filter((subject) => !/^h\.t\.site\.\d+\.device\.>$/.test(subject))).toEqual([]);
});

test('whatever comes and goes, all that is wanted is covered, and the bound is kept', () => {
  const token = fc.constantFrom('a', 'b', 'c', '*', '%');
  const subject = fc
    .tuple(fc.constantFrom(...ROOTS), fc.array(token, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([root, tokens, isOpen]) => [root, ...tokens, ...(isOpen ? ['>'] : [])].join('.'));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(subject, fc.integer({ min: 0, max: 2 })), { maxLength: 200 }),
      fc.integer({ min: 4, max: 30 }),
      (steps, max) => {
        const { interest, held } = world(max);
        const wanted = new Map<string, number>();
        for (const [name, choice] of steps) {
          const count = wanted.get(name) ?? 0;
          if (choice > 0) {
            interest.add(name);
            wanted.set(name, count + 1);
          } else if (count > 0) {
            interest.remove(name);
            if (count > 1) wanted.set(name, count - 1);
            else wanted.delete(name);
          }
          expect(held.size).toBeLessThanOrEqual(max);
          for (const one of wanted.keys()) expect(covered(held, one)).toBe(true);
        }
        expect([...interest.subjects()].sort()).toEqual([...held].sort());
        for (const [name, count] of wanted) for (let left = count; left > 0; left -= 1) interest.remove(name);
        expect([...held]).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
