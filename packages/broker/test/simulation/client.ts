import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import type { Random } from './random.ts';
import type { Record } from './record.ts';
import { Wire } from './wire.ts';

const PACKET_IDS = 65_535;
const SESSION_SECONDS = 86_400;

interface Unacknowledged {
  readonly packet: IPublishPacket;
  released: boolean;
}

/** What a client asks for: its session as it was left; to begin anew; or the session for as long as this connection lasts. */
export type Manner = 'goes-on' | 'begins-anew' | 'stays-no-longer';

type ClientState = 'away' | 'connecting' | 'online' | 'leaving';

/** A well-behaved MQTT client with a session that lasts until it gives it up, as an application would use one. */
export class SimulatedClient {
  readonly id: string;
  readonly version: 4 | 5;
  /** Filters that the server has confirmed, with their QoS. */
  readonly subscriptions = new Map<string, 1 | 2>();
  /** Wills of connections that it took its leave of, which the server has heard. */
  readonly leftWills: string[] = [];
  readonly #record: Record;
  /** Sent and not done, in the order of the first sending ([MQTT-4.4.0-1]). */
  readonly #unacknowledged = new Map<number, Unacknowledged>();
  /** Packet ids of QoS 2 that the application has got and the server has not released. */
  readonly #unreleased = new Set<number>();
  /** SUBSCRIBE and UNSUBSCRIBE under way; `confirm` is what their answer tells. */
  readonly #asked = new Map<number, { readonly filter: string; confirm: () => void }>();
  #wire: Wire | undefined;
  #reader = parser({ protocolVersion: 4 });
  #state: ClientState = 'away';
  #hasSession = false;
  #manner: Manner = 'goes-on';
  /** It knows nothing of its session any more, and the server may: until it has begun anew. */
  #isLost = false;
  #will: string | undefined;
  #wills = 0;
  #lastPacketId = 0;

  constructor(id: string, version: 4 | 5, record: Record) {
    this.id = id;
    this.version = version;
    this.#record = record;
  }

  get state(): ClientState {
    return this.#state;
  }

  get wire(): Wire | undefined {
    return this.#wire;
  }

  /** Everything that it sent is done with. */
  get isDone(): boolean {
    return this.#unacknowledged.size === 0 && this.#asked.size === 0;
  }

