import type { IConnectPacket, Packet } from 'mqtt-packet';
import { afterEach, beforeEach, expect } from 'vitest';
import { startBroker, type TestBroker, type TestBrokerOptions } from '../support/broker.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { message } from '../support/messages.ts';
import { connectPacket, RawClient } from '../support/raw-client.ts';

/** Protocol levels: 4 is MQTT 3.1.1, 5 is MQTT 5.0. */
export type Level = 4 | 5;
export const LEVELS: readonly Level[] = [4, 5];

export type ConnectFields = Partial<Omit<IConnectPacket, 'cmd' | 'clientId' | 'protocolVersion'>>;

/** A broker of its own for each test, on a clock that stands still until it is told to go on. */
export class Ground {
  clock = new FakeClock();
  #running: TestBroker | undefined;

  get #here(): TestBroker {
    if (this.#running === undefined) throw new Error('the broker is not running');
    return this.#running;
  }

  get port(): number {
    return this.#here.port;
  }

  get wsPort(): number {
    return this.#here.wsPort;
  }

  get broker(): TestBroker['broker'] {
    return this.#here.broker;
  }

  get sink(): TestBroker['sink'] {
    return this.#here.sink;
  }

  async start(options: TestBrokerOptions = {}): Promise<void> {
    await this.stop();
    this.clock = new FakeClock();
    this.#running = await startBroker({ clock: this.clock, ...options });
  }

  async stop(): Promise<void> {
    await this.#running?.broker.stop();
    this.#running = undefined;
  }

  /** A connection on which nothing was sent yet. */
  raw(level: Level): Promise<RawClient> {
    return RawClient.open(this.port, level);
  }

  /** An admitted client. */
  open(level: Level, clientId: string, fields: ConnectFields = {}): Promise<RawClient> {
    return RawClient.connect(this.port, { clientId, protocolVersion: level, ...fields });
  }

  /** What the server answers to a CONNECT with these fields. */
  async connack(level: Level, fields: ConnectFields & { readonly clientId?: string } = {}): Promise<Packet> {
    const client = await this.raw(level);
    client.send(connectPacket({ protocolVersion: level, ...fields }));
    return client.next();
  }

  /** A client that sees every message, at QoS 2 as far as it was published so. */
  async witness(level: Level = 5): Promise<RawClient> {
    const client = await this.open(level, 'witness', { keepalive: 0 });
    await client.subscribe('#', 2);
    return client;
  }

  /** Publishes with QoS 1 and waits for the acknowledgement: whoever is to have the message has been served. */
  async publish(topic: string, payload = 'x', fields: Parameters<typeof message>[0] = {}): Promise<void> {
    const publisher = await this.open(5, 'publisher');
    publisher.send(message({ topic, payload, qos: 1, messageId: 1, ...fields }));
    await publisher.drain();
    await publisher.drop();
  }

  /** Resolves when so many clients are connected. */
  online(count: number): Promise<void> {
    return expect.poll(() => this.broker.stats().connections.mqtt).toBe(count);
  }
}

/** Starts a broker before each test of a file and stops it afterwards. */
export function useBroker(options: TestBrokerOptions = {}): Ground {
  const ground = new Ground();
  beforeEach(() => ground.start(options));
  afterEach(() => ground.stop());
  return ground;
}

/** The server closes the connection; MQTT 5 clients are told the reason, older ones nothing. */
export async function expectCut(client: RawClient, level: Level, reasonCode: number): Promise<void> {
  const packets = await client.closed();
  const told = packets.filter(({ cmd }) => cmd === 'disconnect');
  expect(told).toMatchObject(level === 5 ? [{ reasonCode }] : []);
}

/** Topics of the messages among these packets. */
export const topics = (packets: readonly Packet[]): string[] =>
  packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.topic] : []));

/** The next packet, which is to be of this kind. */
export async function expectNext<K extends Packet['cmd']>(
  client: RawClient,
  cmd: K,
): Promise<Extract<Packet, { cmd: K }>> {
  const packet = await client.next();
  if (!isKind(packet, cmd)) throw new Error(`${packet.cmd} came instead of ${cmd}`);
  return packet;
}

function isKind<K extends Packet['cmd']>(packet: Packet, cmd: K): packet is Extract<Packet, { cmd: K }> {
  return packet.cmd === cmd;
}
