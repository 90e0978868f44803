import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet';

/** How long a server may be silent before it has let the client in. */
const ANSWER_MS_MAX = 10_000;

export type ConnectFields = Partial<Omit<IConnectPacket, 'cmd'>>;

/** A client of bytes: sends what it is told, right or wrong, and hands out the packets that come back. */
export class RawClient {
  readonly socket: Socket;
  readonly #version: 3 | 4 | 5;
  readonly #packets: Packet[] = [];
  #wake: (() => void) | undefined;
  #closed = false;
  readonly #chunks: Buffer[] = [];
  /** Resolves when the connection has ended, whoever else waits for packets. */
  readonly ended: Promise<void>;

  private constructor(socket: Socket, version: 3 | 4 | 5) {
    this.socket = socket;
    this.#version = version;
    const reader = parser({ protocolVersion: version });
    reader.on('packet', (packet) => {
      this.#packets.push(packet);
      this.#wake?.();
    });
    reader.on('error', () => undefined);
    socket.on('data', (chunk) => {
      this.#chunks.push(chunk);
      reader.parse(chunk);
    });
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('close', () => {
      this.#closed = true;
      this.#wake?.();
    });
  }

  static async open(port: number, version: 3 | 4 | 5 = 4, host = '127.0.0.1'): Promise<RawClient> {
    const socket = connectSocket({ port, host, timeout: ANSWER_MS_MAX });
    const client = new RawClient(socket, version);
    const giveUp = (): void => {
      socket.destroy(new Error('no answer'));
    };
    socket.once('timeout', giveUp);
    await once(socket, 'connect');
    socket.off('timeout', giveUp);
    return client;
  }

  /** Opens, sends CONNECT and returns the client with its CONNACK already taken. */
  static async connect(port: number, fields: ConnectFields = {}, host?: string): Promise<RawClient> {
    const client = await RawClient.open(port, fields.protocolVersion ?? 4, host);
    const giveUp = (): void => {
      client.socket.destroy();
    };
    client.socket.once('timeout', giveUp);
    client.send(connectPacket(fields));
    const connack = await client.next();
    if (connack.cmd !== 'connack' || (connack.returnCode ?? connack.reasonCode) !== 0) {
      client.socket.destroy();
      throw new Error(`not admitted: ${JSON.stringify(connack)}`);
    }
    client.socket.off('timeout', giveUp);
    client.socket.setTimeout(0);
    client.sessionPresent = connack.sessionPresent;
    return client;
  }

  /** Bytes received, as they came. */
  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  sessionPresent = false;

  send(packet: Packet): void {
    this.write(generate(packet, { protocolVersion: this.#version }));
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Packets that came and were not taken. */
  get waiting(): number {
    return this.#packets.length;
  }

  /** The next packet; fails when the connection closes first. */
  async next(): Promise<Packet> {
    while (this.#packets.length === 0) {
      if (this.#closed) throw new Error('closed by the server');
      await this.#changed();
    }
    return this.#packets.shift()!;
  }

  /** Resolves when the server has closed; returns the packets that had not been taken. */
  async closed(): Promise<readonly Packet[]> {
    while (!this.#closed) await this.#changed();
    return this.#packets;
  }

  /** Sends PINGREQ and returns everything that came before its answer. */
  async drain(): Promise<readonly Packet[]> {
    this.send({ cmd: 'pingreq' });
    const before: Packet[] = [];
    for (;;) {
      const packet = await this.next();
      if (packet.cmd === 'pingresp') return before;
      before.push(packet);
    }
  }

  async subscribe(topic: string, qos: 0 | 1 | 2 = 0): Promise<void> {
    this.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos }] });
    await this.next();
  }

  /** Breaks the connection without a DISCONNECT. */
  async drop(): Promise<void> {
    this.socket.destroy();
    await this.closed();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

export function connectPacket(fields: ConnectFields = {}): IConnectPacket {
  const version = fields.protocolVersion ?? 4;
  return {
    cmd: 'connect',
    protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
    protocolVersion: version,
    clientId: 'device-1',
    clean: true,
    keepalive: 60,
    ...fields,
  };
}

/** A CONNECT of 3.1.1 whose parts can be wrong. */
export function rawConnect({
  name = 'MQTT',
  level = 4,
  flags = 0x02,
  body = field('device-1'),
  header = 0x10,
}: {
  readonly name?: string;
  readonly level?: number;
  readonly flags?: number;
  readonly body?: Buffer;
  readonly header?: number;
} = {}): Buffer {
  return frame(header, Buffer.concat([field(name), Buffer.from([level, flags, 0, 60]), body]));
}

/** A field with its two-byte length. */
export function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** A packet with its fixed header. */
export function frame(header: number, body: Buffer): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push(rest > 127 ? (rest % 128) | 0x80 : rest);
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from([header, ...length]), body]);
}
