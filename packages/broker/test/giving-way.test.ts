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
    const givingWay = new GivingWay(clock, () => load, 20);
    const next = () => {
      clock.advance(25);
      return givingWay.delayMs();
    };
    expect(givingWay.delayMs()).toBe(0);
    expect([next(), next(), next(), next(), next()]).toEqual([6, 12, 18, 20, 20]);
    load = 0.5;
    expect([next(), next()]).toEqual([18, 16]);
    clock.advance(1_001);
    expect(givingWay.delayMs()).toBe(0);
  });
});
