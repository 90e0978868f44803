import { afterAll, afterEach, beforeAll } from 'vitest';
import { FaultHouse, type HouseOptions } from './house.ts';

const START_MS_MAX = 120_000;
/** Of what the servers wrote; the end says what went wrong. */
const LOG_CHARS_MAX = 20_000;

/** A house for all rows of a file. What its servers wrote is printed when a row fails, and how to repeat it. */
export function faultHouse(names: readonly string[], options: HouseOptions = {}): () => FaultHouse {
  let house: FaultHouse | undefined;
  const there = (): FaultHouse => {
    if (house === undefined) throw new Error('the house is not open');
    return house;
  };
  beforeAll(async () => {
    house = await FaultHouse.open(names, options);
  }, START_MS_MAX);
  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return;
    console.error(there().logs().slice(-LOG_CHARS_MAX));
    console.error(`To repeat it alone: npm run faults -- ${task.file.name} -t ${JSON.stringify(task.name)}`);
  });
  afterAll(() => house?.close());
  return there;
}
