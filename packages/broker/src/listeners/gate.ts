import type { Clock } from '@gatehouse/ports';
import type { Limits } from '../config.ts';

type GateBounds = Pick<
  Limits,
  'connectionsMax' | 'connectionsPerIpMax' | 'halfOpenMax' | 'acceptRatePerSecondMax'
>;

/** A place at the table. Each method may be called more than once and counts once. */
export interface Admittance {
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
  readonly #byIp = new Map<string, number>();
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

  enter(ip: string): GateResult {
    const bound = this.#exceeded(ip);
    if (bound !== undefined) return { admitted: false, bound };
    this.#tokens -= 1;
    this.#open += 1;
    this.#halfOpen += 1;
    this.#byIp.set(ip, (this.#byIp.get(ip) ?? 0) + 1);
    return { admitted: true, place: this.#place(ip) };
  }

  #exceeded(ip: string): keyof GateBounds | undefined {
    const { connectionsMax, connectionsPerIpMax, halfOpenMax } = this.#bounds;
    this.#refill();
    if (this.#open >= connectionsMax) return 'connectionsMax';
    if (this.#halfOpen >= halfOpenMax) return 'halfOpenMax';
    if (connectionsPerIpMax > 0 && (this.#byIp.get(ip) ?? 0) >= connectionsPerIpMax)
      return 'connectionsPerIpMax';
    return this.#tokens < 1 ? 'acceptRatePerSecondMax' : undefined;
  }

  #refill(): void {
    const { acceptRatePerSecondMax: rate } = this.#bounds;
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(rate, this.#tokens + ((now - this.#filledAt) * rate) / 1_000);
    this.#filledAt = now;
  }

  #place(ip: string): Admittance {
    let halfOpen = true;
    let released = false;
    const online = (): void => {
      if (halfOpen) this.#halfOpen -= 1;
      halfOpen = false;
    };
    const release = (): void => {
      if (released) return;
      released = true;
      online();
      this.#open -= 1;
      const left = (this.#byIp.get(ip) ?? 1) - 1;
      if (left === 0) this.#byIp.delete(ip);
      else this.#byIp.set(ip, left);
    };
    return { online, release };
  }
}
