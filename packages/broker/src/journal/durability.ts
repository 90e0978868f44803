import type { BrokerOptions } from '../config.ts';
import type { BrokerContext } from '../context.ts';
import { review } from '../control.ts';
import { recover } from './recovery.ts';
import { restore } from './restore.ts';
import { Snapshots } from './snapshot.ts';

/** A broker whose journal is open. */
export interface Durability {
  /** Writes what is left and closes; the sessions were told to go before. */
  stop(): Promise<void>;
}

/**
 * Opens the journal, brings back what it tells and keeps it short from then on. Nothing is done without one.
 * @throws Error when the journal cannot be read
 */
export async function openDurability(
  context: BrokerContext,
  { openJournal, regrant }: Pick<BrokerOptions, 'openJournal' | 'regrant'>,
): Promise<Durability> {
  if (openJournal === undefined) return { stop: () => Promise.resolve() };
  const { journal, clock, log } = context;
  const startedAt = clock.monotonic();
  const store = await openJournal();
  const recovered = await recover(store, clock).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const snapshots = new Snapshots(context);
  journal.open(store, recovered, () => {
    snapshots.consider();
  });
  snapshots.started();
  const restored = await restore(context, recovered, (session) => {
    if (regrant !== undefined) review(context, session, regrant);
  });
  const ms = Math.round(clock.monotonic() - startedAt);
  if (recovered.segments.length > 0) log.info({ ...restored, ms }, 'sessions and messages are back');
  return {
    stop: async () => {
      snapshots.stop();
      await journal.close();
    },
  };
}
