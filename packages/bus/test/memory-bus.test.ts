import { expect, test } from 'vitest';
import { createMemoryHub } from '../src/memory-bus.ts';
import { busContract } from './support/bus-contract.ts';
import { bytes, hear } from './support/told.ts';

busContract(() => {
  const hub = createMemoryHub();
  return Promise.resolve({
    join: (node) => Promise.resolve(hub.join(node)),
    cut: (node) => {
      hub.cut(node);
      return Promise.resolve();
    },
    mend: (node) => {
      hub.mend(node);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});

test('a simulation decides when a message comes, and whether', async () => {
  const waiting: (() => void)[] = [];
  const hub = createMemoryHub({
    schedule: (deliver) => waiting.push(deliver),
    isLost: (from, to) => from === 'a' && to === 'c',
  });
  const [a, b, c] = [hub.join('a'), hub.join('b'), hub.join('c')];
  const told = [hear(b, ['kick']), hear(c, ['kick'])];
  a.broadcast('kick', bytes('1'));
  b.send('c', 'kick', bytes('2'));
  a.send('b', 'kick', bytes('3'));
  expect(told.map(({ lines }) => lines)).toEqual([[], []]);
  for (const deliver of waiting.splice(0).reverse()) deliver();
  expect(told.map(({ lines }) => lines)).toEqual([['a (kick) 3', 'a (kick) 1'], ['b (kick) 2']]);
  await Promise.all([a, b, c].map((bus) => bus.close()));
});

test('what is under way to a node that is cut off does not come when it is back', () => {
  const waiting: (() => void)[] = [];
  const hub = createMemoryHub({ schedule: (deliver) => waiting.push(deliver) });
  const [a, b] = [hub.join('a'), hub.join('b')];
  const told = hear(b, ['kick']);
  a.send('b', 'kick', bytes('1'));
  hub.cut('b');
  hub.mend('b');
  for (const deliver of waiting.splice(0)) deliver();
  expect(told.lines).toEqual([]);
});

test('a question waits as long as the simulation’s time says', async () => {
  const timers: { readonly ms: number; readonly call: () => void }[] = [];
  const hub = createMemoryHub({
    after: (ms, call) => {
      const timer = { ms, call };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
  });
  const [a, b] = [hub.join('a'), hub.join('b')];
  b.answer('slow', () => new Promise(() => undefined));
  b.answer('fast', () => Promise.resolve(bytes('1')));
  expect(await a.request('b', 'fast', bytes(''), 10)).toEqual(bytes('1'));
  expect(timers).toEqual([]);
  const slow = a.request('b', 'slow', bytes(''), 20);
  expect(timers.map(({ ms }) => ms)).toEqual([20]);
  timers[0]?.call();
  expect(await slow).toBeUndefined();
});
