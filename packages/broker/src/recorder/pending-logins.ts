import type { AcceptedLogin } from '@gatehouse/ports';
import { loginBytes } from './accounting.ts';

interface Pending {
  readonly sequence: number;
  readonly login: AcceptedLogin;
}

/** Good logins waiting to be flushed, the latest of each (client ID, username, address, proof of its handshake). */
export class PendingLogins {
  readonly #logins = new Map<string, Pending>();
  readonly #loginsMax: number;
  #bytes = 0;

  constructor(loginsMax: number) {
    this.#loginsMax = loginsMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#logins.size;
  }

  /** Sequence of the oldest login; infinite when there is none. */
  get oldest(): number {
    for (const pending of this.#logins.values()) return pending.sequence;
    return Infinity;
  }

  /** Left out when there is no room: its rows then stay open until the next login. */
  add(login: AcceptedLogin, sequence: number, roomBytes: number): void {
    const proof = login.fingerprint ?? login.pskIdentity ?? '';
    const key = [login.clientId, login.username ?? '', login.ip, proof].join('\0');
    const before = this.#logins.get(key);
    if (before !== undefined) this.#remove(key, before);
    if (this.#logins.size >= this.#loginsMax || loginBytes(login) > roomBytes) return;
    this.#logins.set(key, { sequence, login });
    this.#bytes += loginBytes(login);
  }

  /**
   * Removes and returns logins older than `before`: a login is never flushed ahead of a refusal that it followed, or
   * the row would be opened after it was resolved.
   */
  take(max: number, before: number): readonly AcceptedLogin[] {
    const taken: AcceptedLogin[] = [];
    for (const [key, pending] of this.#logins) {
      if (taken.length >= max || pending.sequence >= before) break;
      this.#remove(key, pending);
      taken.push(pending.login);
    }
    return taken;
  }

  #remove(key: string, pending: Pending): void {
    this.#logins.delete(key);
    this.#bytes -= loginBytes(pending.login);
  }
}
