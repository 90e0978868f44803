import type { IPublishPacket, Packet } from 'mqtt-packet';
import { RawClient, type ConnectFields } from '../support/raw-client.ts';
import type { History } from './history.ts';

interface Sent {
  readonly payload: string;
  readonly qos: 1 | 2;
  step: 'publish' | 'pubrel';
}

/** The packet id of SUBSCRIBE; those of messages come round below it. */
const SUBSCRIBE_ID = 65_535;

/** What a client has besides its name. */
export interface SturdyOptions {
  /** What it publishes to. */
  readonly topic?: string;
  readonly connect?: ConnectFields;
}

/** A client with a stored session that keeps its half of the protocol through every break, as devices do. */
export class SturdyClient {
  readonly #clientId: string;
  readonly #history: History;
  readonly #topic: string;
  readonly #connect: ConnectFields;
  #link: RawClient | undefined;
  #hasSession = false;
  /** By packet id: sent and not acknowledged for good. */
  readonly #sent = new Map<number, Sent>();
  /** Packet ids of QoS 2 messages received and not released. */
  readonly #received = new Set<number>();
  #lastId = 0;
  #idle: (() => void) | undefined;

  constructor(clientId: string, history: History, { topic = 't', connect = {} }: SturdyOptions = {}) {
    this.#clientId = clientId;
    this.#history = history;
    this.#topic = topic;
    this.#connect = { clientId, clean: false, keepalive: 0, ...connect };
  }

  /** Connects and says again what was not answered; false when the broker is not there. */
  async connect(port: number, host?: string): Promise<boolean> {
    try {
      this.#link = await RawClient.connect(port, this.#connect, host);
    } catch {
      return false;
    }
    if (this.#hasSession && !this.#link.sessionPresent) this.#history.sessionLost(this.#clientId);
    this.#hasSession = true;
    void this.#listen(this.#link);
    for (const [messageId, sent] of this.#sent) this.#say(messageId, sent, true);
    return true;
  }

  async subscribe(topic: string, qos: 1 | 2): Promise<void> {
    const acknowledged = this.#history.subscribed(this.#clientId);
    this.#link?.send({ cmd: 'subscribe', messageId: SUBSCRIBE_ID, subscriptions: [{ topic, qos }] });
    await acknowledged;
  }

  publish(payload: string, qos: 1 | 2): void {
    do this.#lastId = (this.#lastId % (SUBSCRIBE_ID - 1)) + 1;
    while (this.#sent.has(this.#lastId));
    const sent: Sent = { payload, qos, step: 'publish' };
    this.#sent.set(this.#lastId, sent);
    this.#say(this.#lastId, sent, false);
  }

  /** At QoS 0. */
  publishOnce(payload: string): void {
    this.#send({ cmd: 'publish', topic: this.#topic, payload, qos: 0, dup: false, retain: false });
  }

  get unanswered(): number {
    return this.#sent.size;
  }

  /** Resolves when fewer than `count` messages are unanswered, or the connection is gone. */
  async below(count: number): Promise<void> {
    while (this.#sent.size >= count && this.#link !== undefined) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
  }

  get isConnected(): boolean {
    return this.#link !== undefined;
  }

  /** Resolves when its connection has ended. */
  async gone(): Promise<void> {
    await this.#link?.ended;
  }

  async close(): Promise<void> {
    await this.#link?.drop();
  }

  #say(messageId: number, { payload, qos, step }: Sent, dup: boolean): void {
    if (dup && step === 'publish') this.#history.publishedAgain(payload);
    if (step === 'pubrel') this.#send({ cmd: 'pubrel', messageId });
    else this.#send({ cmd: 'publish', topic: this.#topic, payload, qos, messageId, dup, retain: false });
  }

  #send(packet: Packet): void {
    this.#link?.send(packet);
  }

  async #listen(link: RawClient): Promise<void> {
    try {
      for (;;) this.#take(await link.next());
    } catch {
      if (this.#link === link) this.#link = undefined;
      this.#idle?.();
    }
  }

  #take(packet: Packet): void {
    const messageId = packet.messageId ?? 0;
    switch (packet.cmd) {
      case 'publish':
        this.#receive(packet, messageId);
        return;
      case 'pubrel':
        this.#received.delete(messageId);
        this.#send({ cmd: 'pubcomp', messageId });
        return;
      case 'pubrec': {
        const sent = this.#sent.get(messageId);
        if (sent === undefined) return;
        sent.step = 'pubrel';
        this.#history.acknowledged(sent.payload);
        this.#send({ cmd: 'pubrel', messageId });
        return;
      }
      case 'puback':
      case 'pubcomp': {
        const sent = this.#sent.get(messageId);
        if (sent !== undefined) this.#history.acknowledged(sent.payload);
        this.#sent.delete(messageId);
        this.#idle?.();
        return;
      }
      case 'suback':
        this.#history.subscriptionDone(this.#clientId);
        return;
      default:
    }
  }

  #receive(packet: IPublishPacket, messageId: number): void {
    const payload = packet.payload.toString();
    if (packet.qos === 2) {
      // The same packet id before its release is the same message.
      if (!this.#received.has(messageId)) this.#history.received(payload, packet.dup);
      this.#received.add(messageId);
      this.#send({ cmd: 'pubrec', messageId });
    } else {
      this.#history.received(payload, packet.dup);
      if (packet.qos === 1) this.#send({ cmd: 'puback', messageId });
    }
  }
}
