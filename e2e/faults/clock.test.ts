import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { Flow } from './support/flow.ts';
import { measured, seconds } from './support/measured.ts';
import { faultHouse } from './support/suite.ts';

const HOUR_S = 3_600;
/** Longer than a lease. */
const WATCHED_MS = 15_000;

/** The library of Debian's package `faketime`, for programs with threads. */
const library = readdirSync('/usr/lib')
  .map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));
const missing = library === undefined ? 'Debian package faketime is not installed' : undefined;

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-clock-'));
const clockFile = join(folder, 'clock');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const setClock = (offsetS: number): void => {
  writeFileSync(clockFile, `${offsetS < 0 ? '' : '+'}${String(offsetS)}\n`);
};
setClock(0);

/** Node "a" has a clock of its own; how time passes is the machine's. */
const opened = faultHouse(['a', 'b', 'c'], {
  env: (node) =>
    library === undefined || node !== 'a'
      ? {}
      : {
          LD_PRELOAD: library,
          FAKETIME_TIMESTAMP_FILE: clockFile,
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
});

test.skipIf(missing !== undefined).each([
  ['forward', HOUR_S, 'ahead of'],
  ['back', -HOUR_S, 'behind'],
])(
  `the clock of a node jumps an hour %s${missing === undefined ? '' : ` (${missing})`}: nobody is sent away, no lease ends, nothing is lost, and the log says by how much`,
  async (_, offsetS, word) => {
    const house = opened();
    const flow = await Flow.start(house, {
      qos1: { pairs: 3, perSecond: 300 },
      qos2: { pairs: 3, perSecond: 30 },
    });
    await until('messages flow', () => flow.acknowledged > 500 || undefined);
    setClock(offsetS);
    const warning = `The clock of this machine is 60 minutes ${word} the database's`;
    await until('the log tells', () => house.node('a').server.output().includes(warning) || undefined);
    await pause(WATCHED_MS);
    expect(flow.awayMsMax).toBe(0);
    setClock(0);
    await flow.end();
    expect(flow.awayMsMax).toBe(0);
    await flow.stop();
    measured(`the clock of a node an hour ${word} the others`, { 'away at most s': seconds(flow.awayMsMax) });
  },
);
