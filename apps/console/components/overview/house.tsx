'use client';

import type { SeriesDto, StatsDto } from '@gatehouse/contract';
import { ChainCard } from './chain-card';
import { ListenersCard } from './listeners-card';
import { NodesCard } from './nodes-card';
import { ServerCard } from './server-card';
import { TrafficCard } from './traffic-card';
import type { OverviewRange } from './use-overview-range';

interface HouseProps {
  readonly stats: StatsDto;
  readonly series: SeriesDto | undefined;
  readonly range: OverviewRange;
}

/** How the house itself does: of no use from afar. */
export const House = ({ stats, series, range }: HouseProps) => (
  <div className="grid items-start gap-3 lg:grid-cols-2">
    <ChainCard stats={stats} />
    <ListenersCard stats={stats} />
    <TrafficCard stats={stats} series={series} range={range.range} />
    <NodesCard stats={stats} />
    <ServerCard stats={stats} />
  </div>
);
