import type { AlertMessage, PublishOutcome } from '@gatehouse/ports';
import type { BrokerContext } from '../context.ts';
import { isTopicName } from '../protocol/topic.ts';
import { createMessage } from '../router/message.ts';
import { SYS_PREFIX } from '../router/sys-prefix.ts';

const PREFIX = `${SYS_PREFIX}gatehouse/alerts/`;
/** Alerts that are kept as retained messages; of more topics the one that was told longest ago goes. */
const RETAINED_MAX = 256;
const NOTHING = Buffer.alloc(0);

type AlertContext = Pick<BrokerContext, 'limits' | 'clock' | 'retained' | 'router'>;

/**
 * Publishes what the server says of alerts. Clients cannot publish below `$SYS/`, so none can forge one; who may read it is
 * a matter of rules. Retained ones live in memory, as everything below `$SYS/`: after a restart they are told anew.
 */
export class AlertTopics {
  readonly #context: AlertContext;
  readonly #kept = new Set<string>();

  constructor(context: AlertContext) {
    this.#context = context;
  }

  publish({ topic: below, payload, retain }: AlertMessage): PublishOutcome {
    const topic = PREFIX + below;
    if (!isTopicName(topic, this.#context.limits)) return { outcome: 'bad-topic' };
    const message = this.#messageOf(topic, Buffer.from(payload), retain);
    if (retain) this.#keep(message.topic, message);
    return {
      outcome: 'published',
      receivers: this.#context.router.publish(message),
    };
  }

  #keep(topic: string, message: ReturnType<typeof createMessage>): void {
    const { retained, clock } = this.#context;
    this.#kept.delete(topic);
    this.#kept.add(topic);
    message.retainedAt = clock.now();
    // Not by way of the journal, as the other topics of the server's own.
    retained.restore(message);
    const [oldest] = this.#kept;
    if (this.#kept.size <= RETAINED_MAX || oldest === undefined) return;
    this.#kept.delete(oldest);
    retained.set(this.#messageOf(oldest, NOTHING, true));
  }

  #messageOf(topic: string, payload: Buffer, retain: boolean): ReturnType<typeof createMessage> {
    return createMessage(
      {
        topic,
        payload,
        qos: 1,
        retain,
        properties: NOTHING,
        publisher: '',
        principal: undefined,
        expirySeconds: undefined,
      },
      this.#context.clock,
    );
  }
}
