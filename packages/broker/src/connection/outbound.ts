import type { Duplex } from 'node:stream';
import type { Clock } from '@gatehouse/ports';
import type { Limits } from '../config.ts';
import type { EncodedPublish } from '../protocol/packets.ts';
import type { MessageCounters } from '../telemetry/messages.ts';
import { Slab } from './slab.ts';

/** Bytes up to which the packets of one turn are joined into one write; more go out as they are. */
const JOIN_BYTES_MAX = 262_144;

/** Bytes up to which a packet, such as an acknowledgement, is copied to the one before it. */
const TINY_BYTES = 16;

/** Bytes of memory that one byte of a packet may hold while it waits for a slow client. */
const HELD_TO_SENT_MAX = 2;

/** One for each: a turn writes messages and acknowledgements in alternation, to different clients. */
const copies = new Slab();
const acknowledgements = new Slab();

/** Collects the connections that have something to send and lets each write once per turn of the event loop. */
export class FlushScheduler {
  #dirty: Outbound[] = [];

  add(outbound: Outbound): void {
    this.#dirty.push(outbound);
    if (this.#dirty.length === 1) setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const outbound of dirty) outbound.flush();
  };
}

export interface OutboundContext {
  readonly limits: Pick<Limits, 'writeBufferBytesMax' | 'slowConsumerMsMax'>;
  readonly clock: Clock;
  readonly counters: { readonly messages: MessageCounters };
  readonly flusher: FlushScheduler;
}

/** What the connection wants to hear. */
export interface OutboundEvents {
  /** The buffer has come down: waiting messages may go on. */
  drained(): void;
  /** The client reads too slowly for too long, or takes nothing at all. */
  overflow(bound: 'writeBufferBytesMax' | 'slowConsumerMsMax'): void;
}

/** The write side of a connection: one write per turn, and a bound on what the client leaves unread. */
export class Outbound {
  readonly #stream: Duplex;
  readonly #context: OutboundContext;
  readonly #events: OutboundEvents;
  /** Runs of bytes; those that lie behind one another in memory are one. */
  #pending: Buffer[] = [];
  /** Bytes of the last run; its buffer may tell fewer. */
  #lastRunBytes = 0;
  #pendingBytes = 0;
  #pendingPackets = 0;
  #cancelSlow: (() => void) | undefined;

  constructor(stream: Duplex, context: OutboundContext, events: OutboundEvents) {
    this.#stream = stream;
    this.#context = context;
    this.#events = events;
  }

  get congested(): boolean {
    return this.#waitingBytes() > this.#context.limits.writeBufferBytesMax;
  }

  send(bytes: Buffer): void {
    if (bytes.length <= TINY_BYTES) {
      const at = acknowledgements.reserve(bytes.length);
      acknowledgements.bytes.set(bytes, at);
      this.#append(acknowledgements.bytes, at, bytes.length);
      return;
    }
    this.#begin(bytes.length);
    const last = this.#pending.at(-1);
    if (last !== undefined && follows(bytes, last, this.#lastRunBytes)) {
      this.#lastRunBytes += bytes.length;
    } else this.#push(bytes);
    if (this.congested) this.#watch();
  }

  /** Sends a copy of a PUBLISH that others are sent too, with a packet id and flags of its own. */
  sendCopy({ bytes, packetIdAt }: EncodedPublish, packetId: number, flags: number): void {
    const { length } = bytes;
    const isPiece = copies.fits(length);
    const at = isPiece ? copies.reserve(length) : 0;
    const target = isPiece ? copies.bytes : Buffer.allocUnsafeSlow(length);
    target.set(bytes, at);
    target[at] = (bytes[0] ?? 0) | flags;
    target[at + packetIdAt] = packetId >> 8;
    target[at + packetIdAt + 1] = packetId & 0xff;
    this.#append(target, at, length);
  }

  #append(target: Buffer, at: number, length: number): void {
    this.#begin(length);
    const last = this.#pending.at(-1);
    if (last?.buffer === target.buffer && last.byteOffset + this.#lastRunBytes === target.byteOffset + at) {
      this.#lastRunBytes += length;
    } else this.#push(target.subarray(at, at + length));
    if (this.congested) this.#watch();
  }

  #begin(length: number): void {
    if (this.#pendingBytes === 0) this.#context.flusher.add(this);
    this.#pendingBytes += length;
    this.#pendingPackets += 1;
  }

  #push(run: Buffer): void {
    this.#endRun(this.#pending.at(-1));
    this.#pending.push(run);
    this.#lastRunBytes = run.length;
  }

  /** The last run is as long as it became. */
  #endRun(last: Buffer | undefined): void {
    if (last === undefined || last.length === this.#lastRunBytes) return;
    this.#pending[this.#pending.length - 1] = Buffer.from(last.buffer, last.byteOffset, this.#lastRunBytes);
  }

  flush(): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#endRun(pending.at(-1));
    const bytes = this.#pendingBytes;
    const packets = this.#pendingPackets;
    this.#forget();
    if (!this.#stream.writable) return;
    const { messages } = this.#context.counters;
    messages.bytesSent += bytes;
    messages.packetsSent += packets;
    const [only] = pending;
    if (pending.length === 1 && only !== undefined && !this.#wouldHold(only)) {
      this.#stream.write(only, this.#written);
    } else if (bytes <= JOIN_BYTES_MAX) {
      this.#stream.write(Buffer.concat(pending, bytes), this.#written);
    } else {
      this.#stream.cork();
      for (const chunk of pending) this.#stream.write(chunk, this.#written);
      this.#stream.uncork();
    }
  }

  /** Whether a small piece would wait for a slow client, and with it all of the memory that others' packets lie in. */
  #wouldHold(run: Buffer): boolean {
    return this.#stream.writableLength > 0 && run.buffer.byteLength > HELD_TO_SENT_MAX * run.length;
  }

  /** Writes what is left and ends the stream. */
  end(): void {
    this.#cancelSlow?.();
    this.flush();
    this.#stream.end();
  }

  stop(): void {
    this.#cancelSlow?.();
    this.#forget();
  }

  #forget(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#pendingPackets = 0;
  }

  #waitingBytes(): number {
    return this.#stream.writableLength + this.#pendingBytes;
  }

  #watch(): void {
    const { limits, clock } = this.#context;
    if (this.#waitingBytes() > 2 * limits.writeBufferBytesMax + JOIN_BYTES_MAX) {
      this.#events.overflow('writeBufferBytesMax');
      return;
    }
    this.#cancelSlow ??= clock.after(limits.slowConsumerMsMax, () => {
      if (this.congested) this.#events.overflow('slowConsumerMsMax');
    });
  }

  readonly #written = (): void => {
    if (this.#cancelSlow === undefined || this.congested) return;
    this.#cancelSlow();
    this.#cancelSlow = undefined;
    this.#events.drained();
  };
}

/** Whether `bytes` lies right behind a run: packets that are passed on as they came do. */
const follows = (bytes: Buffer, last: Buffer, lastBytes: number): boolean =>
  bytes.byteOffset === last.byteOffset + lastBytes && bytes.buffer === last.buffer;
