import { type Fault, protocolError } from './fault.ts';
import type { PublishPacket } from './packets.ts';
import { ReasonCode } from './reason-codes.ts';

/** The topic aliases that a client has set on its connection (MQTT 5.0 §3.3.2.3.4); at most as many as it was told. */
export class InboundAliases {
  readonly #max: number;
  readonly #topics = new Map<number, string>();

  constructor(max: number) {
    this.#max = max;
  }

  /** The packet with its topic in full. */
  resolve(packet: PublishPacket): PublishPacket | Fault {
    const { topic, topicAlias } = packet;
    if (topicAlias === undefined) {
      return topic === '' ? protocolError('topic-missing') : packet;
    }
    // [MQTT-3.3.2-9] none beyond the Topic Alias Maximum of CONNACK.
    if (topicAlias > this.#max) return { code: ReasonCode.topicAliasInvalid, what: 'topic-alias-invalid' };
    if (topic !== '') {
      this.#topics.set(topicAlias, topic);
      return packet;
    }
    const known = this.#topics.get(topicAlias);
    return known === undefined ? protocolError('topic-alias-unknown') : { ...packet, topic: known };
  }
}

/** An alias for one PUBLISH to the client; `isKnown` says that the topic itself need not be sent. */
export interface SentAlias {
  readonly alias: number;
  readonly isKnown: boolean;
}

/** The aliases that the server uses on a connection: the first topics sent get one, and keep it. */
export class OutboundAliases {
  readonly #max: number;
  readonly #aliases = new Map<string, number>();

  /** `max`: [MQTT-3.1.2-26] what the client allows, and no more than the server remembers. */
  constructor(max: number) {
    this.#max = max;
  }

  /** What the next PUBLISH of this topic carries; undefined when all aliases are taken. */
  of(topic: string): SentAlias | undefined {
    const alias = this.#aliases.get(topic);
    if (alias !== undefined) return { alias, isKnown: true };
    return this.#aliases.size < this.#max ? { alias: this.#aliases.size + 1, isKnown: false } : undefined;
  }

  /** The PUBLISH that set this alias is on its way. */
  sent(topic: string, { alias, isKnown }: SentAlias): void {
    if (!isKnown) this.#aliases.set(topic, alias);
  }
}
