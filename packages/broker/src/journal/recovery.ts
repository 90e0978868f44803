import type { Principal } from '@gatehouse/auth-core';
import { StoreOpenError, type Clock, type JournalSegment, type JournalStore } from '@gatehouse/ports';
import { createMessage, type Delivery, isExpired, keep, type Message } from '../router/message.ts';
import type { Subscription } from '../session/subscription.ts';
import type { JournalStart } from './journal.ts';
import { readRecords, type RecordVisitor } from './record-reader.ts';
import type { DeliveryRecord, MessageRecord } from './record-writer.ts';
import { decodeHead, type SessionHead } from './session-head.ts';

/** A session as the journal leaves it. */
export interface RecoveredSession {
  readonly id: number;
  head: SessionHead;
  /** By filter. */
  readonly subscriptions: Map<string, Subscription>;
  /** By sequence, in that order. */
  readonly deliveries: Map<number, Delivery>;
  /** Sequences of QoS 2 messages that the client has and that are not released. */
  released: Set<number> | undefined;
  /** Packet ids of QoS 2 messages from the client that it has not released. */
  unreleased: Set<number> | undefined;
  lastSequence: number;
}

/** Everything that the journal tells. */
export interface Recovered extends JournalStart {
  readonly sessions: ReadonlyMap<number, RecoveredSession>;
  readonly retained: readonly Message[];
}

/** Whose numbers messages have: this journal's, or those of another node's, which mean nothing here. */
type Origin = 'own' | 'foreign';

/**
 * Reads a journal from its first record to its last. What was committed is there, what was not was never acknowledged.
 * @throws StoreOpenError when it cannot be read
 */
export async function recover(store: JournalStore, clock: Clock, origin: Origin = 'own'): Promise<Recovered> {
  const state = new RecoveryState(clock, origin);
  const segments: { readonly number: number; readonly bytes: number }[] = [];
  for await (const { number, bytes } of segmentsOf(store)) {
    read(number, bytes, state);
    segments.push({ number, bytes: bytes.byteLength });
  }
  return {
    sessions: state.sessions,
    retained: state.retainedMessages(),
    lastMessageId: state.lastMessageId,
    segments,
  };
}

/** The messages that a letter of another node holds, in their order. @throws Error when it cannot be read */
export function readMessages(bytes: Uint8Array, clock: Clock): readonly Message[] {
  const state = new RecoveryState(clock, 'foreign');
  readRecords(bytes, state);
  return state.messages();
}

/** The session that a letter of another node holds. @throws Error when it cannot be read, or holds none */
export function readSession(bytes: Uint8Array, clock: Clock): RecoveredSession {
  const state = new RecoveryState(clock, 'foreign');
  readRecords(bytes, state);
  const [session] = state.sessions.values();
  if (session === undefined) throw new Error('there is no session in it');
  return session;
}

/** The retained message that another node has put; undefined when it has expired. @throws Error when it cannot be read */
export function readRetained(bytes: Uint8Array, clock: Clock): Message | undefined {
  const state = new RecoveryState(clock, 'foreign');
  readRecords(bytes, state);
  return state.retainedMessages()[0];
}

/** All segments; the next ones are read in the store's thread while those before are looked through. */
async function* segmentsOf(store: JournalStore): AsyncIterable<JournalSegment> {
  let some = await store.read(0);
  for (let last = some.at(-1); last !== undefined; last = some.at(-1)) {
    const next = store.read(last.number);
    // Waited for below, unless whoever looks through these gives up.
    next.catch(() => undefined);
    yield* some;
    some = await next;
  }
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
  /** One content for all who wait for it. */
  readonly #messages = new Map<number, Message>();
  readonly #principals = new Map<string, Principal>();
  readonly #retained = new Map<string, Message>();
  readonly #clock: Clock;
  readonly #origin: Origin;

  constructor(clock: Clock, origin: Origin) {
    this.#clock = clock;
    this.#origin = origin;
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
      released: undefined,
      unreleased: undefined,
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
    const message = toMessage(record, this.#principal(record.principal), this.#clock);
    if (this.#origin === 'own') message.journalId = record.id;
    this.#messages.set(record.id, message);
  }

  delivery({ session: id, sequence, message: content, qos, retain, subscriptionIds }: DeliveryRecord): void {
    const session = this.sessions.get(id);
    const message = this.#messages.get(content);
    if (session === undefined || message === undefined) return;
    session.lastSequence = Math.max(session.lastSequence, sequence);
    session.deliveries.set(sequence, {
      message,
      qos,
      retain,
      subscriptionIds,
      // No version of the rules: whether it may still pass is asked when it is sent.
      accessVersion: 0,
      sequence,
      ticket: 0,
      perhapsSent: false,
    });
  }

  deliveryDone(id: number, sequence: number): void {
    const session = this.sessions.get(id);
    if (session === undefined) return;
    session.deliveries.delete(sequence);
    session.released?.delete(sequence);
  }

  deliveryReleased(id: number, sequence: number): void {
    const session = this.sessions.get(id);
    if (session !== undefined) (session.released ??= new Set()).add(sequence);
  }

  received(id: number, packetId: number): void {
    const session = this.sessions.get(id);
    if (session !== undefined) (session.unreleased ??= new Set()).add(packetId);
  }

  receivedReleased(id: number, packetId: number): void {
    const session = this.sessions.get(id);
    session?.unreleased?.delete(packetId);
  }

  retained(id: number, at: number): void {
    const message = this.#messages.get(id);
    if (message === undefined) return;
    message.retainedAt = at;
    this.#retained.set(message.topic, message);
  }

  retainedGone(topic: string): void {
    this.#retained.delete(topic);
  }

  retainedMessages(): readonly Message[] {
    return [...this.#retained.values()].filter((message) => !isExpired(message, this.#clock));
  }

  messages(): readonly Message[] {
    return [...this.#messages.values()];
  }

  /** One object for all messages of one publisher. */
  #principal(text: string): Principal | undefined {
    if (text === '') return undefined;
    let principal = this.#principals.get(text);
    if (principal === undefined) {
      principal = JSON.parse(text) as Principal;
      this.#principals.set(text, principal);
    }
    return principal;
  }
}

/** With memory of its own: the segment that it was read from is given up. */
function toMessage(record: MessageRecord, principal: Principal | undefined, clock: Clock): Message {
  const { topic, payload, properties, qos, retain, publisher, expiresAt } = record;
  const expirySeconds = expiresAt === 0 ? undefined : (expiresAt - clock.now()) / 1_000;
  const own = properties.length === 0 ? NO_PROPERTIES : Buffer.from(properties);
  const message = createMessage(
    { topic, payload, properties: own, qos, retain, publisher, principal, expirySeconds },
    clock,
  );
  keep(message);
  return message;
}

const NO_PROPERTIES = Buffer.alloc(0);
