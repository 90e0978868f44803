import type { Clock, JournalHealth, JournalSegment, JournalStats, JournalStore } from '@gatehouse/ports';
import type { SharedBatch } from '../cluster/batch.ts';
import type { BrokerLog, Limits } from '../config.ts';
import type { Delivery, Message } from '../router/message.ts';
import { type Batch, bytesOf, entriesOf, joined } from './batch.ts';
import { messageRecord } from './message-record.ts';
import { RecordWriter } from './record-writer.ts';
import { type SegmentSize, SegmentSizes } from './segment-sizes.ts';
import type { Ticket, Waiter } from './ticket.ts';

/** What was read from a store: numbers go on behind it. */
export interface JournalStart {
  readonly segments: readonly SegmentSize[];
  readonly lastMessageId: number;
}

interface JournalContext {
  readonly clock: Clock;
  readonly log: BrokerLog;
  readonly limits: Pick<Limits, 'journalBacklogBytesMax'>;
}

/** The other nodes, as the journal sees them: what a batch does for them is committed with it (ADR 0039). */
export interface Companions {
  /** For a batch that begins. */
  newBatch(): SharedBatch;
  /** `stale`: nothing was written, for the others have changed something that it depends on. */
  commit(segment: JournalSegment, shared: SharedBatch): Promise<'committed' | 'stale'>;
  /** Takes in what the others have changed; nothing is on its way meanwhile. */
  catchUp(): Promise<void>;
}

/**
 * What must survive, in the order in which it happened (ADR 0004). Records of one turn of the event loop go into one
 * batch; the next batch forms while one commits. Whoever acknowledges something takes a ticket and waits for its batch.
 * Until a store is opened (`journal: memory`: never) nothing is written and every ticket is 0.
 */
export class Journal {
  #store: JournalStore | undefined;
  #companions: Companions | undefined;
  #onBatch: () => void = () => undefined;
  readonly #context: JournalContext;
  #batch: Batch;
  /** The batch on its way to the disk. */
  #flying: Batch | undefined;
  #committed: Ticket = 0;
  #scheduled = false;
  #problem: string | undefined;
  #lastMessageId = 0;
  /** Raised by each snapshot: what was written before it is going to be dropped. */
  #epoch = 1;
  #batches = 0;
  #records = 0;
  readonly #sizes = new SegmentSizes();
  readonly #behind = new Set<Waiter>();
  /** Work that needs that no batch is on its way. */
  readonly #sections: { readonly run: () => Promise<void>; readonly giveUp: () => void }[] = [];
  /** A section is at work. */
  #isHeld = false;

  constructor(context: JournalContext) {
    this.#context = context;
    this.#batch = this.#newBatch(1);
  }

  /**
   * From now on records are written to this store, behind the segments that it has. `onBatch` is told of each batch that
   * has reached it.
   */
  open(
    store: JournalStore,
    { segments, lastMessageId }: JournalStart,
    onBatch: () => void,
    companions?: Companions,
  ): void {
    this.#store = store;
    this.#companions = companions;
    this.#onBatch = onBatch;
    this.#sizes.use(segments);
    this.#lastMessageId = lastMessageId;
    this.#committed = segments.at(-1)?.number ?? 0;
    this.#batch = this.#newBatch(this.#committed + 1);
    store.onHealth((health) => {
      this.#healthChanged(health);
    });
  }

