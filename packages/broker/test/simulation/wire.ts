import { Duplex } from 'node:stream';
import type { Random } from './random.ts';

/** A connection without a network: bytes go over when the simulation says so, in pieces, or are lost with it. */
export class Wire {
  readonly server: Duplex;
  #toServer: Buffer = Buffer.alloc(0);
  #toClient: Buffer = Buffer.alloc(0);
  #closedByServer = false;
  #cut = false;

  constructor() {
    this.server = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        // The broker writes from memory that it uses again.
        this.#toClient = Buffer.concat([this.#toClient, chunk]);
        done();
      },
    });
    this.server.on('error', () => undefined);
    this.server.on('finish', () => (this.#closedByServer = true));
    this.server.on('close', () => (this.#closedByServer = true));
  }

  send(bytes: Buffer): void {
    this.#toServer = Buffer.concat([this.#toServer, bytes]);
  }

  get isIdle(): boolean {
    return this.#toServer.length === 0 && this.#toClient.length === 0;
  }

  /** The server has closed after the last byte that the client sent. */
  get hasHeardAll(): boolean {
    return this.#closedByServer && this.#toServer.length === 0;
  }

  /** The server has closed and everything it said has arrived. */
  get isOver(): boolean {
    return this.#cut || (this.#closedByServer && this.#toClient.length === 0);
  }

  /** Hands the server some of what is on its way. */
  moveToServer(random: Random): void {
    const length = piece(this.#toServer, random);
    if (length === 0 || this.#closedByServer) return;
    this.server.push(this.#toServer.subarray(0, length));
    this.#toServer = this.#toServer.subarray(length);
  }

  /** What arrives at the client. */
  moveToClient(random: Random): Buffer {
    const length = piece(this.#toClient, random);
    const arrived = this.#toClient.subarray(0, length);
    this.#toClient = this.#toClient.subarray(length);
    return arrived;
  }

  /** The network fails: what was on its way is lost, both ways. */
  cut(): void {
    this.#cut = true;
    this.#toServer = Buffer.alloc(0);
    this.#toClient = Buffer.alloc(0);
    this.server.destroy();
  }
}

/** Half of the time all of it. */
const piece = (bytes: Buffer, random: Random): number =>
  bytes.length === 0 || random.chance(0.5) ? bytes.length : 1 + random.below(bytes.length);
