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
    return { admitted: true, place: new AcceptGate.#Place(this, ip) };
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

  #left(ip: string | undefined, isHalfOpen: boolean): void {
    if (isHalfOpen) this.#opened(ip);
    this.#open -= 1;
    this.#byIp.delete(ip);
  }

  #opened(ip: string | undefined): void {
    this.#halfOpen -= 1;
    this.#halfOpenByIp.delete(ip);
  }

  #moved(from: string | undefined, to: string): keyof GateBounds | undefined {
    const bound = this.#exceededBy(to);
    if (bound !== undefined) return bound;
    for (const count of [this.#byIp, this.#halfOpenByIp]) {
      count.delete(from);
      count.add(to);
    }
    return undefined;
  }

  /** One object per connection and no closures: in a storm thousands of them wait for their refusal. */
  static readonly #Place = class Place implements Admittance {
    readonly #gate: AcceptGate;
    #ip: string | undefined;
    #stage: 'half-open' | 'online' | 'left' = 'half-open';

    constructor(gate: AcceptGate, ip: string | undefined) {
      this.#gate = gate;
      this.#ip = ip;
    }

    get isHalfOpen(): boolean {
      return this.#stage === 'half-open';
    }

    move(ip: string): keyof GateBounds | undefined {
      if (ip === this.#ip || !this.isHalfOpen) return undefined;
      const bound = this.#gate.#moved(this.#ip, ip);
      if (bound === undefined) this.#ip = ip;
      return bound;
    }

    online(): void {
      if (!this.isHalfOpen) return;
      this.#stage = 'online';
      this.#gate.#opened(this.#ip);
    }

    release(): void {
      if (this.#stage === 'left') return;
      this.#gate.#left(this.#ip, this.isHalfOpen);
      this.#stage = 'left';
    }
  };
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
