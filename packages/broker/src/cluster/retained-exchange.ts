import type { RetainedNews, RetainedPlace } from '@gatehouse/ports';
import type { ClusterLinks } from '../config.ts';
import { messageRecord } from '../journal/message-record.ts';
import { readRetained } from '../journal/recovery.ts';
import { RecordWriter } from '../journal/record-writer.ts';
import { isExpired, type Message } from '../router/message.ts';
import type { ClusterNeeds } from './needs.ts';

/** Milliseconds between two looks for what has expired. */
const EXPIRE_EVERY_MS = 60_000;
/** Expired messages that one statement takes away. */
const EXPIRED_PER_STATEMENT = 500;

/** A message that has an end, and what the database calls it. */
interface Ending {
  readonly message: Message;
  readonly version: number;
}

/** The retained messages of all nodes: a row for each topic, followed by every node. */
export class RetainedExchange {
  readonly #context: ClusterNeeds;
  readonly #parts: Pick<ClusterLinks, 'store'>;
  /** Takes in what has come for this node. */
  readonly #readInbox: () => Promise<void>;
  #place: RetainedPlace | undefined;
  #following: Promise<void> | undefined;
  /** By topic those that expire some day. */
  readonly #ending = new Map<string, Ending>();
  /** Monotonic milliseconds. */
  #expireAt = 0;

  constructor(context: ClusterNeeds, parts: Pick<ClusterLinks, 'store'>, readInbox: () => Promise<void>) {
    this.#context = context;
    this.#parts = parts;
    this.#readInbox = readInbox;
  }

  put(message: Message): void {
    this.#change(message.topic, written(this.#context, message), false);
  }

  gone(topic: string): void {
    this.#change(topic, undefined, false);
  }

  /** What a journal of before there were several nodes tells: it is a row from now on, unless there is a newer one. */
  move(messages: readonly Message[]): void {
    for (const message of messages) {
      this.#change(message.topic, written(this.#context, message), true);
      this.#context.journal.retainedGone(message.topic);
    }
  }

  /** Takes in what has changed since the last time. */
  follow(): Promise<void> {
    this.#following ??= this.#takeIn().finally(() => {
      this.#following = undefined;
    });
    return this.#following;
  }

  /** Takes away what has expired: the database knows nothing of that. Whichever node is first does it for all. */
  async expire(): Promise<void> {
    const { clock } = this.#context;
    if (clock.monotonic() < this.#expireAt) return;
    const expired: { readonly topic: string; readonly version: number }[] = [];
    for (const [topic, { message, version }] of this.#ending) {
      if (!isExpired(message, clock)) continue;
      expired.push({ topic, version });
      if (expired.length === EXPIRED_PER_STATEMENT) break;
    }
    // What is left is next.
    if (expired.length < EXPIRED_PER_STATEMENT) this.#expireAt = clock.monotonic() + EXPIRE_EVERY_MS;
    if (expired.length === 0) return;
    await this.#parts.store.expireRetained(expired);
    for (const { topic, version } of expired)
      if (this.#ending.get(topic)?.version === version) this.#ending.delete(topic);
  }

  async #takeIn(): Promise<void> {
    const { place, news } = await this.#parts.store.retainedSince(this.#place);
    // Whoever subscribes is not to get the last message of a topic before those that were published before it.
    if (news.length > 0) await this.#readInbox();
    for (const one of news) this.#use(one);
    this.#place = place;
  }

  #use({ topic, bytes, version }: RetainedNews): void {
    const { retained, clock, log } = this.#context;
    try {
      const message = bytes === undefined ? undefined : readRetained(bytes, clock);
      if (message?.expiresAt === undefined) this.#ending.delete(topic);
      else this.#ending.set(topic, { message, version });
      if (!retained.replace(topic, message))
        log.warn({ topic }, 'a retained message of another node finds no room here: a limit is lower');
    } catch (err) {
      log.error({ err, topic }, 'a retained message of another node cannot be read: it is left out');
    }
  }

  #change(topic: string, bytes: Uint8Array | undefined, unlessKnown: boolean): void {
    this.#context.journal.shared?.retained.set(topic, { topic, bytes, unlessKnown });
  }
}

function written({ clock }: ClusterNeeds, message: Message): Uint8Array {
  const writer = new RecordWriter();
  writer.message(messageRecord(message, 1, clock));
  writer.retained(1, message.retainedAt);
  return writer.finish();
}
