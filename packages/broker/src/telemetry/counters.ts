import type { Decision, ReasonCode, Trace, TraceStep } from '@gatehouse/auth-core';
import { REASONS, REQUIRE } from '@gatehouse/auth-core';
import type { AuthenticatorCounts, BrokerStats, Clock } from '@gatehouse/ports';
import { BoundCounters } from './bounds.ts';
import { MessageCounters } from './messages.ts';

/** Samples kept per authenticator for its percentiles. */
const SAMPLES_MAX = 512;

interface AuthenticatorCounters {
  readonly type: string;
  allow: number;
  deny: number;
  ignore: number;
  error: number;
  readonly samplesMs: number[];
  next: number;
  lastError: { readonly at: number; readonly text: string } | null;
}

/** What was decided, by whom; the composition adds what it knows of the authenticators in force. */
export type AuthCounts = Omit<BrokerStats['auth'], 'authenticators'> & {
  readonly authenticators: readonly AuthenticatorCounts[];
};

/** Everything the broker counts; labels come from closed sets or from configuration, never from clients. */
export class Counters {
  readonly messages = new MessageCounters();
  readonly bounds = new BoundCounters();
  /** Sockets that listeners accepted, those that a bound closed again among them. */
  sockets = 0;
  readonly #clock: Clock;
  readonly #byReason = new Map<ReasonCode, number>();
  readonly #authenticators = new Map<string, AuthenticatorCounters>();
  #accepted = 0;
  #acceptedAnonymous = 0;
  #refused = 0;
  #busy = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  accepted(anonymous: boolean): void {
    this.#accepted += 1;
    if (anonymous) this.#acceptedAnonymous += 1;
  }

  get logins(): number {
    return this.#accepted;
  }

  refused(reason: ReasonCode): void {
    this.#refused += 1;
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + 1);
  }

  busy(): void {
    this.#busy += 1;
  }

  /** Counts what each authenticator of the chain answered. */
  decided(decision: Decision): void {
    this.#trace(decision.trace);
  }

  auth(): AuthCounts {
    const refusedByFamily: Record<string, number> = {};
    for (const [reason, count] of this.#byReason) {
      const { family } = REASONS[reason];
      refusedByFamily[family] = (refusedByFamily[family] ?? 0) + count;
    }
    return {
      accepted: this.#accepted,
      acceptedAnonymous: this.#acceptedAnonymous,
      refused: this.#refused,
      busy: this.#busy,
      refusedByFamily,
      refusedByReason: Object.fromEntries(this.#byReason),
      authenticators: [...this.#authenticators].map(([name, counters]) => toStats(name, counters)),
    };
  }

  #trace(trace: Trace): void {
    for (const step of trace) {
      // A group is no authenticator: its members have lines of their own.
      if (step.outcome === 'not-asked' || step.outcome === 'busy' || step.type === REQUIRE) continue;
      const counters = this.#of(step);
      counters[step.outcome] += 1;
      counters.samplesMs[counters.next] = step.ms;
      counters.next = (counters.next + 1) % SAMPLES_MAX;
      if (step.outcome === 'error') {
        counters.lastError = { at: this.#clock.now(), text: step.reason ?? 'AUTHENTICATOR_ERROR' };
      }
    }
  }

  #of({ authenticator, type }: TraceStep): AuthenticatorCounters {
    const known = this.#authenticators.get(authenticator);
    if (known !== undefined) return known;
    const fresh: AuthenticatorCounters = {
      type,
      allow: 0,
      deny: 0,
      ignore: 0,
      error: 0,
      samplesMs: [],
      next: 0,
      lastError: null,
    };
    this.#authenticators.set(authenticator, fresh);
    return fresh;
  }
}

function toStats(name: string, counters: AuthenticatorCounters): AuthenticatorCounts {
  const { samplesMs, next: _next, ...rest } = counters;
  const sorted = samplesMs.toSorted((a, b) => a - b);
  return { name, ...rest, p50Ms: quantile(sorted, 0.5), p95Ms: quantile(sorted, 0.95) };
}

function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}
