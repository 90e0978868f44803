import type { Clock, JournalStore } from '@gatehouse/ports';
import { Membership } from '../cluster/membership.ts';
import type { BrokerOptions } from '../config.ts';
import type { BrokerContext } from '../context.ts';
import { review } from '../control.ts';
import { recover, type Recovered } from './recovery.ts';
import { restore } from './restore.ts';
import { takeRetained } from './retained-left.ts';
import { Snapshots } from './snapshot.ts';
import type { Session } from '../session/session.ts';

/** A broker whose journal is open. */
export interface Durability {
  /** Everything is back and the listeners may open: other nodes are heard from now on. */
  start(): Promise<void>;
  /** Writes what is left and closes; the sessions were told to go before. */
  stop(): Promise<void>;
}

/** A journal that is open, and what it tells. */
export interface ReadJournal {
  readonly store: JournalStore;
  readonly recovered: Recovered;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
}

/**
 * Opens the journal and reads it. Nothing else of the broker is needed for it.
 * @throws Error when it cannot be read; it is closed then
 */
export async function readJournal(open: () => Promise<JournalStore>, clock: Clock): Promise<ReadJournal> {
  const startedAt = clock.monotonic();
  const store = await open();
  try {
    return { store, recovered: await recover(store, clock), startedAt };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Brings back what the journal tells and keeps it short from then on. */
export async function openDurability(
  context: BrokerContext,
  { store, recovered, startedAt }: ReadJournal,
  { regrant, cluster, retainedLeft }: Pick<BrokerOptions, 'regrant' | 'cluster' | 'retainedLeft'>,
): Promise<Durability> {
  const { journal, clock, log } = context;
  const snapshots = new Snapshots(context);
  const reviewAgain = (session: Session): void => {
    if (regrant !== undefined) review(context, session, regrant);
  };
  const membership = cluster && new Membership(context, await cluster(), reviewAgain);
  journal.open(
    store,
    recovered,
    () => {
      snapshots.consider();
    },
    membership?.peers,
  );
  snapshots.started();
  await membership?.join();
  const restored = await restore(
    context,
    recovered,
    reviewAgain,
    () => membership?.welcome() ?? Promise.resolve(),
  );
  if (retainedLeft !== undefined) await takeRetained(context, retainedLeft());
  const ms = Math.round(clock.monotonic() - startedAt);
  if (recovered.segments.length > 0) log.info({ ...restored, ms }, 'sessions and messages are back');
  return {
    start: async () => {
      await membership?.start(recovered);
    },
    stop: async () => {
      snapshots.stop();
      membership?.leave();
      await journal.close();
      await membership?.left();
    },
  };
}
