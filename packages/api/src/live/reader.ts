import type { StreamEvent } from '@gatehouse/contract';
import type { UnauthorizedChange, UnauthorizedFilter } from '@gatehouse/ports';
import { presentUnauthorized } from '../present/unauthorized.ts';
import { LIVE } from './bounds.ts';
import { rowMatches } from './match.ts';

/** Where a reader's events go: one open response. */
export interface ReaderSink {
  send(event: StreamEvent): void;
  /** True while the peer does not read what was sent. */
  congested(): boolean;
  /** Asked with each heartbeat: may the reader go on? The sink ends the response when not. */
  recheck(): void;
  end(): void;
}

/** One console's view of the stream: its filter, and what it has not been told yet. */
export class Reader {
  readonly #filter: UnauthorizedFilter;
  readonly #sink: ReaderSink;
  readonly #rows = new Map<string, UnauthorizedChange>();
  readonly #deleted = new Set<string>();
  #deletedMany = false;
  #restored = 0;
  #dropped = 0;

  constructor(filter: UnauthorizedFilter, sink: ReaderSink) {
    this.#filter = filter;
    this.#sink = sink;
  }

  get hasNews(): boolean {
    return (
      this.#rows.size > 0 ||
      this.#deleted.size > 0 ||
      this.#deletedMany ||
      this.#restored > 0 ||
      this.#dropped > 0
    );
  }

  changed(change: UnauthorizedChange): void {
    const { row } = change;
    if (change.kind === 'deleted') {
      this.deleted([row.id]);
      return;
    }
    // A row that has just been resolved is told under any state filter, so that it can leave the reader's page.
    const filter = change.kind === 'resolved' ? { ...this.#filter, state: {} } : this.#filter;
    if (!rowMatches(filter, row)) return;
    if (this.#rows.size >= LIVE.pendingRowsMax && !this.#rows.has(row.id)) {
      this.#dropped++;
      return;
    }
    const isNew = change.isNew || this.#rows.get(row.id)?.isNew === true;
    this.#rows.delete(row.id);
    this.#rows.set(row.id, { ...change, isNew });
  }

  deleted(ids: readonly string[] | 'many'): void {
    if (ids === 'many' || this.#deleted.size + ids.length > LIVE.pendingRowsMax) {
      this.#deletedMany = true;
      this.#deleted.clear();
      this.#rows.clear();
      return;
    }
    for (const id of ids) {
      this.#deleted.add(id);
      this.#rows.delete(id);
    }
  }

  /** Changes that cannot be told row by row. */
  lost(count: number): void {
    this.#dropped += count;
  }

  restored(count: number): void {
    this.#restored += count;
  }

  /** Sends one event, the most important first; what remains waits for the next tick. */
  tell(): void {
    if (!this.hasNews || this.#sink.congested()) return;
    this.#sink.send(this.#next());
  }

  beat(event: StreamEvent): void {
    this.#sink.recheck();
    if (!this.hasNews && !this.#sink.congested()) this.#sink.send(event);
  }

  end(): void {
    this.#sink.end();
  }

  #next(): StreamEvent {
    if (this.#dropped > 0) return this.#resync();
    if (this.#deletedMany || this.#deleted.size > 0) {
      const event: StreamEvent = { kind: 'deleted', ids: [...this.#deleted], all: this.#deletedMany };
      this.#deletedMany = false;
      this.#deleted.clear();
      return event;
    }
    if (this.#restored > 0) {
      const event: StreamEvent = { kind: 'restored', restored: this.#restored };
      this.#restored = 0;
      return event;
    }
    return this.#rowsEvent();
  }

  #resync(): StreamEvent {
    const dropped = this.#dropped + this.#rows.size;
    this.#dropped = 0;
    this.#rows.clear();
    return { kind: 'resync', dropped };
  }

  /** The newest rows whole, the others as a count. */
  #rowsEvent(): StreamEvent {
    const changes = [...this.#rows.values()];
    this.#rows.clear();
    const told = changes.slice(-LIVE.rowsPerEventMax).reverse();
    return {
      kind: 'rows',
      upserted: told.map((change) => presentUnauthorized(change.row)),
      newRows: changes.filter((change) => change.isNew).length,
      more: changes.length - told.length,
    };
  }
}
