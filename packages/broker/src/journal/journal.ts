import type { Principal } from '@gatehouse/auth-core';
import type { Clock, JournalHealth, JournalStats, JournalStore } from '@gatehouse/ports';
import type { BrokerLog, Limits } from '../config.ts';
import type { Delivery, Message } from '../router/message.ts';
import { RecordWriter } from './record-writer.ts';
import type { Ticket, Waiter } from './ticket.ts';

/** What was read from a store: numbers go on behind it. */
export interface JournalStart {
  readonly segments: readonly { readonly number: number; readonly bytes: number }[];
  readonly lastMessageId: number;
}

interface JournalContext {
  readonly clock: Clock;
  readonly log: BrokerLog;
  readonly limits: Pick<Limits, 'journalBacklogBytesMax'>;
}

interface Batch {
  readonly ticket: Ticket;
  readonly writer: RecordWriter;
  readonly waiters: Set<Waiter>;
}

/**
 * What must survive, in the order in which it happened (ADR 0004). Records of one turn of the event loop go into one
 * batch; the next batch forms while one commits. Whoever acknowledges something takes a ticket and waits for its batch.
 * Until a store is opened (`journal: memory`: never) nothing is written and every ticket is 0.
 */
export class Journal {
  #store: JournalStore | undefined;
  #onBatch: () => void = () => undefined;
  readonly #context: JournalContext;
  #batch: Batch;
  /** The batch on its way to the disk. */
  #flying: Batch | undefined;
  #flyingBytes = 0;
  #committed: Ticket = 0;
  #scheduled = false;
  #problem: string | undefined;
  #lastMessageId = 0;
  /** Raised by each snapshot: what was written before it is going to be dropped. */
  #epoch = 1;
  #batches = 0;
  #records = 0;
  /** Sizes of the segments in the file, oldest first. */
  #sizes: { readonly number: number; readonly bytes: number }[] = [];
  #bytes = 0;
  readonly #principals = new WeakMap<Principal, string>();
  readonly #behind = new Set<Waiter>();

  constructor(context: JournalContext) {
    this.#context = context;
    this.#batch = newBatch(1);
  }

  /**
   * From now on records are written to this store, behind the segments that it has. `onBatch` is told of each batch that
   * has reached it.
   */
  open(store: JournalStore, { segments, lastMessageId }: JournalStart, onBatch: () => void): void {
    this.#store = store;
    this.#onBatch = onBatch;
    this.#sizes = [...segments];
    this.#bytes = segments.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#lastMessageId = lastMessageId;
    this.#committed = segments.at(-1)?.number ?? 0;
    this.#batch = newBatch(this.#committed + 1);
    store.onHealth((health) => {
      this.#healthChanged(health);
    });
  }

  /** Writes what is left, unless the disk takes nothing, and closes the store. */
  async close(): Promise<void> {
    if (this.#problem === undefined) await this.settled();
    await this.#store?.close();
    this.#store = undefined;
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
      bytes: this.#bytes,
    };
  }

  /** The disk takes nothing for now: what is written waits until it does. */
  get isFailing(): boolean {
    return this.#problem !== undefined;
  }

  /** Bytes that wait to be written. */
  get backlogBytes(): number {
    return this.#flyingBytes + this.#batch.writer.bytes;
  }

  /** Bytes of the segments that are needed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Changes with every record: a handler that compares it knows whether it wrote something. */
  get position(): number {
    return this.#records + this.#batch.writer.records;
  }

  /** The batch that the next record goes into. */
  get current(): Ticket {
    return this.#batch.ticket;
  }

  /** The last batch that has records: who waits for it waits for everything so far. */
  get latest(): Ticket {
    return this.#batch.writer.records > 0 ? this.#batch.ticket : this.#batch.ticket - 1;
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
    const batch = ticket === this.#batch.ticket ? this.#batch : this.#flying;
    batch?.waiters.add(waiter);
  }

  /** More waits than `journalBacklogBytesMax`: whoever writes on is to stop reading from its client. */
  get isBehind(): boolean {
    return this.backlogBytes > this.#context.limits.journalBacklogBytesMax;
  }

  /** Calls back once, when it is behind no longer. */
  waitUntilCaughtUp(waiter: Waiter): void {
    this.#behind.add(waiter);
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
    const kept = this.#sizes.findIndex(({ number }) => number >= ticket);
    const dropped = this.#sizes.splice(0, kept === -1 ? this.#sizes.length : kept);
    this.#bytes -= dropped.reduce((sum, { bytes }) => sum + bytes, 0);
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
    if (!this.#scheduled && this.#flying === undefined) {
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
    const { topic, payload, properties, qos, retain, publisher, principal, expiresAt } = message;
    const { clock } = this.#context;
    writer.message({
      id: message.journalId,
      topic,
      payload,
      properties,
      qos,
      retain,
      publisher,
      principal: principal === undefined ? '' : this.#principal(principal),
      expiresAt: expiresAt === undefined ? 0 : clock.now() + (expiresAt - clock.monotonic()),
    });
  }

  #principal(principal: Principal): string {
    let text = this.#principals.get(principal);
    if (text === undefined) {
      text = JSON.stringify(principal);
      this.#principals.set(principal, text);
    }
    return text;
  }

  #flush(): void {
    const store = this.#store;
    if (store === undefined || this.#flying !== undefined || this.#batch.writer.records === 0) return;
    const batch = this.#batch;
    this.#batch = newBatch(batch.ticket + 1);
    this.#flying = batch;
    this.#flyingBytes = batch.writer.bytes;
    this.#batches += 1;
    this.#records += batch.writer.records;
    this.#sizes.push({ number: batch.ticket, bytes: this.#flyingBytes });
    this.#bytes += this.#flyingBytes;
    store.append({ number: batch.ticket, bytes: batch.writer.finish() }).then(
      () => {
        this.#landed(batch);
      },
      (error: unknown) => {
        this.#healthChanged({ state: 'failing', problem: String(error) });
      },
    );
  }

  #landed(batch: Batch): void {
    this.#committed = batch.ticket;
    this.#flying = undefined;
    this.#flyingBytes = 0;
    // What the waiters write joins the batch that has formed meanwhile.
    for (const waiter of batch.waiters) waiter.committed();
    this.#flush();
    this.#onBatch();
    if (this.#behind.size === 0 || this.isBehind) return;
    const waiting = [...this.#behind];
    this.#behind.clear();
    for (const waiter of waiting) waiter.committed();
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

const newBatch = (ticket: Ticket): Batch => ({ ticket, writer: new RecordWriter(), waiters: new Set() });
