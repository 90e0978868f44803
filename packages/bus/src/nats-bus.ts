import type { Bus } from '@gatehouse/ports';
import type { Msg, Subscription } from '@nats-io/transport-node';
import { parseBusUrl } from './bus-url.ts';
import { Heard, open, Sealer, splitTopic, withTopic, type Envelope } from './envelope.ts';
import { Interest } from './interest.ts';
import { BusListeners, checkedKind } from './listeners.ts';
import { NatsLink } from './nats-link.ts';
import { subjectsOf, type Subjects } from './subject.ts';

/** What a node needs to join the bus. */
export interface NatsBusOptions {
  /** `bus_url`; see `parseBusUrl`. */
  readonly url: string;
  /** Nodes of one database share it; others on the same NATS hear nothing of them. */
  readonly cluster: string;
  readonly node: string;
  /** Which life of this node it is: what an earlier one still says is not listened to. */
  readonly incarnation: number;
  /** In words, for the log: why there is no connection, what the server refuses. Without the password. */
  readonly onTrouble: (text: string) => void;
}

/**
 * The bus over NATS core. It returns at once and connects in the background, for as long as it takes and again whenever
 * the connection ends; `onState` tells. In a cluster of NATS servers `listen` waits for the server of this node alone.
 * @throws An error in words when the URL cannot be read.
 */
export function createNatsBus(options: NatsBusOptions): Bus {
  return new NatsBus(options);
}

/** How a question was met: the first byte of an answer. */
const ANSWERED = 1;
const NOT_ANSWERED = 0;
const ANY = '*';

class NatsBus extends BusListeners implements Bus {
  readonly node: string;
  readonly #subjects: Subjects;
  readonly #sealer: Sealer;
  readonly #heard = new Heard();
  readonly #filters = new Set<string>();
  readonly #subscriptions = new Map<string, Subscription | undefined>();
  readonly #interest: Interest;
  readonly #link: NatsLink;
  #dropped = 0;

  constructor({ url, cluster, node, incarnation, onTrouble }: NatsBusOptions) {
    super();
    const subjects = subjectsOf(cluster);
    this.node = node;
    this.#subjects = subjects;
    this.#sealer = new Sealer(node, incarnation);
    this.#interest = new Interest(
      {
        subscribe: (subject) => {
          this.#subscriptions.set(subject, this.#subscribe(this.#link, subject));
        },
        unsubscribe: (subject) => {
          this.#subscriptions.get(subject)?.unsubscribe();
          this.#subscriptions.delete(subject);
        },
      },
      subjects.roots,
    );
    this.#link = new NatsLink({
      address: parseBusUrl(url),
      name: `gatehouse ${node}`,
      answers: subjects.answersTo(node),
      onOpen: (link) => {
        this.#subscribeAll(link);
      },
      onState: (isUp) => {
        this.tellState(isUp);
      },
      onTrouble,
    });
  }

  get isUp(): boolean {
    return this.#link.isUp;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get payloadBytesMax(): number {
    return this.#link.payloadBytesMax - this.#sealer.overheadBytes;
  }

  publish(topic: string, payload: Uint8Array): void {
    const subject = this.#subjects.ofTopic(topic);
    if (subject === undefined) this.#put(this.#subjects.long, withTopic(topic, payload));
    else this.#put(subject, payload);
  }

  async listen(filter: string): Promise<void> {
    if (!this.#filters.has(filter)) {
      this.#filters.add(filter);
      for (const subject of this.#subjects.ofFilter(filter)) this.#interest.add(subject);
      // Topics that are too long come to whoever listens at all.
      if (this.#filters.size === 1) this.#interest.add(this.#subjects.long);
    }
    await this.#link.flush();
  }

  unlisten(filter: string): void {
    if (!this.#filters.delete(filter)) return;
    for (const subject of this.#subjects.ofFilter(filter)) this.#interest.remove(subject);
    if (this.#filters.size === 0) this.#interest.remove(this.#subjects.long);
  }

  send(node: string, kind: string, payload: Uint8Array): void {
    this.#put(this.#subjects.toNode(node, checkedKind(kind)), payload);
  }

  broadcast(kind: string, payload: Uint8Array): void {
    this.#put(this.#subjects.toAll(checkedKind(kind)), payload);
  }

  async request(
    node: string,
    kind: string,
    payload: Uint8Array,
    timeoutMs: number,
  ): Promise<Uint8Array | undefined> {
    const question = this.#sealer.seal(payload);
    const answer = await this.#link.request(
      this.#subjects.askNode(node, checkedKind(kind)),
      question,
      timeoutMs,
    );
    return answer?.data[0] === ANSWERED ? answer.data.subarray(1) : undefined;
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  #put(subject: string, payload: Uint8Array): void {
    if (!this.#link.publish(subject, this.#sealer.seal(payload))) this.#dropped += 1;
  }

  #subscribeAll(link: NatsLink): void {
    for (const subject of this.#interest.subjects()) {
      this.#subscriptions.set(subject, this.#subscribe(link, subject));
    }
    const { node } = this;
    for (const subject of [this.#subjects.toAll(ANY), this.#subjects.toNode(node, ANY)]) {
      link.subscribe(subject, (message) => {
        const envelope = this.#news(message);
        if (envelope !== undefined) this.tell(kindOf(message), envelope.from, envelope.body);
      });
    }
    link.subscribe(this.#subjects.askNode(node, ANY), (message) => {
      const envelope = this.#news(message);
      if (envelope !== undefined) void this.#reply(message, envelope);
    });
  }

  #subscribe(link: NatsLink, subject: string): Subscription | undefined {
    return link.subscribe(subject, (message) => {
      const envelope = this.#news(message);
      if (envelope === undefined) return;
      const { from, body } = envelope;
      if (message.subject !== this.#subjects.long) {
        this.tellMessage(from, this.#subjects.toTopic(message.subject), body);
        return;
      }
      const long = splitTopic(body);
      if (long !== undefined) this.tellMessage(from, long.topic, long.payload);
    });
  }

  /** What was not heard yet, of another node. One that has our name was replaced by us, or has replaced us. */
  #news(message: Msg): Envelope | undefined {
    const envelope = open(message.data);
    return envelope !== undefined && envelope.from !== this.node && this.#heard.isNew(envelope)
      ? envelope
      : undefined;
  }

  async #reply(message: Msg, { from, body }: Envelope): Promise<void> {
    const answer = await this.answerTo(kindOf(message), from, body);
    const { reply = '' } = message;
    if (reply === '') return;
    // Without an envelope: it goes to the one that asked. An answer that does not fit is none.
    const isSent =
      answer !== undefined && this.#link.publish(reply, Buffer.concat([Buffer.of(ANSWERED), answer]));
    if (!isSent) this.#link.publish(reply, Buffer.of(NOT_ANSWERED));
  }
}

const kindOf = (message: Msg): string => message.subject.slice(message.subject.lastIndexOf('.') + 1);
