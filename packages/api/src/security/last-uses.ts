import type { Clock } from '@gatehouse/auth-core';
import type { FastifyBaseLogger } from 'fastify';

export const LAST_USES = {
  /** Milliseconds: a key's or session's last use is written at most this often, also while it cannot be. */
  intervalMs: 60_000,
  /** Keys and sessions whose writing is remembered; beyond it the oldest is forgotten, and written again. */
  knownMax: 10_000,
} as const;

/** A key or a session as the store knows it. */
interface Used {
  readonly id: string;
  /** As stored; null: never. */
  readonly at: number | null;
}

/**
 * Notes when keys and sessions were last used. Nobody waits for it, and nobody is refused because it fails: on a disk
 * that takes nothing the last uses are known here alone, and sessions in use do not grow idle.
 */
export class LastUses {
  readonly #clock: Clock;
  readonly #log: Pick<FastifyBaseLogger, 'warn'>;
  readonly #noted = new Map<string, number>();

  constructor(clock: Clock, log: Pick<FastifyBaseLogger, 'warn'>) {
    this.#clock = clock;
    this.#log = log;
  }

  /** When it was last used, whether that could be written or not. */
  at({ id, at }: Used): number {
    return Math.max(at ?? 0, this.#noted.get(id) ?? 0);
  }

  /** Notes a use now; `write` is called when it is time to, and not waited for. */
  note(used: Used, write: (now: number) => Promise<void>): void {
    const now = this.#clock.now();
    if (now - this.at(used) <= LAST_USES.intervalMs) return;
    this.#noted.delete(used.id);
    this.#noted.set(used.id, now);
    const [oldest] = this.#noted.keys();
    if (this.#noted.size > LAST_USES.knownMax && oldest !== undefined) this.#noted.delete(oldest);
    write(now).catch((error: unknown) => {
      this.#log.warn({ err: error, id: used.id }, 'the last use of an API key or session was not stored');
    });
  }
}