  /** Writes what is left, unless the disk takes nothing, and closes the store. */
  async close(): Promise<void> {
    if (this.#problem === undefined) await this.settled();
    await this.#store?.close();
    this.#store = undefined;
    for (const { giveUp } of this.#sections.splice(0)) giveUp();
  }

  get enabled(): boolean {
    return this.#store !== undefined;
  }

  get stats(): JournalStats {
    return {
      enabled: this.enabled,
      problem: this.#problem ?? null,
      backlogBytes: this.backlogBytes,
      batches: this.#batches,
      records: this.#records,
      bytes: this.bytes,
    };
  }

  /** The disk takes nothing for now: what is written waits until it does. */
  get isFailing(): boolean {
    return this.#problem !== undefined;
  }

  /** Bytes that wait to be written. */
  get backlogBytes(): number {
    return (this.#flying === undefined ? 0 : bytesOf(this.#flying)) + bytesOf(this.#batch);
  }

  /** Bytes of the segments that are needed. */
  get bytes(): number {
    return this.#sizes.bytes;
  }

  /** Changes with every record: a handler that compares it knows whether it wrote something. */
  get position(): number {
    return (
      this.#records + (this.#flying === undefined ? 0 : entriesOf(this.#flying)) + entriesOf(this.#batch)
    );
  }

  /** The batch that the next record goes into. */
  get current(): Ticket {
    return this.#batch.ticket;
  }

  /** The last batch that has records: who waits for it waits for everything so far. */
  get latest(): Ticket {
    return entriesOf(this.#batch) > 0 ? this.#batch.ticket : this.#batch.ticket - 1;
  }

  /** The ticket for what was written since `position` was read. */
  since(position: number): Ticket {
    return this.position === position ? 0 : this.#batch.ticket;
  }

  isCommitted(ticket: Ticket): boolean {
    return ticket <= this.#committed;
  }

  /** Calls back once, when the batch is on the disk; at the earliest in a later turn of the event loop. */
  wait(ticket: Ticket, waiter: Waiter): void {
    const flying = this.#flying;
    const batch = flying !== undefined && ticket <= flying.ticket ? flying : this.#batch;
    batch.waiters.add(waiter);
  }

  /** More waits than `journalBacklogBytesMax`: whoever writes on is to stop reading from its client. */
  get isBehind(): boolean {
    return this.backlogBytes > this.#context.limits.journalBacklogBytesMax;
  }

  /** Calls back once, when it is behind no longer. */
  waitUntilCaughtUp(waiter: Waiter): void {
    this.#behind.add(waiter);
  }

  /** What the next batch does for other nodes; undefined where there are none. */
  get shared(): SharedBatch | undefined {
    return this.#writer() === undefined ? undefined : this.#batch.shared;
  }

  /** What the batch on its way does for other nodes. */
  get sharedOnItsWay(): SharedBatch | undefined {
    return this.#flying?.shared;
  }

  /** Runs when no batch is on its way, and none goes before it is done; `commit` alone sends one within. */
  section(work: () => Promise<void> | void): Promise<void> {
    if (this.#store === undefined) return Promise.reject(new Error('the journal is closed'));
    return new Promise((resolve, reject) => {
      const run = async (): Promise<void> => {
        try {
          await work();
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const giveUp = (): void => {
        reject(new Error('the journal is closed'));
      };
      this.#sections.push({ run, giveUp });
      this.#flush();
    });
  }

  /** Within a section: commits what there is. Rejects when it was not; it is in the next batch again then. */
  async commit(): Promise<void> {
    const batch = this.#takeOff();
    try {
      if ((await this.#put(batch)) === 'stale') throw new Error('a batch within a lock was stale');
    } catch (error) {
      this.#putBack();
      throw error;
    }
    this.#landed(batch);
  }

  session(id: number, head: string): void {
    this.#writer()?.session(id, head);
  }

  sessionEnded(id: number): void {
    this.#writer()?.sessionEnded(id);
  }

  subscribed(session: number, subscription: string): void {
    this.#writer()?.subscribed(session, subscription);
  }

  unsubscribed(session: number, filter: string): void {
    this.#writer()?.unsubscribed(session, filter);
  }

  /** A message waits for a session from now on; its content is written once for all that it waits for. */
  delivery(session: number, { message, sequence, qos, retain, subscriptionIds }: Delivery): void {
    const writer = this.#writer();
    if (writer === undefined) return;
    this.#content(writer, message);
    writer.delivery({ session, sequence, message: message.journalId, qos, retain, subscriptionIds });
  }

  deliveryDone(session: number, sequence: number): void {
    this.#writer()?.deliveryDone(session, sequence);
  }

  deliveryReleased(session: number, sequence: number): void {
    this.#writer()?.deliveryReleased(session, sequence);
  }

  received(session: number, packetId: number): void {
    this.#writer()?.received(session, packetId);
  }

  receivedReleased(session: number, packetId: number): void {
    this.#writer()?.receivedReleased(session, packetId);
  }

  retained(message: Message): void {
    const writer = this.#writer();
    if (writer === undefined) return;
    this.#content(writer, message);
    writer.retained(message.journalId, message.retainedAt);
  }

  retainedGone(topic: string): void {
    this.#writer()?.retainedGone(topic);
  }

  /** A snapshot begins: contents are written anew where they are named from now on. Returns its first batch. */
  beginSnapshot(): Ticket {
    this.#epoch += 1;
    return this.#batch.ticket;
  }

  /** Everything that is there was written again from this batch on: what lies before it is not needed. */
  dropBefore(ticket: Ticket): void {
    this.#store?.dropBefore(ticket);
    this.#sizes.dropBefore(ticket);
  }

  /** Resolves when everything so far is on the disk, or the disk takes nothing. */
  async settled(): Promise<void> {
    const ticket = this.latest;
    while (!this.isCommitted(ticket) && !this.isFailing) {
      await new Promise<void>((resolve) => {
        this.wait(this.#flying?.ticket ?? ticket, { committed: resolve, failing: resolve });
        this.#flush();
      });
    }
  }

  #writer(): RecordWriter | undefined {
    if (this.#store === undefined) return undefined;
    if (!this.#scheduled && this.#flying === undefined && !this.#isHeld) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#flush();
      });
    }
    return this.#batch.writer;
  }

  #content(writer: RecordWriter, message: Message): void {
    if (message.journalEpoch === this.#epoch) return;
    if (message.journalId === 0) message.journalId = this.#lastMessageId += 1;
    message.journalEpoch = this.#epoch;
    writer.message(messageRecord(message, message.journalId, this.#context.clock));
  }

  /** Sections come first, each by itself; then what there is to write. */
  #flush(): void {
    if (this.#store === undefined || this.#flying !== undefined || this.#isHeld) return;
    const section = this.#sections.shift();
    if (section !== undefined) {
      this.#hold(section.run());
      return;
    }
    if (entriesOf(this.#batch) === 0) return;
    const batch = this.#takeOff();
    this.#put(batch).then(
      (outcome) => {
        if (outcome === 'committed') this.#landed(batch);
        else {
          this.#putBack();
          this.#hold(this.#companions?.catchUp() ?? Promise.resolve());
        }
      },
      (error: unknown) => {
        this.#healthChanged({ state: 'failing', problem: String(error) });
      },
    );
  }

  /** Nothing is sent until this is done. */
  #hold(work: Promise<void>): void {
    this.#isHeld = true;
    const goOn = (): void => {
      this.#isHeld = false;
      this.#flush();
    };
    work.then(goOn, (error: unknown) => {
      this.#context.log.error({ err: error }, 'what other nodes have changed could not be taken in');
      goOn();
    });
  }

  /** The batch goes on its way, and the next one forms. */
  #takeOff(): Batch {
    const batch = this.#batch;
    this.#batch = this.#newBatch(batch.ticket + 1);
    this.#flying = batch;
    return batch;
  }

  /** Nothing of it was written: it is the first part of the next batch, which is what its waiters wait for then. */
  #putBack(): void {
    if (this.#flying === undefined) return;
    this.#batch = joined(this.#flying, this.#batch);
    this.#flying = undefined;
  }

  async #put({ ticket: number, writer, shared }: Batch): Promise<'committed' | 'stale'> {
    const segment = { number, bytes: writer.finish() };
    if (this.#companions !== undefined && shared !== undefined)
      return this.#companions.commit(segment, shared);
    await this.#store?.append(segment);
    return 'committed';
  }

  #landed(batch: Batch): void {
    this.#batches += 1;
    this.#records += entriesOf(batch);
    this.#sizes.add({ number: batch.ticket, bytes: batch.writer.bytes });
    this.#committed = batch.ticket;
    this.#flying = undefined;
    // What the waiters write joins the batch that has formed meanwhile.
    for (const waiter of batch.waiters) waiter.committed();
    this.#flush();
    this.#onBatch();
    if (this.#behind.size === 0 || this.isBehind) return;
    const waiting = [...this.#behind];
    this.#behind.clear();
    for (const waiter of waiting) waiter.committed();
  }

  #newBatch(ticket: Ticket): Batch {
    const shared = this.#companions?.newBatch();
    return { ticket, writer: new RecordWriter(), waiters: new Set(), shared };
  }

  #healthChanged(health: JournalHealth): void {
    const { log } = this.#context;
    if (health.state === 'failing') {
      this.#problem = health.problem;
      log.error(
        { problem: health.problem },
        'the journal cannot be written: durable messages and sessions are not acknowledged until it can',
      );
      // Those that give up now may write: what has waited so far is told, nothing else.
      for (const waiter of [...(this.#flying?.waiters ?? []), ...this.#batch.waiters]) waiter.failing?.();
    } else {
      this.#problem = undefined;
      log.info({}, 'the journal is written again');
    }
  }
}
