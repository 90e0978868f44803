import { randomUUID } from 'node:crypto';
import type { Clock, Watch, WatchEntry, Watches, WatchRead, WatchTarget } from '@gatehouse/ports';
import { cutUtf8, withoutToken } from './text.ts';

/** Every bound of the watches, each with its unit in its name. `WATCH_LIMITS` holds the defaults. */
export interface WatchLimits {
  /** Watches at a time, ended ones that can still be read included. */
  readonly watchesMax: number;
  /** Milliseconds that a watch takes in attempts, and for which it can be read afterwards. */
  readonly runningMs: number;
  /** Attempts held by one watch; the oldest gives way. */
  readonly entriesMax: number;
  /** Bytes of one CONNECT that are kept. */
  readonly connectBytesMax: number;
  /** Bytes of all CONNECTs that one watch holds; the oldest attempt gives way. */
  readonly heldBytesMax: number;
  /** Bytes of a client ID or username. */
  readonly textBytesMax: number;
}

export const WATCH_LIMITS: WatchLimits = {
  watchesMax: 20,
  runningMs: 900_000,
  entriesMax: 500,
  connectBytesMax: 2_048,
  heldBytesMax: 524_288,
  textBytesMax: 1_024,
};

/** An attempt as the connection tells of it; `connect` is masked already (`maskConnect`). */
export interface WatchedAttempt extends Omit<WatchEntry, 'sequence' | 'connectHex' | 'connectBytes'> {
  readonly connect: Buffer | undefined;
}

/** What the connections see of the watches. Never waits, never throws. */
export interface WatchTap {
  /** Whether somebody watches this client or address: asked before anything is prepared for {@link observe}. */
  wants(clientId: string | null, ip: string): boolean;
  observe(attempt: WatchedAttempt): void;
}

interface Held {
  readonly attempt: WatchedAttempt;
  readonly sequence: number;
  readonly connectBytes: number;
}

interface Running {
  readonly id: string;
  readonly target: WatchTarget;
  readonly startedAt: number;
  readonly until: number;
  readonly held: Held[];
  heldBytes: number;
  observed: number;
}

/** Follows single clients and addresses, attempt by attempt, in a bounded memory (auth.md §10). */
export class WatchBook implements Watches, WatchTap {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #limits: WatchLimits;
  readonly #watches = new Map<string, Running>();

  constructor(clock: Pick<Clock, 'now'>, limits: Partial<WatchLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...WATCH_LIMITS, ...limits };
  }

  start(target: WatchTarget): Watch | null {
    this.#forgetOld();
    const now = this.#clock.now();
    for (const watch of this.#watches.values()) {
      if (watch.until > now && watch.target.kind === target.kind && watch.target.value === target.value) {
        return describe(watch);
      }
    }
    if (this.#watches.size >= this.#limits.watchesMax && !this.#forgetOneThatEnded(now)) return null;
    const watch: Running = {
      id: randomUUID(),
      target,
      startedAt: now,
      until: now + this.#limits.runningMs,
      held: [],
      heldBytes: 0,
      observed: 0,
    };
    this.#watches.set(watch.id, watch);
    return describe(watch);
  }

  list(): readonly Watch[] {
    this.#forgetOld();
    return [...this.#watches.values()].map(describe);
  }

  read(id: string, after: number): WatchRead | null {
    this.#forgetOld();
    const watch = this.#watches.get(id);
    if (watch === undefined) return null;
    const entries = watch.held.filter(({ sequence }) => sequence > after).map(toEntry);
    return { watch: describe(watch), entries };
  }

  stop(id: string): boolean {
    return this.#watches.delete(id);
  }

  wants(clientId: string | null, ip: string): boolean {
    if (this.#watches.size === 0) return false;
    return this.#following(clientId, ip).length > 0;
  }

  observe(attempt: WatchedAttempt): void {
    const watches = this.#following(attempt.clientId, attempt.ip);
    if (watches.length === 0) return;
    const kept = this.#keep(attempt);
    for (const watch of watches) this.#add(watch, kept, attempt.connect?.length ?? 0);
  }

  #following(clientId: string | null, ip: string): readonly Running[] {
    const now = this.#clock.now();
    return [...this.#watches.values()].filter(
      ({ until, target }) => until > now && target.value === (target.kind === 'ip' ? ip : clientId),
    );
  }

  #keep(attempt: WatchedAttempt): WatchedAttempt {
    const { textBytesMax, connectBytesMax } = this.#limits;
    const cut = (text: string | null): string | null => text && cutUtf8(text, textBytesMax).text;
    return {
      ...attempt,
      clientId: cut(attempt.clientId),
      username: attempt.username && cut(withoutToken(attempt.username)),
      // A copy, so that nothing larger is held by it.
      connect: attempt.connect && Buffer.from(attempt.connect.subarray(0, connectBytesMax)),
    };
  }

  #add(watch: Running, attempt: WatchedAttempt, connectBytes: number): void {
    watch.observed += 1;
    watch.held.push({ attempt, sequence: watch.observed, connectBytes });
    watch.heldBytes += attempt.connect?.length ?? 0;
    while (watch.held.length > this.#limits.entriesMax || watch.heldBytes > this.#limits.heldBytesMax) {
      watch.heldBytes -= watch.held.shift()?.attempt.connect?.length ?? 0;
    }
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const { id, until } of this.#watches.values()) {
      if (until + this.#limits.runningMs <= now) this.#watches.delete(id);
    }
  }

  #forgetOneThatEnded(now: number): boolean {
    for (const { id, until } of this.#watches.values()) {
      if (until <= now) return this.#watches.delete(id);
    }
    return false;
  }
}

function describe({ id, target, startedAt, until, held, observed }: Running): Watch {
  return { id, target, startedAt, until, entries: held.length, forgotten: observed - held.length };
}

function toEntry({ attempt, sequence, connectBytes }: Held): WatchEntry {
  const { connect, ...facts } = attempt;
  return { ...facts, sequence, connectHex: connect?.toString('hex') ?? null, connectBytes };
}
