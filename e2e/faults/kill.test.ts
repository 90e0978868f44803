import { expect, test } from 'vitest';
import { History } from '../../packages/broker/test/faults/history.ts';
import { RawClient } from '../../packages/broker/test/support/raw-client.ts';
import { until } from '../support/until.ts';
import { Flow } from './support/flow.ts';
import type { FaultHouse } from './support/house.ts';
import { measured, seconds } from './support/measured.ts';
import { RoamingClient } from './support/roaming-client.ts';
import { faultHouse } from './support/suite.ts';

const NODES = ['a', 'b', 'c'];
/** Messages of QoS 1 a second over all nodes (quality.md). */
const PER_SECOND = 2_000;
/** Acknowledged messages between two kills, at least: the flow is under way. */
const BETWEEN_KILLS = 6_000;
const WILL_MS_MAX = 12_000;

const opened = faultHouse(NODES);

/** A device at `node` that leaves a will, and one elsewhere that waits for it. */
async function willAt(house: FaultHouse, node: string, watchedFrom: string): Promise<History> {
  const wills = new History();
  const watcher = new RoamingClient(house, `watcher-of-${node}`, wills);
  await watcher.start(watchedFrom);
  await watcher.device.subscribe(`wills/${node}`, 2);
  const { port, host } = house.node(node);
  await RawClient.connect(
    port,
    {
      clientId: `dying-at-${node}`,
      username: 'fleet',
      password: Buffer.from(house.secret),
      will: { topic: `wills/${node}`, payload: Buffer.from(node), qos: 2, retain: false },
    },
    host,
  );
  return wills;
}

test('of three nodes each is killed in turn while messages cross between them: none that was acknowledged is lost, QoS 2 comes exactly once, sessions go on elsewhere, and wills come once, in time', async () => {
  const house = opened();
  const flow = await Flow.start(house, {
    qos1: { pairs: 6, perSecond: PER_SECOND },
    qos2: { pairs: 3, perSecond: 60 },
  });
  const willsMs: number[] = [];
  const watched: History[] = [];
  for (const [round, victim] of NODES.entries()) {
    const wills = await willAt(house, victim, NODES[(round + 1) % NODES.length] ?? '');
    watched.push(wills);
    const before = flow.acknowledged;
    await until('messages flow', () => flow.acknowledged - before > BETWEEN_KILLS || undefined);
    const killedAt = performance.now();
    await house.kill(victim);
    await wills.until(victim);
    willsMs.push(performance.now() - killedAt);
    await house.start(victim);
  }
  await flow.end();
  measured('a node killed under load, three times', {
    'messages/s': Math.round(flow.perSecond),
    acknowledged: flow.acknowledged,
    'will after s': willsMs.map(seconds).join(', '),
    'away at most s': seconds(flow.awayMsMax),
  });
  await flow.stop();
  for (const wills of watched) expect(wills.repeated()).toEqual([]);
  for (const ms of willsMs) expect(ms).toBeLessThan(WILL_MS_MAX);
});
