import type { LimitListDto } from '@gatehouse/contract';
import { expect, it } from 'vitest';
import { LIMIT_SETTINGS } from '../../src/config/schema-limits.ts';
import { startHarness } from './support/harness.ts';

it('every limit is told with the unit that its name ends in', async () => {
  const named = await startHarness({
    config: { limits: LIMIT_SETTINGS.map((one) => ({ ...one, value: 1 })) },
  });
  const answer = await named.send({ method: 'GET', url: '/api/v1/limits', headers: named.owner });
  await named.close();
  const units = new Map(answer.json<LimitListDto>().items.map(({ name, unit }) => [name, unit] as const));
  const WORDS = { bytes: 'Bytes', milliseconds: 'Ms', seconds: 'Seconds', perSecond: 'PerSecond' } as const;
  expect(units.get('journalSnapshotBytesMin')).toBe('bytes');
  expect(units.size).toBe(LIMIT_SETTINGS.length);
  for (const [name, unit] of units) {
    const words = name.match(/PerSecond|Bytes|Ms(?![a-z])|Seconds/g) ?? [];
    expect([name, words]).toEqual([name, unit === 'count' ? [] : [WORDS[unit]]]);
  }
});
