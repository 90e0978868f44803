import type { BrokerContext } from '../context.ts';
import { SYS_PREFIX } from '../router/sys-prefix.ts';
import type { Session } from '../session/session.ts';

/** The log may grow to this many times what the last snapshot wrote. */
const LOG_GROWTH = 2;
/** Bytes of records that one turn of the event loop writes: some milliseconds of a disk. */
const SLICE_BYTES = 262_144;

type SnapshotContext = Pick<BrokerContext, 'journal' | 'registry' | 'retained' | 'log' | 'limits' | 'peers'>;

/**
 * Keeps the journal short: now and then everything that is there is written again, among what happens meanwhile, and
 * what lies before is dropped. The copy costs as much as was written since the last one.
 */
export class Snapshots {
  readonly #context: SnapshotContext;
  #running = false;
  #stopped = false;
  /** Bytes of the file when the last snapshot was done. */
  #lastBytes = 0;

  constructor(context: SnapshotContext) {
    this.#context = context;
  }

  /** Makes a snapshot if the log has grown enough; asked after batches, it costs a comparison. */
  consider(): void {
    const { journal, limits } = this.#context;
    const enough = Math.max(limits.journalSnapshotBytesMin, this.#lastBytes * LOG_GROWTH);
    if (this.#running || journal.bytes < enough) return;
    this.#running = true;
    this.make()
      .catch((err: unknown) => {
        this.#context.log.error({ err }, 'the journal could not be shortened');
      })
      .finally(() => {
        this.#running = false;
      });
  }

  /** What was there at start counts as the last snapshot: as much again is written before the next. */
  started(): void {
    this.#lastBytes = this.#context.journal.bytes;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Writes everything once more and drops what lies before. */
  async make(): Promise<void> {
    const { journal, registry, peers } = this.#context;
    const first = journal.beginSnapshot();
    const pause = async (): Promise<void> => {
      if (journal.backlogBytes > SLICE_BYTES) await journal.settled();
    };
    // A copy of the list: a walk over the map would go on for as long as sessions come.
    for (const session of [...registry]) {
      if (this.#stopped) return;
      writeSession(this.#context, session);
      await pause();
    }
    // Several nodes keep them in rows of their own.
    const retained = peers.current === undefined ? this.#context.retained.messages() : [];
    for (const message of retained) {
      if (this.#stopped) return;
      if (message.topic.startsWith(SYS_PREFIX)) continue;
      journal.retained(message);
      await pause();
    }
    await journal.settled();
    journal.dropBefore(first);
    this.#lastBytes = journal.bytes;
  }
}

/** Writes a session that is stored, with all that it holds. */
export function writeSession(
  { journal, registry }: Pick<SnapshotContext, 'journal' | 'registry'>,
  session: Session,
): void {
  if (!session.stored) return;
  registry.storeAgain(session);
  if (!session.isDurable) return;
  for (const subscription of session.subscriptions.values())
    journal.subscribed(session.id, JSON.stringify(subscription));
  for (const packetId of session.unreleased) journal.received(session.id, packetId);
  for (const { delivery, released } of session.outgoing.held()) {
    journal.delivery(session.id, delivery);
    if (released) journal.deliveryReleased(session.id, delivery.sequence);
  }
}
