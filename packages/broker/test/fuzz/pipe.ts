import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { type Packet, type Parser, parser } from 'mqtt-packet';
import { WebSocket } from 'ws';
import type { Version } from './grammar.ts';

/** A connection that carries bytes, by TCP or WebSocket, and reads what comes back. */
export interface Pipe {
  write(bytes: Buffer): void;
  /** Ends the writing side. */
  end(): void;
  destroy(): void;
  readonly arrivals: Arrivals;
}

/** What came back, read as packets of one version; as bytes only where no version was agreed. */
export class Arrivals {
  /** Kinds and codes; a message's content is not kept. */
  readonly kinds: Packet['cmd'][] = [];
  /** Code of each CONNACK and DISCONNECT. */
  readonly codes: number[] = [];
  pongs = 0;
  bytes = 0;
  closed = false;
  /** The server sent what is no packet. */
  fault: string | undefined;
  #wake: (() => void) | undefined;
  readonly #reader: Parser | undefined;

  constructor(version: Version | undefined) {
    if (version === undefined) return;
    this.#reader = parser({ protocolVersion: version })
      .on('packet', (packet) => {
        this.#note(packet);
      })
      .on('error', (error: unknown) => {
        this.fault = `the server sent what is no packet: ${String(error)}`;
      });
  }

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.#reader?.parse(chunk);
    this.#wake?.();
  }

  close(): void {
    this.closed = true;
    this.#wake?.();
  }

  /** Resolves when more has come or the connection has closed. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #note(packet: Packet): void {
    if (packet.cmd === 'pingresp') this.pongs += 1;
    if (packet.cmd === 'connack') this.codes.push(packet.returnCode ?? packet.reasonCode ?? 0);
    if (packet.cmd === 'disconnect') this.codes.push(packet.reasonCode ?? 0);
    if (this.kinds.length === 0 || packet.cmd === 'connack' || packet.cmd === 'disconnect') {
      this.kinds.push(packet.cmd);
    }
  }
}

/** `from`: each address has ports of its own, or a long run would use up those of one. */
export async function openTcp(port: number, from: string, version: Version | undefined): Promise<Pipe> {
  const socket = connectSocket({ port, host: '127.0.0.1', localAddress: from, noDelay: true });
  const arrivals = new Arrivals(version);
  socket.on('data', (chunk) => {
    arrivals.add(chunk);
  });
  // What is written to a connection that the server has closed already.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    arrivals.close();
  });
  await once(socket, 'connect');
  return {
    write: (bytes) => socket.write(bytes),
    end: () => socket.end(),
    destroy: () => socket.destroy(),
    arrivals,
  };
}

/** The same over WebSocket, each write one binary frame. */
export async function openWebSocket(port: number, from: string, version: Version | undefined): Promise<Pipe> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, ['mqtt'], { localAddress: from });
  const arrivals = new Arrivals(version);
  socket.on('message', (chunk: Buffer) => {
    arrivals.add(chunk);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    arrivals.close();
  });
  await once(socket, 'open');
  return {
    write: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    end: () => {
      socket.close();
    },
    destroy: () => {
      socket.terminate();
    },
    arrivals,
  };
}
