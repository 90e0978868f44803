import type { BrokerContext } from '../context.ts';

/** What being one of several nodes needs of the broker. */
export type ClusterNeeds = Pick<
  BrokerContext,
  'journal' | 'router' | 'registry' | 'retained' | 'clock' | 'log' | 'limits' | 'counters'
>;