  /** Opens a connection, with a will if `watchers` are told. Who has lost its session begins anew, whatever the manner. */
  connect(watchers: (() => Iterable<string>) | undefined, manner: Manner = 'goes-on'): Wire {
    if (manner === 'begins-anew') this.#forget();
    this.#manner = this.#isLost ? 'begins-anew' : manner;
    const wire = new Wire();
    this.#wire = wire;
    this.#state = 'connecting';
    this.#reader = parser({ protocolVersion: this.version });
    this.#reader.on('packet', (packet) => {
      this.#received(packet);
    });
    this.#reader.on('error', (error: Error) => {
      this.#record.violation(`${this.id} cannot read what it is sent: ${error.message}`);
    });
    if (watchers !== undefined) {
      this.#wills += 1;
      this.#will = `will-${this.id}-${this.#wills}`;
      this.#record.leftWill(this.#will, watchers());
    }
    this.#send({
      cmd: 'connect',
      clientId: this.id,
      protocolId: 'MQTT',
      protocolVersion: this.version,
      clean: this.#manner === 'begins-anew',
      keepalive: 0,
      ...(this.version === 5
        ? { properties: { sessionExpiryInterval: this.#manner === 'stays-no-longer' ? 0 : SESSION_SECONDS } }
        : {}),
      ...(this.#will === undefined
        ? {}
        : { will: { topic: `w/${this.id}`, payload: Buffer.from(this.#will), qos: 2, retain: false } }),
    });
    return wire;
  }

  /** Lets some bytes arrive; notices when the server has closed. */
  take(random: Random): void {
    const wire = this.#wire;
    if (wire === undefined) return;
    const bytes = wire.moveToClient(random);
    if (bytes.length > 0) this.#reader.parse(bytes);
    if (wire.isOver) this.lose();
  }

  /** The connection is gone, whoever ended it. */
  lose(): void {
    const wire = this.#wire;
    if (wire === undefined) return;
    this.#wire = undefined;
    const hasHeardAll = wire.hasHeardAll;
    wire.cut();
    if (this.#will !== undefined && this.#state === 'online') this.#record.willFate(this.#will, 'due');
    if (this.#will !== undefined && this.#state === 'leaving' && hasHeardAll) this.leftWills.push(this.#will);
    this.#will = undefined;
    this.#state = 'away';
    this.#asked.clear();
    if (this.#manner === 'stays-no-longer') this.#forget();
  }

  /** Its session is to end, or does: nobody owes it anything, and it owes nothing. */
  #forget(): void {
    this.#isLost = true;
    this.#hasSession = false;
    this.subscriptions.clear();
    this.#record.forgive(this.id);
    for (const { packet } of this.#unacknowledged.values()) this.#record.abandoned(packet.payload.toString());
    this.#unacknowledged.clear();
    this.#unreleased.clear();
  }

  /** DISCONNECT; the server closes when it has it. */
  leave(): void {
    this.#send({ cmd: 'disconnect' });
    this.#state = 'leaving';
  }

  publish(topic: string, payload: string, qos: 0 | 1 | 2, retain: boolean): void {
    const packet: IPublishPacket = { cmd: 'publish', topic, payload, qos, retain, dup: false };
    if (qos === 0) {
      this.#send(packet);
      return;
    }
    const messageId = this.#nextPacketId();
    this.#unacknowledged.set(messageId, { packet: { ...packet, messageId }, released: false });
    this.#send({ ...packet, messageId });
  }

  subscribe(filter: string, qos: 1 | 2): void {
    const messageId = this.#nextPacketId();
    this.#asked.set(messageId, { filter, confirm: () => this.subscriptions.set(filter, qos) });
    this.#send({ cmd: 'subscribe', messageId, subscriptions: [{ topic: filter, qos }] });
  }

  unsubscribe(filter: string): void {
    const messageId = this.#nextPacketId();
    const nothing = (): void => undefined;
    this.subscriptions.delete(filter);
    // A SUBSCRIBE of before says nothing any more.
    for (const asked of this.#asked.values()) if (asked.filter === filter) asked.confirm = nothing;
    this.#asked.set(messageId, { filter, confirm: nothing });
    this.#send({ cmd: 'unsubscribe', messageId, unsubscriptions: [filter] });
  }

  #nextPacketId(): number {
    do this.#lastPacketId = (this.#lastPacketId % PACKET_IDS) + 1;
    while (this.#unacknowledged.has(this.#lastPacketId) || this.#asked.has(this.#lastPacketId));
    return this.#lastPacketId;
  }

  #send(packet: Packet): void {
    this.#wire?.send(generate(packet, { protocolVersion: this.version }));
  }

  #received(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack':
        this.#admitted(packet.sessionPresent, packet.returnCode ?? packet.reasonCode ?? 0);
        return;
      case 'publish':
        this.#message(packet);
        return;
      case 'puback':
        this.#done(packet.messageId);
        return;
      case 'pubrec':
        this.#release(packet.messageId);
        return;
      case 'pubrel':
        this.#unreleased.delete(packet.messageId ?? 0);
        this.#send({ cmd: 'pubcomp', messageId: packet.messageId ?? 0 });
        return;
      case 'pubcomp':
        this.#done(packet.messageId);
        return;
      case 'suback':
      case 'unsuback':
        this.#asked.get(packet.messageId ?? 0)?.confirm();
        this.#asked.delete(packet.messageId ?? 0);
        return;
      case 'disconnect':
        return;
      default:
        this.#record.violation(`${this.id} got ${packet.cmd}`);
    }
  }

  #admitted(sessionPresent: boolean, code: number): void {
    if (code !== 0) return;
    if (this.#hasSession && !sessionPresent) this.#record.violation(`${this.id} has lost its session`);
    if (this.#manner === 'begins-anew' && sessionPresent)
      this.#record.violation(`${this.id} began anew and has a session`);
    this.#hasSession = true;
    this.#isLost = false;
    this.#state = 'online';
    for (const { packet, released } of this.#unacknowledged.values()) {
      if (released) this.#send({ cmd: 'pubrel', messageId: packet.messageId ?? 0 });
      else this.#send({ ...packet, dup: true });
    }
  }

  #message({ payload, qos, dup, messageId = 0 }: IPublishPacket): void {
    const text = payload.toString();
    if (qos === 1) this.#send({ cmd: 'puback', messageId });
    if (qos === 2) {
      this.#send({ cmd: 'pubrec', messageId });
      if (this.#unreleased.has(messageId)) return;
      this.#unreleased.add(messageId);
    }
    this.#record.received(this.id, text, qos, dup);
  }

  #release(messageId = 0): void {
    const sent = this.#unacknowledged.get(messageId);
    if (sent !== undefined) sent.released = true;
    this.#send({ cmd: 'pubrel', messageId });
  }

  #done(messageId = 0): void {
    const sent = this.#unacknowledged.get(messageId);
    this.#unacknowledged.delete(messageId);
    if (sent !== undefined) this.#record.acknowledged(sent.packet.payload.toString());
  }
}
