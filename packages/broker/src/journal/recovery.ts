import type { Principal } from '@gatehouse/auth-core';
import { StoreOpenError, type Clock, type JournalStore } from '@gatehouse/ports';
import { createMessage, type Message } from '../router/message.ts';
import type { Subscription } from '../session/session.ts';
import { readRecords, type RecordVisitor } from './record-reader.ts';
import type { DeliveryRecord, MessageRecord } from './record-writer.ts';
import { decodeHead, type SessionHead } from './session-head.ts';

/** A delivery as the journal leaves it. */
interface RecoveredDelivery {
  readonly record: DeliveryRecord;
  released: boolean;
}

/** A session as the journal leaves it. */
export interface RecoveredSession {
  readonly id: number;
  head: SessionHead;
  /** By filter. */
  readonly subscriptions: Map<string, Subscription>;
  /** By sequence, in that order. */
  readonly deliveries: Map<number, RecoveredDelivery>;
  readonly unreleased: Set<number>;
  lastSequence: number;
}

/** Everything that the journal tells. */
export interface Recovered {
  readonly sessions: ReadonlyMap<number, RecoveredSession>;
  readonly retained: readonly Message[];
  /** The content of a delivery; undefined when it has expired. */
  message(id: number): Message | undefined;
  readonly lastMessageId: number;
  readonly segments: readonly { readonly number: number; readonly bytes: number }[];
}

/**
 * Reads the journal from its first record to its last. What was committed is there, what was not was never acknowledged.
 * @throws StoreOpenError when it cannot be read
 */
export async function recover(store: JournalStore, clock: Clock): Promise<Recovered> {
  const state = new RecoveryState(clock);
  const segments: { readonly number: number; readonly bytes: number }[] = [];
  for (;;) {
    const some = await store.read(segments.at(-1)?.number ?? 0);
    if (some.length === 0) break;
    for (const { number, bytes } of some) {
      read(number, bytes, state);
      segments.push({ number, bytes: bytes.byteLength });
    }
  }
  return {
    sessions: state.sessions,
    retained: state.retainedMessages(),
    message: (id) => state.contentOf(id),
    lastMessageId: state.lastMessageId,
    segments,
  };
}

function read(number: number, bytes: Uint8Array, state: RecoveryState): void {
  try {
    readRecords(bytes, state);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreOpenError('damaged', `Segment ${number} of the journal cannot be read: ${why}.`, {
      cause: error,
    });
  }
}

/** Follows the records; what they name and is not there (dropped with an older segment) does not matter any more. */
class RecoveryState implements RecordVisitor {
  readonly sessions = new Map<number, RecoveredSession>();
  lastMessageId = 0;
  readonly #messages = new Map<number, MessageRecord>();
  /** Made when first asked for: one content for all who wait for it. */
  readonly #made = new Map<number, Message>();
  readonly #retained = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  session(id: number, text: string): void {
    const head = decodeHead(text);
    const known = this.sessions.get(id);
    if (known !== undefined) {
      known.head = head;
      return;
    }
    this.sessions.set(id, {
      id,
      head,
      subscriptions: new Map(),
      deliveries: new Map(),
      unreleased: new Set(),
      lastSequence: 0,
    });
  }

  sessionEnded(id: number): void {
    this.sessions.delete(id);
  }

  subscribed(session: number, text: string): void {
    const subscription = JSON.parse(text) as Subscription;
    this.sessions.get(session)?.subscriptions.set(subscription.filter, subscription);
  }

  unsubscribed(session: number, filter: string): void {
    this.sessions.get(session)?.subscriptions.delete(filter);
  }

  message(record: MessageRecord): void {
    this.lastMessageId = Math.max(this.lastMessageId, record.id);
    this.#messages.set(record.id, record);
  }

  delivery(record: DeliveryRecord): void {
    const session = this.sessions.get(record.session);
    if (session === undefined) return;
    session.deliveries.set(record.sequence, { record, released: false });
    session.lastSequence = Math.max(session.lastSequence, record.sequence);
  }

  deliveryDone(session: number, sequence: number): void {
    this.sessions.get(session)?.deliveries.delete(sequence);
  }

  deliveryReleased(session: number, sequence: number): void {
    const delivery = this.sessions.get(session)?.deliveries.get(sequence);
    if (delivery !== undefined) delivery.released = true;
  }

  received(session: number, packetId: number): void {
    this.sessions.get(session)?.unreleased.add(packetId);
  }

  receivedReleased(session: number, packetId: number): void {
    this.sessions.get(session)?.unreleased.delete(packetId);
  }

  retained(id: number): void {
    const record = this.#messages.get(id);
    if (record !== undefined) this.#retained.set(record.topic, id);
  }

  retainedGone(topic: string): void {
    this.#retained.delete(topic);
  }

  retainedMessages(): readonly Message[] {
    return [...this.#retained.values()].flatMap((id) => this.contentOf(id) ?? []);
  }

  contentOf(id: number): Message | undefined {
    const made = this.#made.get(id);
    if (made !== undefined) return made;
    const record = this.#messages.get(id);
    if (record === undefined || this.#isExpired(record)) return undefined;
    const message = toMessage(record, this.#clock);
    this.#made.set(id, message);
    return message;
  }

  #isExpired({ expiresAt }: MessageRecord): boolean {
    return expiresAt !== 0 && expiresAt <= this.#clock.now();
  }
}

function toMessage(record: MessageRecord, clock: Clock): Message {
  const { id, expiresAt, principal, ...content } = record;
  const expirySeconds = expiresAt === 0 ? undefined : (expiresAt - clock.now()) / 1_000;
  const whose = principal === '' ? {} : { principal: JSON.parse(principal) as Principal };
  const message = createMessage({ ...content, ...whose, expirySeconds }, clock);
  message.journalId = id;
  return message;
}
