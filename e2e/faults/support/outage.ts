import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { until } from '../../support/until.ts';
import { Flow } from './flow.ts';
import type { FaultHouse } from './house.ts';
import { measured, seconds } from './measured.ts';

/** How long something is away, seconds (quality.md). */
const AWAY_MS = Number(process.env['FAULT_OUTAGE_SECONDS'] ?? 60) * 1_000;
/** Acknowledgements that were sent before may be on their way for so long. */
const UNDER_WAY_MS = 2_000;
const MEMORY_BYTES_MAX = 100 * 1024 * 1024;
const BACK_MS_MAX = 5_000;
const MIB = 1024 * 1024;

/** Something that is away for a minute. */
export interface Outage {
  readonly name: string;
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
  /** Whether messages of QoS 1 and 2 can be kept meanwhile. */
  readonly isDurable: boolean;
}

/** Lets messages cross between nodes while something is away, and says whether all holds. */
export async function during(
  house: FaultHouse,
  outage: Outage,
  isBack: (flow: Flow) => Promise<void>,
): Promise<void> {
  const flow = await Flow.start(house, {
    qos1: { pairs: 6, perSecond: 600 },
    qos2: { pairs: 3, perSecond: 60 },
  });
  await until('messages flow', () => flow.acknowledged > 2_000 || undefined);
  const memory = (): number[] => house.nodes.map(({ name }) => house.residentBytes(name));
  const before = memory();
  await outage.begin();
  await pause(UNDER_WAY_MS);
  const atFirst = flow.acknowledged;
  await pause(AWAY_MS - UNDER_WAY_MS);
  const meanwhile = flow.acknowledged - atFirst;
  const grown = memory().map((bytes, index) => bytes - (before[index] ?? 0));
  await outage.end();
  const endedAt = performance.now();
  await isBack(flow);
  const backMs = performance.now() - endedAt;
  await flow.end();
  await flow.stop();
  measured(outage.name, {
    'away s': seconds(AWAY_MS),
    'acknowledged meanwhile': meanwhile,
    'back after s': seconds(backMs),
    'memory at most MiB': Math.round(Math.max(...grown) / MIB),
  });
  if (outage.isDurable) expect(meanwhile).toBeGreaterThan(0);
  else expect(meanwhile).toBe(0);
  expect(Math.max(...grown)).toBeLessThan(MEMORY_BYTES_MAX);
  expect(backMs).toBeLessThan(BACK_MS_MAX);
}
