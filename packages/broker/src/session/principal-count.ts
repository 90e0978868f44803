import type { Principal } from '@gatehouse/auth-core';
import type { Session } from './session.ts';

/** Counts sessions by whose they are. */
export class PrincipalCount {
  readonly #max: number;
  readonly #counts = new Map<string, number>();
  /** Under which principal a session was counted: a new grant may name it otherwise. */
  readonly #keys = new Map<Session, string>();

  /** `max` 0 sets no bound. */
  constructor(max: number) {
    this.#max = max;
  }

  hasRoom(principal: Principal): boolean {
    return this.#max === 0 || (this.#counts.get(keyOf(principal)) ?? 0) < this.#max;
  }

  /** Counts a session once. */
  add(session: Session): void {
    if (this.#keys.has(session)) return;
    const key = keyOf(session.principal);
    this.#keys.set(session, key);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  delete(session: Session): void {
    const key = this.#keys.get(session);
    if (key === undefined) return;
    this.#keys.delete(session);
    const left = (this.#counts.get(key) ?? 1) - 1;
    if (left === 0) this.#counts.delete(key);
    else this.#counts.set(key, left);
  }
}

const keyOf = ({ namespace, subject }: Principal): string => `${namespace}\0${subject}`;
