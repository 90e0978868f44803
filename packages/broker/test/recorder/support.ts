import type { AcceptedLogin, AttemptBatch, AttemptBatchText, Clock, RefusedAttempt } from '@gatehouse/ports';
import { createRecorder, type Recorder, type RecorderOptions } from '../../src/recorder/recorder.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  ms = 1_700_000_000_000;
  #timers: Timer[] = [];

  now(): number {
    return this.ms;
  }

  monotonic(): number {
    return this.ms;
  }

  get timers(): number {
    return this.#timers.length;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.ms + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Moves on, runs what is due, and lets promises settle. */
  async advance(ms: number): Promise<void> {
    this.ms += ms;
    const due = this.#timers.filter((timer) => timer.at <= this.ms);
    this.#timers = this.#timers.filter((timer) => timer.at > this.ms);
    for (const timer of due) timer.run();
    await settle();
  }
}

/** Lets everything run that waits for nothing but promises. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const refusal = (over: Partial<RefusedAttempt> = {}): RefusedAttempt => ({
  ref: 'ref-1',
  at: 1_700_000_000_000,
  reason: 'BASIC_PASSWORD_MISMATCH',
  detail: {},
  connackCode: 0x86,
  authenticator: 'builtin',
  clientId: 'pump-7',
  username: 'pump',
  passwordProvided: true,
  tlsUsed: false,
  ip: '192.0.2.7',
  listener: 'tcp',
  protocol: 5,
  keepAliveSeconds: 60,
  cleanStart: true,
  certificate: null,
  pskIdentity: null,
  trace: [
    {
      authenticator: 'builtin',
      type: 'builtin',
      outcome: 'deny',
      reason: 'BASIC_PASSWORD_MISMATCH',
      ms: 0.1,
    },
  ],
  ...over,
});

export const login = (over: Partial<AcceptedLogin> = {}): AcceptedLogin => ({
  at: 1_700_000_000_000,
  clientId: 'pump-7',
  username: 'pump',
  credentialId: 'c1',
  ip: '192.0.2.7',
  listener: 'tcp',
  tlsUsed: false,
  protocol: 5,
  ...over,
});

/** A store that can be made to fail or to wait. */
export class FakeStore {
  readonly batches: AttemptBatch[] = [];
  readonly tried: AttemptBatch[] = [];
  failing = false;
  #held: (() => void)[] | undefined;

  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const resume of held) resume();
  }

  flush = async (text: AttemptBatchText): Promise<void> => {
    const batch = JSON.parse(text) as AttemptBatch;
    this.tried.push(batch);
    const held = this.#held;
    if (held !== undefined) await new Promise<void>((resume) => held.push(resume));
    if (this.failing) throw new Error('disk full');
    this.batches.push(batch);
  };

  get deltas() {
    return this.batches.flatMap((batch) => batch.deltas);
  }

  get itemised(): number {
    return this.deltas.reduce((sum, delta) => sum + delta.attempts, 0);
  }

  get aggregated(): number {
    return this.batches.flatMap((batch) => batch.aggregates).reduce((sum, one) => sum + one.attempts, 0);
  }
}

export function make(options: Partial<RecorderOptions> = {}): {
  readonly recorder: Recorder;
  readonly store: FakeStore;
  readonly clock: ManualClock;
} {
  const store = new FakeStore();
  const clock = new ManualClock();
  return {
    recorder: createRecorder({ flush: store.flush, clock, node: 'node-a', ...options }),
    store,
    clock,
  };
}
