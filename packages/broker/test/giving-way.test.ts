import { afterEach, describe, expect, test } from 'vitest';
import { GivingWay } from '../src/connection/giving-way.ts';
import { startBroker, type TestBroker } from './support/broker.ts';
import { FakeClock } from './support/fake-clock.ts';
import { connectPacket, RawClient } from './support/raw-client.ts';

let running: TestBroker | undefined;

afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
});

describe('refusals under load', () => {
  test('are held back while the loop is busy, recorded at once; good clients are not held back', async () => {
    const clock = new FakeClock();
    running = await startBroker({
      load: () => 1,
      credentials: [{ username: 'pump', password: 'right' }],
      anonymous: 'deny',
      clock,
    });
    const { port, sink } = running;
    await RawClient.connect(port, { clientId: 'served', username: 'pump', password: Buffer.from('right') });
    clock.advance(25);
    const client = await RawClient.open(port);
    client.send(connectPacket({ username: 'nobody', password: Buffer.from('wrong') }));
    expect(await sink.refusal(1)).toMatchObject({ reason: 'BASIC_NO_CREDENTIALS' });
    await RawClient.connect(port, { clientId: 'good', username: 'pump', password: Buffer.from('right') });
    expect(client.received).toHaveLength(0);
    clock.advance(6);
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 4 });
  });

  test('wait longer the longer the load lasts, up to a bound, and no longer at all when it is over', () => {
    const clock = new FakeClock();
    let load = 1;
    let served = 0;
    const givingWay = new GivingWay(
      clock,
      () => load,
      () => (served += 1),
      20,
      () => undefined,
    );
    /** Of refusals that come together the longest wait is close to the delay of now, the shortest to half of it. */
    const waits = (): readonly [number, number] => {
      const all = Array.from({ length: 1_000 }, () => givingWay.delayMs());
      return [Math.round(Math.min(...all)), Math.round(Math.max(...all))];
    };
    const after = (ms: number): readonly [number, number] => {
      clock.advance(ms);
      return waits();
    };
    expect(waits()).toEqual([0, 0]);
    expect([after(25), after(25), after(25), after(25)]).toEqual([
      [3, 6],
      [6, 12],
      [9, 18],
      [10, 20],
    ]);
    load = 0.5;
    expect(after(25)).toEqual([9, 18]);
    // Four times as long an idle time counts four times.
    expect(after(100)).toEqual([5, 10]);
    expect(after(1_001)).toEqual([0, 0]);
  });

  test('do not wait when nobody but refused clients has been there for a second', () => {
    const clock = new FakeClock();
    let served = 0;
    const givingWay = new GivingWay(
      clock,
      () => 1,
      () => served,
      100,
      () => undefined,
    );
    const after = (ms: number): number => {
      clock.advance(ms);
      return givingWay.delayMs();
    };
    expect(after(25)).toBe(0);
    served = 1;
    expect(after(25)).toBeGreaterThan(0);
    const held = Array.from({ length: 39 }, () => after(25)).at(-1) ?? 0;
    expect(held).toBeGreaterThan(40);
    const released = Array.from({ length: 60 }, () => after(25)).at(-1);
    expect(released).toBe(0);
  });

  test('that come together do not come back together', () => {
    const clock = new FakeClock();
    let served = 0;
    const givingWay = new GivingWay(
      clock,
      () => 1,
      () => (served += 1),
      100,
      () => undefined,
    );
    for (let step = 0; step < 20; step += 1) {
      clock.advance(25);
      givingWay.delayMs();
    }
    const waits = Array.from({ length: 50 }, () => givingWay.delayMs()).sort((a, b) => a - b);
    const gaps = waits.slice(1).map((wait, index) => wait - (waits[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(0.3);
    expect(Math.max(...gaps)).toBeLessThan(3);
  });
});
