import type { Clock } from '@gatehouse/ports';
import type { BrokerContext } from '../context.ts';
import { createMessage } from '../router/message.ts';
import { SYS_PREFIX } from '../router/sys-prefix.ts';

/** Seconds between two rounds, as mosquitto's `sys_interval`. */
const INTERVAL_MS = 10_000;
/** What the loads are averaged over, minutes (mosquitto(8), Broker Status). */
const LOAD_MINUTES = [1, 5, 15] as const;

/** The counters that loads are made from, by the name of their load. */
type Totals = Readonly<Record<string, number>>;

type SysContext = Pick<BrokerContext, 'clock' | 'counters' | 'registry' | 'router' | 'retained'>;

/**
 * Publishes `$SYS/broker/…` with mosquitto's names: what changed, retained, every ten seconds. Nobody else can publish
 * there; who may read it is a matter of rules, and a filter that begins with a wildcard does not match it. `heap` is the
 * resident memory of the process, for most of what a broker holds is outside of JavaScript's heap.
 */
export class SysTopics {
  readonly #context: SysContext;
  readonly #version: string;
  readonly #startedAt: number;
  readonly #loads = new Map<string, number>();
  readonly #published = new Map<string, string>();
  #last: Totals | undefined;
  #lastAt: number;
  #memoryMost = 0;
  #cancel: () => void = () => undefined;

  constructor(context: SysContext, version: string) {
    this.#context = context;
    this.#version = version;
    this.#startedAt = context.clock.monotonic();
    this.#lastAt = this.#startedAt;
  }

  start(): void {
    this.#round();
  }

  stop(): void {
    this.#cancel();
  }

  #round(): void {
    const { clock } = this.#context;
    this.#followLoads(clock);
    for (const [name, value] of Object.entries(this.#values())) this.#publish(name, String(value));
    for (const [name, value] of this.#loads) this.#publish(`load/${name}`, value.toFixed(2));
    this.#cancel = clock.after(INTERVAL_MS, () => {
      this.#round();
    });
  }

  #values(): Readonly<Record<string, string | number>> {
    const { clock, counters, registry, router, retained } = this.#context;
    const { messages } = counters;
    const sessions = [...registry];
    const { connected } = registry;
    const memory = process.memoryUsage.rss();
    this.#memoryMost = Math.max(this.#memoryMost, memory);
    let queued = 0;
    let queuedBytes = 0;
    for (const { load } of sessions) {
      queued += load.queued + load.inflight;
      queuedBytes += load.queuedBytes;
    }
    return {
      version: this.#version,
      uptime: `${Math.floor((clock.monotonic() - this.#startedAt) / 1_000)} seconds`,
      'clients/total': sessions.length,
      'clients/connected': connected,
      'clients/active': connected,
      'clients/disconnected': sessions.length - connected,
      'clients/inactive': sessions.length - connected,
      'clients/maximum': registry.connectedMost,
      'clients/expired': registry.expired,
      'heap/current': memory,
      'heap/maximum': this.#memoryMost,
      'messages/received': messages.packetsReceived,
      'messages/sent': messages.packetsSent,
      'messages/stored': queued + retained.size,
      'publish/messages/received': messages.received,
      'publish/messages/sent': messages.sent,
      'publish/messages/dropped': messages.dropped,
      'publish/bytes/received': messages.payloadBytesReceived,
      'publish/bytes/sent': messages.payloadBytesSent,
      'bytes/received': messages.bytesReceived,
      'bytes/sent': messages.bytesSent,
      'store/messages/count': queued + retained.size,
      'store/messages/bytes': queuedBytes + retained.bytes,
      'retained messages/count': retained.size,
      'subscriptions/count': router.size - router.sharedSize,
      'shared_subscriptions/count': router.sharedSize,
    };
  }

  /** Exponential averages per minute, as mosquitto's. */
  #followLoads(clock: Clock): void {
    const { messages, sockets } = this.#context.counters;
    const totals: Totals = {
      'messages/received': messages.packetsReceived,
      'messages/sent': messages.packetsSent,
      'publish/received': messages.received,
      'publish/sent': messages.sent,
      'publish/dropped': messages.dropped,
      'bytes/received': messages.bytesReceived,
      'bytes/sent': messages.bytesSent,
      sockets,
      connections: messages.connects,
    };
    const now = clock.monotonic();
    const minutes = (now - this.#lastAt) / 60_000;
    for (const [name, total] of Object.entries(totals)) {
      const perMinute = minutes === 0 ? 0 : (total - (this.#last?.[name] ?? 0)) / minutes;
      for (const window of LOAD_MINUTES) {
        const topic = `${name}/${window}min`;
        const before = this.#loads.get(topic) ?? 0;
        this.#loads.set(topic, perMinute + Math.exp(-minutes / window) * (before - perMinute));
      }
    }
    this.#last = totals;
    this.#lastAt = now;
  }

  #publish(name: string, value: string): void {
    if (this.#published.get(name) === value) return;
    this.#published.set(name, value);
    const { clock, router, retained } = this.#context;
    const message = createMessage(
      {
        topic: `${SYS_PREFIX}broker/${name}`,
        payload: Buffer.from(value),
        qos: 0,
        retain: true,
        properties: NO_PROPERTIES,
        publisher: '',
        principal: undefined,
        expirySeconds: undefined,
      },
      clock,
    );
    // Not by way of the journal: after a restart the numbers are others.
    message.retainedAt = clock.now();
    retained.restore(message);
    router.publish(message);
  }
}

const NO_PROPERTIES = Buffer.alloc(0);
