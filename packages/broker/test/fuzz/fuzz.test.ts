import { expect, test } from 'vitest';
import { fuzz } from './run.ts';

/** Packets and seed of `npm run fuzz`; without it a short run. */
const { FUZZ_COUNT = '20000', FUZZ_SEED = '1' } = process.env;
const count = Number(FUZZ_COUNT);
const seed = Number(FUZZ_SEED);
/** Milliseconds that a packet may take on a busy machine, and the start. */
const timeoutMs = 20_000 + count * 3;
const REPORT_EVERY = 50_000;

test(
  `${count} packets, right and wrong, over TCP and WebSocket (seed ${seed}): closed for what is wrong, and nobody else notices`,
  { timeout: timeoutMs },
  async () => {
    let reported = 0;
    const report = await fuzz({
      seed,
      count,
      progress: (packets, conversations) => {
        if (packets < reported + REPORT_EVERY) return;
        reported = packets;
        console.log(`${packets} packets in ${conversations} conversations`);
      },
    });
    if (count > REPORT_EVERY) console.log(report);
    expect(report.packets).toBeGreaterThanOrEqual(count);
    expect(report.roundTrips).toBeGreaterThan(1);
  },
);
