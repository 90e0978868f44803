import type { Bus } from '@gatehouse/ports';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bytes, hear, whenUp } from './told.ts';

/** A cluster under test. */
export interface World {
  /** A node that is connected. */
  readonly join: (node: string) => Promise<Bus>;
  readonly cut: (node: string) => Promise<void>;
  readonly mend: (node: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Longer than any test: what is not answered is known by other signs than time. */
const LONG_MS = 15_000;

/** What every bus between nodes guarantees. */
export function busContract(open: () => Promise<World>): void {
  let world: World;
  let count = 0;
  const joined: Bus[] = [];
  const join = async (): Promise<Bus> => {
    count += 1;
    const bus = await world.join(`node.${String(count)} *`);
    joined.push(bus);
    return bus;
  };
  const pair = async (): Promise<[Bus, Bus]> => [await join(), await join()];

  beforeAll(async () => {
    world = await open();
  });
  afterEach(async () => {
    await Promise.all(joined.splice(0).map((bus) => bus.close()));
  });
  afterAll(async () => {
    await world.close();
  });

  describe('what clients publish', () => {
    test('comes to every other node with a filter that matches, and to no other', async () => {
      const [here, there] = await pair();
      const [far, deaf] = await pair();
      const told = [here, there, far, deaf].map((bus) => hear(bus));
      await Promise.all([here.listen('#'), there.listen('a/+'), far.listen('a/#'), deaf.listen('b/#')]);
      here.publish('a/b', bytes('1'));
      here.publish('a', bytes('2'));
      const lines = await Promise.all(told.slice(1).map(({ until }) => until(here)));
      const [one, two] = [`${here.node} a/b: 1`, `${here.node} a: 2`];
      expect(lines).toEqual([[one], [one, two], []]);
      expect(told[0]?.lines).toEqual([]);
    });

    test('is told once, however many filters match, and in the order it was sent', async () => {
      const [here, there] = await pair();
      const told = hear(there);
      for (const filter of ['#', '+/+', 'a/#', 'a/+', 'a/b', '+/b']) await there.listen(filter);
      const sent = Array.from({ length: 500 }, (_, index) => String(index));
      for (const text of sent) here.publish('a/b', bytes(text));
      expect(await told.until(here)).toEqual(sent.map((text) => `${here.node} a/b: ${text}`));
    });

    test('stays away from wildcards when it starts with $, and comes to who names it', async () => {
      const [here, there] = await pair();
      const told = hear(there);
      for (const filter of ['#', '+/up', '$SYS/#', '$/+']) await there.listen(filter);
      for (const filter of ['$SYS/#', '$/+']) there.unlisten(filter);
      for (const topic of ['$SYS/up', '$SYS', '$/up', 'a/$b']) here.publish(topic, bytes('1'));
      expect(await told.until(here)).toEqual([`${here.node} a/$b: 1`]);
      await there.listen('$SYS/#');
      for (const topic of ['$SYS/up', '$SYS', '$SYSTEM', '$/up']) here.publish(topic, bytes('2'));
      expect(await told.until(here)).toEqual([`${here.node} $SYS/up: 2`, `${here.node} $SYS: 2`]);
    });

    test('no longer comes for a filter that is not listened to', async () => {
      const [here, there] = await pair();
      const told = hear(there);
      await there.listen('a/#');
      await there.listen('a/b');
      there.unlisten('a/#');
      there.unlisten('never/listened');
      await there.listen('flushed');
      for (const topic of ['a/b', 'a/c', 'a']) here.publish(topic, bytes(''));
      expect(await told.until(here)).toEqual([`${here.node} a/b: `]);
    });

    test.each([
      ['an empty level', '/a//b/'],
      ['what means something on the bus', 'a.b/*/>/%/%20/%u0020'],
      ['spaces, tabs and line ends', 'a b/\t/\r\nPUB x 0'],
      ['no ASCII', 'Grüße/温度/🌡/\u00a0\u2028\ufeff'],
      ['half of a pair', 'a/\ud800/b'],
      ['more bytes than a subject has', `a/${'x'.repeat(65_000)}/b`],
      ['many levels', Array.from({ length: 3_000 }, () => '').join('/')],
    ])('comes as it is when its topic has %s', async (_, topic) => {
      const [here, there] = await pair();
      const topics: string[] = [];
      there.onMessage((_from, name) => topics.push(name));
      const told = hear(there);
      await there.listen('not/this');
      await there.listen('#');
      here.publish(topic, bytes(''));
      await told.until(here);
      expect(topics).toEqual([topic]);
    });

    test('is what it was when it was published, though the bytes are used again', async () => {
      const [here, there] = await pair();
      const told = hear(there);
      await there.listen('a');
      const payload = Buffer.from('one');
      here.publish('a', payload);
      payload.write('two');
      expect(await told.until(here)).toEqual([`${here.node} a: one`]);
    });

    test('comes whole up to the size that is told, and is dropped and counted above', async () => {
      const [here, there] = await pair();
      const sizes: number[] = [];
      there.onMessage((_from, _topic, payload) => sizes.push(payload.length));
      const told = hear(there);
      await there.listen('a');
      here.publish('a', Buffer.alloc(here.payloadBytesMax));
      here.publish('a', Buffer.alloc(here.payloadBytesMax + 1));
      await told.until(here);
      expect(sizes).toEqual([here.payloadBytesMax]);
      expect(here.dropped).toBe(1);
    });
  });

  describe('what nodes say to each other', () => {
    test('comes to the one that is meant, or to all others, in order', async () => {
      const [here, there] = await pair();
      const other = await join();
      const kinds = ['kick', 'kick-all'];
      const told = [here, there, other].map((bus) => hear(bus, kinds));
      here.send(there.node, 'kick', bytes('1'));
      here.broadcast('kick-all', bytes('2'));
      here.send(here.node, 'kick', bytes('3'));
      here.send('nobody', 'kick', bytes('4'));
      here.send(there.node, 'unheard', bytes('5'));
      here.broadcast('kick', bytes('6'));
      const lines = await Promise.all(told.slice(1).map(({ until }) => until(here)));
      const all = [`${here.node} (kick-all) 2`, `${here.node} (kick) 6`];
      expect(lines).toEqual([[`${here.node} (kick) 1`, ...all], all]);
      expect(told[0]?.lines).toEqual([]);
    });

    test.each(['', 'a.b', 'A', 'a b', '*', '>'])(
      'has a fixed word for its kind, which %j is not',
      async (kind) => {
        const [here, there] = await pair();
        expect(() => {
          here.send(there.node, kind, bytes(''));
        }).toThrow(RangeError);
        expect(() => {
          here.broadcast(kind, bytes(''));
        }).toThrow(RangeError);
        await expect(here.request(there.node, kind, bytes(''), LONG_MS)).rejects.toThrow(RangeError);
      },
    );

    test('never comes from a topic, whatever its name', async () => {
      const [here, there] = await pair();
      const told = hear(there, ['kick']);
      await there.listen('#');
      for (const topic of ['../c/all/kick', 'c.all.kick', '$c/all/kick', '/c/all/kick'])
        here.publish(topic, bytes('x'));
      expect((await told.until(here)).filter((line) => line.includes('(kick)'))).toEqual([]);
    });
  });

  describe('a question', () => {
    test('is answered by the node that was asked', async () => {
      const [here, there] = await pair();
      there.answer('own-the-session', (from, payload) =>
        Promise.resolve(bytes(`${from} asked ${Buffer.from(payload).toString()}`)),
      );
      there.answer('empty', () => Promise.resolve(bytes('')));
      const answer = await here.request(there.node, 'own-the-session', bytes('x'), LONG_MS);
      expect(Buffer.from(answer ?? []).toString()).toBe(`${here.node} asked x`);
      expect((await here.request(there.node, 'empty', bytes('x'), LONG_MS))?.length).toBe(0);
    });

    test('has no answer, at once, where nobody is, nobody answers, or answering fails', async () => {
      const [here, there] = await pair();
      there.answer('fails', () => Promise.reject(new Error('no')));
      there.answer('too-much', () => Promise.resolve(new Uint8Array(4 * there.payloadBytesMax)));
      const ask = (node: string, kind: string) => here.request(node, kind, bytes(''), LONG_MS);
      expect(await ask('nobody', 'fails')).toBeUndefined();
      expect(await ask(there.node, 'unknown')).toBeUndefined();
      expect(await ask(there.node, 'fails')).toBeUndefined();
      expect(await ask(there.node, 'too-much')).toBeUndefined();
    });

    test('has no answer when the time is over, or the asker leaves', async () => {
      const [here, there] = await pair();
      const asked = new Promise<void>((resolve) => {
        there.answer('slow', (_from, payload) => {
          if (payload.length > 0) resolve();
          return new Promise(() => undefined);
        });
      });
      expect(await here.request(there.node, 'slow', bytes(''), 1)).toBeUndefined();
      const left = here.request(there.node, 'slow', bytes('x'), LONG_MS);
      await asked;
      await here.close();
      expect(await left).toBeUndefined();
    });
  });

  test('a node that is cut off knows it, drops what it says, and hears again what it listened to', async () => {
    const [here, there] = await pair();
    const told = hear(here, ['kick']);
    const other = hear(there);
    await here.listen('before');
    await there.listen('#');
    const states: boolean[] = [];
    here.onState((isUp) => states.push(isUp));
    there.answer('slow', () => new Promise(() => undefined));
    const unanswered = here.request(there.node, 'slow', bytes(''), LONG_MS);
    await world.cut(here.node);
    await whenUp(here, false);
    expect(await unanswered).toBeUndefined();
    here.publish('lost', bytes(''));
    here.broadcast('kick', bytes(''));
    expect(here.dropped).toBe(2);
    expect(await here.request(there.node, 'slow', bytes(''), LONG_MS)).toBeUndefined();
    expect(here.dropped).toBe(2);
    await here.listen('meanwhile');
    here.unlisten('never');
    there.publish('before', bytes('lost'));
    await world.mend(here.node);
    await whenUp(here);
    expect(states).toEqual([false, true]);
    for (const topic of ['before', 'meanwhile', 'never']) there.publish(topic, bytes('1'));
    there.send(here.node, 'kick', bytes('2'));
    const lines = [`${there.node} before: 1`, `${there.node} meanwhile: 1`, `${there.node} (kick) 2`];
    expect(await told.until(there)).toEqual(lines);
    here.publish('again', bytes('3'));
    expect(await other.until(here)).toEqual([`${here.node} again: 3`]);
  });
}
