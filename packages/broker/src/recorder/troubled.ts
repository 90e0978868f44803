import type { AcceptedLogin, Clock, Trouble, TroubledClient, TroubledClients } from '@gatehouse/ports';
import { intervalOf } from './evidence.ts';
import { Lru } from './lru.ts';
import { cutUtf8 } from './text.ts';

/** Every bound of the book of troubled clients, each with its unit in its name. */
export interface TroubledLimits {
  /** Client IDs whose logins are remembered; the one that came longest ago goes first. */
  readonly clientsMax: number;
  /** Milliseconds without a login after which a client is in trouble no longer. */
  readonly quietMs: number;
  /** Logins within `quietMs` of each other that are a loop. */
  readonly loopLoginsMin: number;
  /** Takeovers among them that are a war. */
  readonly warTakeoversMin: number;
  /** Login times kept per client. */
  readonly timesMax: number;
  readonly ipsMax: number;
  readonly listedMax: number;
  /** Longer client IDs and usernames are shown cut. */
  readonly textBytesMax: number;
}

export const TROUBLED_LIMITS: TroubledLimits = {
  clientsMax: 10_000,
  quietMs: 300_000,
  loopLoginsMin: 10,
  warTakeoversMin: 4,
  timesMax: 16,
  ipsMax: 8,
  listedMax: 100,
  textBytesMax: 1_024,
};

interface Known {
  readonly clientId: string;
  username: string | null;
  listener: string;
  logins: number;
  takeovers: number;
  /** Logins that ended well. */
  settled: number;
  readonly since: number;
  /** Oldest first. */
  readonly times: number[];
  /** Newest first. */
  readonly ips: string[];
}

/**
 * Notices clients that are let in and fail all the same (auth.md §10): two devices with one client ID, each ending the
 * other's connection, and one that is let in again and again. Bounded in clients; holds nothing secret.
 */
export class TroubledBook {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #limits: TroubledLimits;
  readonly #clients: Lru<string, Known>;

  constructor(clock: Pick<Clock, 'now'>, limits: Partial<TroubledLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...TROUBLED_LIMITS, ...limits };
    this.#clients = new Lru(this.#limits.clientsMax, () => undefined);
  }

  /** Takes in a login. Never waits, never throws. */
  accepted({ clientId, username, ip, listener, at, tookOver }: AcceptedLogin): void {
    const { quietMs, textBytesMax, timesMax, ipsMax } = this.#limits;
    const key = cutUtf8(clientId, textBytesMax).text;
    const before = this.#clients.get(key);
    const known = before !== undefined && at - newestOf(before) <= quietMs ? before : begin(key, at);
    if (known !== before) this.#clients.set(key, known);
    known.username = username && cutUtf8(username, textBytesMax).text;
    known.listener = listener;
    known.logins += 1;
    if (tookOver === true) known.takeovers += 1;
    known.times.push(at);
    if (known.times.length > timesMax) known.times.shift();
    const place = known.ips.indexOf(ip);
    if (place >= 0) known.ips.splice(place, 1);
    known.ips.unshift(ip);
    known.ips.length = Math.min(known.ips.length, ipsMax);
  }

  /**
   * It took its leave with DISCONNECT after it had sent or got something: a device that sleeps between its messages, and
   * whose login was none of a loop. Which took over another connection stays one of a war.
   */
  left(clientId: string): void {
    const key = cutUtf8(clientId, this.#limits.textBytesMax).text;
    const known = this.#clients.get(key);
    if (known === undefined || known.settled >= known.logins) return;
    known.settled += 1;
  }

  list(): TroubledClients {
    const { quietMs, listedMax } = this.#limits;
    const now = this.#clock.now();
    const items = [...this.#clients.values()]
      .filter((known) => now - newestOf(known) <= quietMs)
      .flatMap((known) => this.#describe(known))
      .toSorted((a, b) => b.lastAt - a.lastAt);
    return { items: items.slice(0, listedMax), complete: items.length <= listedMax };
  }

  #describe(known: Known): readonly TroubledClient[] {
    const trouble = this.#troubleOf(known);
    if (trouble === undefined) return [];
    const { clientId, username, listener, logins, takeovers, since, times, ips } = known;
    const interval = intervalOf(times);
    const lastAt = newestOf(known);
    return [
      { clientId, username, trouble, logins, takeovers, since, lastAt, ips: [...ips], listener, interval },
    ];
  }

  #troubleOf({ logins, takeovers, settled }: Known): Trouble | undefined {
    if (takeovers >= this.#limits.warTakeoversMin) return 'takeover-war';
    return logins - settled >= this.#limits.loopLoginsMin ? 'connect-loop' : undefined;
  }
}

const begin = (clientId: string, at: number): Known => ({
  clientId,
  username: null,
  listener: '',
  logins: 0,
  takeovers: 0,
  settled: 0,
  since: at,
  times: [],
  ips: [],
});

const newestOf = ({ times, since }: Known): number => times.at(-1) ?? since;
