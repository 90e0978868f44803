import type { NodeDto } from '@gatehouse/contract';
import type { BrokerStats, NodeReport } from '@gatehouse/ports';
import { authorize, type Context } from '../../context.ts';
import { iso } from '../../present/time.ts';

export const presentNode = ({ node, version, host, startedAt, state, stats }: NodeReport): NodeDto => ({
  id: node,
  version,
  host,
  startedAt: iso(startedAt),
  state,
  clientsOnline: stats?.sessions.online ?? null,
});

/** The nodes that there are. */
export const listNodes = async (ctx: Context): Promise<{ items: NodeDto[] }> => {
  authorize(ctx, 'stats:read');
  return { items: (await ctx.house.dataPlane.listNodes()).map(presentNode) };
};

/** What the nodes that answered come to. */
export const sumOf = (reports: readonly NodeReport[], value: (stats: BrokerStats) => number): number =>
  reports.reduce((sum, { stats }) => sum + (stats === null ? 0 : value(stats)), 0);

/** The same of counts by name. */
export const sumsOf = (
  reports: readonly NodeReport[],
  counts: (stats: BrokerStats) => Readonly<Record<string, number>>,
): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { stats } of reports)
    for (const [name, count] of Object.entries(stats === null ? {} : counts(stats)))
      sums[name] = (sums[name] ?? 0) + count;
  return sums;
};
