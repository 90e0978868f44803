import type { Bus } from '@gatehouse/ports';
import type { BrokerContext } from '../../src/context.ts';
import { type Durability, openDurability, readJournal } from '../../src/journal/durability.ts';
import { simulatedBroker } from '../simulation/site.ts';
import type { NodeLinks } from './cluster-disk.ts';
import type { FakeClock } from './fake-clock.ts';

/** One of several brokers, with nothing that listens. */
export interface ClusterNode {
  readonly context: BrokerContext;
  readonly clock: FakeClock;
  readonly durability: Durability;
}

/** Starts one over what the database and the bus have for it. */
export async function startClusterNode(links: NodeLinks, bus: Bus, clock: FakeClock): Promise<ClusterNode> {
  const context = simulatedBroker(clock);
  const read = await readJournal(() => Promise.resolve(links.journal), clock);
  const onFatal = (cause: Error): void => {
    throw new Error('a node has to end', { cause });
  };
  const durability = await openDurability(context, read, {
    cluster: () => Promise.resolve({ ...links, bus, onFatal }),
  });
  await durability.start();
  return { context, clock, durability };
}
