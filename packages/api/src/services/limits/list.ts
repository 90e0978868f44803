import type { LimitDto, LimitListDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { iso } from '../../present/time.ts';

/** What the end of a name says; in this order. */
const UNITS: readonly (readonly [RegExp, LimitDto['unit']])[] = [
  [/PerSecond(Max)?$/, 'perSecond'],
  [/Bytes(Total)?(Max|Min)?$/, 'bytes'],
  [/Seconds(Max)?$/, 'seconds'],
  [/Ms(Max)?$/, 'milliseconds'],
];

/** Every bound has its unit in its name. */
const unitOf = (name: string): LimitDto['unit'] =>
  UNITS.find(([pattern]) => pattern.test(name))?.[1] ?? 'count';

/** Every bound of the broker, and how often it was met. */
export const listLimits = async (ctx: Context): Promise<LimitListDto> => {
  authorize(ctx, 'stats:read');
  const { dataPlane, config } = ctx.house;
  const { bounds, startedAt } = await dataPlane.stats();
  return {
    since: iso(startedAt),
    items: config.limits.map((one) => ({ ...one, unit: unitOf(one.name), met: bounds[one.name] ?? 0 })),
  };
};
