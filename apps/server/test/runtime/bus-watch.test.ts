import { createMemoryHub } from '@gatehouse/bus';
import { expect, test } from 'vitest';
import { BusWatch } from '../../src/runtime/bus-watch.ts';

/** Time that passes when it is told to. */
function handClock() {
  let now = 0;
  let waiting: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    after: (ms: number, run: () => void) => {
      const one = { at: now + ms, run };
      waiting.push(one);
      return () => {
        waiting = waiting.filter((other) => other !== one);
      };
    },
    pass: async (ms: number) => {
      const until = now + ms;
      for (;;) {
        const [next] = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        waiting = waiting.filter((one) => one !== next);
        now = next.at;
        next.run();
        // What it asked for is answered, and what was sent is there.
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = until;
    },
  };
}

const SETTLED_MS = 20_000;

function house() {
  const clock = handClock();
  const living = [
    { node: 'a', isAlive: true },
    { node: 'b', isAlive: true },
    { node: 'gone', isAlive: false },
  ];
  let isAway = false;
  const answers: (() => void)[] = [];
  const nodes = () =>
    isAway
      ? new Promise<typeof living>((resolve) => answers.push(() => resolve(living)))
      : Promise.resolve(living);
  const watch = (bus: ReturnType<ReturnType<typeof createMemoryHub>['join']>) => {
    const told: (readonly string[])[] = [];
    const watching = new BusWatch({ bus, nodes, clock, onSilent: (silent) => told.push(silent) });
    return { watching, told };
  };
  return {
    clock,
    watch,
    databaseHangs: (is: boolean) => {
      isAway = is;
      if (!is) for (const answer of answers.splice(0)) answer();
    },
  };
}

test('nodes of one bus hear each other, and nothing is told', async () => {
  const { clock, watch } = house();
  const hub = createMemoryHub();
  const [a, b] = [watch(hub.join('a')), watch(hub.join('b'))];
  await clock.pass(4 * SETTLED_MS);
  expect([a.told, b.told]).toEqual([[], []]);
  expect([a.watching.isWell, b.watching.isWell]).toEqual([true, true]);
});

test('a node whose bus is that of another cluster is told by both, once, and that it is heard again', async () => {
  const { clock, watch } = house();
  const [hub, other] = [createMemoryHub(), createMemoryHub()];
  const a = watch(hub.join('a'));
  const b = watch(other.join('b'));
  await clock.pass(4 * SETTLED_MS);
  expect([a.told, b.told]).toEqual([[['b']], [['a']]]);
  expect(a.watching.isWell).toBe(false);
  b.watching.close();
  const moved = watch(hub.join('b'));
  await clock.pass(SETTLED_MS);
  expect(a.told).toEqual([['b'], []]);
  expect(a.watching.isWell).toBe(true);
  expect(moved.told).toEqual([]);
});

test('while the bus is away nobody is called silent by a node that has none', async () => {
  const { clock, watch } = house();
  const hub = createMemoryHub();
  const [a, b] = [watch(hub.join('a')), watch(hub.join('b'))];
  hub.cut('a');
  await clock.pass(4 * SETTLED_MS);
  expect(a.told).toEqual([]);
  expect(a.watching.isWell).toBe(false);
  expect(b.told).toEqual([['a']]);
  hub.mend('a');
  await clock.pass(SETTLED_MS);
  expect([a.told, b.told]).toEqual([[], [['a'], []]]);
});

test('a database that hangs keeps nobody from being heard, while it does and after', async () => {
  const { clock, watch, databaseHangs } = house();
  const hub = createMemoryHub();
  const [a, b] = [watch(hub.join('a')), watch(hub.join('b'))];
  await clock.pass(SETTLED_MS);
  databaseHangs(true);
  await clock.pass(4 * SETTLED_MS);
  databaseHangs(false);
  await clock.pass(SETTLED_MS);
  expect([a.told, b.told]).toEqual([[], []]);
});
