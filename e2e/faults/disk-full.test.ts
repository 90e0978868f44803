import { expect, test } from 'vitest';
import { History } from '../../packages/broker/test/faults/history.ts';
import { until } from '../support/until.ts';
import { measured, seconds } from './support/measured.ts';
import { RoamingClient } from './support/roaming-client.ts';
import { smallDisk, withoutSmallDisks } from './support/small-disk.ts';
import { faultHouse } from './support/suite.ts';

const MIB = 1024 * 1024;
/** What PostgreSQL has for its files: the schema, the log ahead, and some room. */
const DISK_BYTES = 200 * MIB;
/** WAL is made in files of this size, and recycled below the limit: a small disk shall do. */
const WAL = ['max_wal_size=48MB', 'min_wal_size=32MB'];
const BACK_MS_MAX = 5_000;

const missing = withoutSmallDisks();
const disk = missing === undefined ? smallDisk(DISK_BYTES) : undefined;
const opened = faultHouse(['a', 'b'], {
  postgres: WAL,
  ...(disk === undefined ? {} : { databaseFolder: disk.path }),
  after: () => {
    disk?.discard();
  },
});

test.skipIf(missing !== undefined)(
  `the disk of PostgreSQL is full${missing === undefined ? '' : ` (${missing})`}: acknowledgements stop, QoS 0 goes on, the log says why, and with room again nothing that was acknowledged is lost`,
  async () => {
    const house = opened();
    const history = new History();
    const passing = new History();
    const topic = 'disk/kept';
    const reader = new RoamingClient(house, 'disk-reader', history);
    await reader.start('b');
    await reader.device.subscribe(topic, 1);
    const writer = new RoamingClient(house, 'disk-writer', history, { topic });
    await writer.start('a');
    const watcher = new RoamingClient(house, 'disk-watcher', passing);
    await watcher.start('b');
    await watcher.device.subscribe('disk/passing', 1);
    const speaker = new RoamingClient(house, 'disk-speaker', passing, { topic: 'disk/passing' });
    await speaker.start('a');
    await writer.publish(['before'], 1, 1_000, 10);
    disk?.fill();
    // Each is larger than what is left: sooner or later one is not taken.
    let sent = 0;
    await until('an acknowledgement does not come', () => {
      if (writer.device.unanswered > 20) return true;
      sent += 1;
      writer.device.publish(`${String(sent)} ${'x'.repeat(64 * 1024)}`, 1);
      return undefined;
    });
    const stuck = history.acknowledgedCount;
    await until('a message of QoS 0 passes', () => {
      speaker.device.publishOnce('passes');
      return passing.has('passes') || undefined;
    });
    await until('the log says why', () => house.logs().includes('No space left on device') || undefined);
    expect(history.acknowledgedCount).toBe(stuck);
    disk?.empty();
    const roomAt = performance.now();
    await until('acknowledgements go on', () => history.acknowledgedCount > stuck || undefined);
    const backMs = performance.now() - roomAt;
    await writer.publish(['last'], 1, 1_000, 1_000);
    await history.until('last');
    expect(history.lost()).toEqual([]);
    await Promise.all([reader, writer, watcher, speaker].map((client) => client.stop()));
    measured('the disk of PostgreSQL full', { 'back after s': seconds(backMs) });
    expect(backMs).toBeLessThan(BACK_MS_MAX);
  },
);
