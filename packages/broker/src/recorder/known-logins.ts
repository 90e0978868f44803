import type { AcceptedLogin, LastGoodLogin } from '@gatehouse/ports';
import { loginBytes } from './accounting.ts';
import type { RecorderLimits } from './limits.ts';
import { Lru } from './lru.ts';
import type { PlainAttempt } from './plain-attempt.ts';

/** The last good logins by client ID and by username, bounded; what a refusal is compared with (auth.md §10). */
export class KnownLogins {
  readonly #byClientId: Lru<string, AcceptedLogin>;
  readonly #byUsername: Lru<string, AcceptedLogin>;
  readonly #limits: RecorderLimits;
  #bytes = 0;

  constructor(limits: RecorderLimits) {
    const forgotten = (login: AcceptedLogin): void => {
      this.#bytes -= loginBytes(login);
    };
    this.#limits = limits;
    this.#byClientId = new Lru(limits.loginsKnownMax, forgotten);
    this.#byUsername = new Lru(limits.loginsKnownMax, forgotten);
  }

  /** Accounted bytes; a login found by both of its names counts twice. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Not remembered when its texts are long or `room` bytes do not hold it. */
  add(login: AcceptedLogin, room: number): void {
    const { clientIdBytesMax, textBytesMax } = this.#limits;
    if (2 * loginBytes(login) > room) return;
    if (login.clientId.length > clientIdBytesMax || (login.username?.length ?? 0) > textBytesMax) return;
    this.#byClientId.set(login.clientId, login);
    this.#bytes += loginBytes(login);
    if (login.username === null) return;
    this.#byUsername.set(login.username, login);
    this.#bytes += loginBytes(login);
  }

  /** The last good login of this client ID, else of this username, and what the refused attempt has different. */
  compare(attempt: PlainAttempt): LastGoodLogin | null {
    const { clientId, username } = attempt;
    const byClientId = clientId === null ? undefined : this.#byClientId.get(clientId);
    const login = byClientId ?? (username === null ? undefined : this.#byUsername.get(username));
    if (login === undefined) return null;

    const facts: readonly (readonly [LastGoodLogin['differs'][number], boolean])[] = [
      ['ip', login.ip !== attempt.ip],
      ['listener', login.listener !== attempt.listener],
      ['tls', login.tlsUsed !== attempt.tlsUsed],
      ['protocol', attempt.protocol !== null && login.protocol !== attempt.protocol],
      ['clientId', login.clientId !== clientId],
      ['certificate', login.serialNumber !== attempt.certificate?.serialNumber],
    ];
    const { at, ip, listener, tlsUsed, protocol, serialNumber } = login;
    const differs = facts.filter(([, different]) => different).map(([name]) => name);
    return {
      ...{ at, ip, listener, tlsUsed, protocol, clientId: login.clientId, differs },
      ...(login.username === null ? {} : { username: login.username }),
      ...(serialNumber === undefined ? {} : { serialNumber }),
    };
  }
}
