import type { RetainedNews, RetainedPlace } from '@gatehouse/ports';
import type { ClusterLinks } from '../config.ts';
import { messageRecord } from '../journal/message-record.ts';
import { readRetained } from '../journal/recovery.ts';
import { RecordWriter } from '../journal/record-writer.ts';
import type { Message } from '../router/message.ts';
import type { ClusterNeeds } from './needs.ts';

/** The retained messages of all nodes: a row for each topic, followed by every node. */
export class RetainedExchange {
  readonly #context: ClusterNeeds;
  readonly #parts: Pick<ClusterLinks, 'store'>;
  #place: RetainedPlace | undefined;
  #following: Promise<void> | undefined;

  constructor(context: ClusterNeeds, parts: Pick<ClusterLinks, 'store'>) {
    this.#context = context;
    this.#parts = parts;
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

  async #takeIn(): Promise<void> {
    const { place, news } = await this.#parts.store.retainedSince(this.#place);
    for (const one of news) this.#use(one);
    this.#place = place;
  }

  #use({ topic, bytes }: RetainedNews): void {
    const { retained, clock, log } = this.#context;
    try {
      const message = bytes === undefined ? undefined : readRetained(bytes, clock);
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
