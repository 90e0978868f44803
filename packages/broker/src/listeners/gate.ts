import type { Clock } from '@gatehouse/ports';
import type { Limits } from '../config.ts';

type GateBounds = Pick<
  Limits,
  'connectionsMax' | 'connectionsPerIpMax' | 'halfOpenMax' | 'halfOpenPerIpMax' | 'acceptRatePerSecondMax'
>;

/** A place at the table. Each method may be called more than once and counts once. */
export interface Admittance {
  /** The client is not admitted yet. */
  readonly isHalfOpen: boolean;
  /** A proxy has named the address it speaks for: the bound that forbids another one of it, if any. */
  move(ip: string): keyof GateBounds | undefined;
  /** The client is admitted: the place is half-open no longer. */
  online(): void;
  release(): void;
}

/** The place, or the name of the bound that forbids it. */
export type GateResult =
  | { readonly admitted: true; readonly place: Admittance }
  | { readonly admitted: false; readonly bound: keyof GateBounds };

/** Counts connections before anything is read from them (auth.md §1.1). */
export class AcceptGate {
  readonly #bounds: GateBounds;
  readonly #clock: Clock;
  readonly #byIp = new IpCount();
  readonly #halfOpenByIp = new IpCount();
  #open = 0;
  #halfOpen = 0;
  #tokens: number;
  #filledAt: number;

  constructor(bounds: GateBounds, clock: Clock) {
    this.#bounds = bounds;
    this.#clock = clock;
    this.#tokens = bounds.acceptRatePerSecondMax;
    this.#filledAt = clock.monotonic();
  }

  get open(): number {
    return this.#open;
  }

  get halfOpen(): number {
    return this.#halfOpen;
  }

  /** Without an address, which a trusted proxy is to name, no bound of one address applies yet. */
  enter(ip: string | undefined): GateResult {
    this.#refill();
    const bound = this.#exceeded() ?? this.#exceededBy(ip);
    if (bound !== undefined) return { admitted: false, bound };
    this.#tokens -= 1;
    this.#open += 1;
    this.#halfOpen += 1;
    this.#byIp.add(ip);
    this.#halfOpenByIp.add(ip);
    return { admitted: true, place: this.#place(ip) };
  }

  #exceeded(): keyof GateBounds | undefined {
    const { connectionsMax, halfOpenMax } = this.#bounds;
    if (this.#open >= connectionsMax) return 'connectionsMax';
    if (this.#halfOpen >= halfOpenMax) return 'halfOpenMax';
    return this.#tokens < 1 ? 'acceptRatePerSecondMax' : undefined;
  }

  #exceededBy(ip: string | undefined): keyof GateBounds | undefined {
    const { connectionsPerIpMax, halfOpenPerIpMax } = this.#bounds;
    if (connectionsPerIpMax > 0 && this.#byIp.of(ip) >= connectionsPerIpMax) return 'connectionsPerIpMax';
    if (halfOpenPerIpMax > 0 && this.#halfOpenByIp.of(ip) >= halfOpenPerIpMax) return 'halfOpenPerIpMax';
    return undefined;
  }

  #refill(): void {
    const { acceptRatePerSecondMax: rate } = this.#bounds;
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(rate, this.#tokens + ((now - this.#filledAt) * rate) / 1_000);
    this.#filledAt = now;
  }

  #place(entered: string | undefined): Admittance {
    let ip = entered;
    let halfOpen = true;
    let released = false;
    const online = (): void => {
      if (!halfOpen) return;
      halfOpen = false;
      this.#halfOpen -= 1;
      this.#halfOpenByIp.delete(ip);
    };
    const release = (): void => {
      if (released) return;
      released = true;
      online();
      this.#open -= 1;
      this.#byIp.delete(ip);
    };
    const move = (to: string): keyof GateBounds | undefined => {
      if (to === ip || !halfOpen) return undefined;
      const bound = this.#exceededBy(to);
      if (bound !== undefined) return bound;
      for (const count of [this.#byIp, this.#halfOpenByIp]) {
        count.delete(ip);
        count.add(to);
      }
      ip = to;
      return undefined;
    };
    return {
      online,
      release,
      move,
      get isHalfOpen() {
        return halfOpen;
      },
    };
  }
}

/** Connections by address; those without one are not counted. */
class IpCount {
  readonly #counts = new Map<string, number>();

  of(ip: string | undefined): number {
    return ip === undefined ? 0 : (this.#counts.get(ip) ?? 0);
  }

  add(ip: string | undefined): void {
    if (ip !== undefined) this.#counts.set(ip, this.of(ip) + 1);
  }

  delete(ip: string | undefined): void {
    if (ip === undefined) return;
    const left = this.of(ip) - 1;
    if (left <= 0) this.#counts.delete(ip);
    else this.#counts.set(ip, left);
  }
}
