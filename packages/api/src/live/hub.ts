import type { Clock } from '@gatehouse/auth-core';
import type { StreamEvent } from '@gatehouse/contract';
import type { UnauthorizedChange, UnauthorizedFilter } from '@gatehouse/ports';
import { LIVE } from './bounds.ts';
import { Reader, type ReaderSink } from './reader.ts';

/** Ends a subscription; safe to call twice. */
export type Unsubscribe = () => void;

/**
 * Tells open consoles what changed among the refused clients. Changes are coalesced per reader and row and sent on a
 * shared tick; a reader that does not keep up loses events and gets `resync`, never memory of ours.
 */
export class LiveHub {
  readonly #clock: Clock;
  readonly #readers = new Set<Reader>();
  #cancelTick: (() => void) | undefined;
  #cancelHeartbeat: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Told by the composition after each flush of the recorder. */
  publish(changes: readonly UnauthorizedChange[]): void {
    for (const reader of this.#readers) for (const change of changes) reader.changed(change);
    this.#wake();
  }

  /** Rows were deleted: these, or too many to name. */
  deleted(ids: readonly string[] | 'many'): void {
    for (const reader of this.#readers) reader.deleted(ids);
    this.#wake();
  }

  /** So many rows changed that they are not told one by one. */
  lost(count: number): void {
    for (const reader of this.#readers) reader.lost(count);
    this.#wake();
  }

  restored(count: number): void {
    for (const reader of this.#readers) reader.restored(count);
    this.#wake();
  }

  /** Adds a reader; undefined when there are `readersMax` already. */
  subscribe(filter: UnauthorizedFilter, sink: ReaderSink): Unsubscribe | undefined {
    if (this.#readers.size >= LIVE.readersMax) return undefined;
    const reader = new Reader(filter, sink);
    this.#readers.add(reader);
    this.#cancelHeartbeat ??= this.#clock.after(LIVE.heartbeatMs, this.#heartbeat);
    return () => this.#remove(reader);
  }

  close(): void {
    for (const reader of this.#readers) {
      this.#remove(reader);
      reader.end();
    }
  }

  #remove(reader: Reader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    this.#cancelTick?.();
    this.#cancelHeartbeat?.();
    this.#cancelTick = undefined;
    this.#cancelHeartbeat = undefined;
  }

  #wake(): void {
    if (this.#cancelTick !== undefined) return;
    for (const reader of this.#readers) {
      if (!reader.hasNews) continue;
      this.#cancelTick = this.#clock.after(LIVE.tickMs, this.#tick);
      return;
    }
  }

  readonly #tick = (): void => {
    this.#cancelTick = undefined;
    for (const reader of this.#readers) reader.tell();
    this.#wake();
  };

  readonly #heartbeat = (): void => {
    this.#cancelHeartbeat = this.#clock.after(LIVE.heartbeatMs, this.#heartbeat);
    const beat: StreamEvent = { kind: 'heartbeat', at: new Date(this.#clock.now()).toISOString() };
    for (const reader of this.#readers) reader.beat(beat);
  };
}
