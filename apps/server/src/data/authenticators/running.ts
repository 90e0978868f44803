import { rulingsOfEmqx43, type ChainStep, type Clock } from '@gatehouse/auth-core';
import type { AuthSetup, RawAuthenticator } from '@gatehouse/ports';
import type { AuthenticatorNeeds, RunningAuthenticator } from './kind.ts';
import { readAuthenticator } from './kinds.ts';

/** Milliseconds after which an authenticator that was replaced is closed: who is being asked about gets an answer. */
const CLOSE_AFTER_MS = 10_000;

/** A step of chains, for real and for dry runs, with what it runs on. */
export interface RunningStep {
  readonly step: ChainStep;
  /** Spends no guessing budget and leaves no evidence. */
  readonly rehearsal: ChainStep;
  readonly running: RunningAuthenticator;
}

interface Entry extends RunningStep {
  /** The settings it was made from, as text: it goes on while they stay the same. */
  readonly madeFrom: string;
}

/** The authenticators in force by name, each made once, whatever chains it is in. */
export class RunningAuthenticators {
  readonly #needs: AuthenticatorNeeds;
  readonly #clock: Clock;
  readonly #closing = new Set<() => Promise<void>>();
  #entries: ReadonlyMap<string, Entry> = new Map();

  constructor(needs: AuthenticatorNeeds) {
    this.#needs = needs;
    this.#clock = needs.clock;
  }

  /** Makes what is new or changed, and lets go of what is gone. */
  use(authenticators: AuthSetup['authenticators']): void {
    const before = this.#entries;
    this.#entries = new Map(
      Object.entries(authenticators).map(([name, raw]) => {
        const madeFrom = JSON.stringify(raw);
        const known = before.get(name);
        return [name, known?.madeFrom === madeFrom ? known : { ...stepOf(name, raw, this.#needs), madeFrom }];
      }),
    );
    for (const [name, entry] of before) {
      if (this.#entries.get(name) !== entry) this.#letGo(entry.running);
    }
  }

  /** The step of this name. One that is in no setup cannot find out about anybody: it fails closed. */
  get(name: string): RunningStep {
    return this.#entries.get(name) ?? brokenStep(name, 'unknown', 'there is no authenticator of this name');
  }

  running(name: string): RunningAuthenticator | undefined {
    return this.#entries.get(name)?.running;
  }

  async close(): Promise<void> {
    const closing = [...this.#closing, ...[...this.#entries.values()].map(({ running }) => running.close)];
    this.#entries = new Map();
    this.#closing.clear();
    await Promise.all(closing.map((close) => close()));
  }

  #letGo({ close }: RunningAuthenticator): void {
    this.#closing.add(close);
    this.#clock.after(CLOSE_AFTER_MS, () => {
      // Already closed with everything else.
      if (this.#closing.delete(close)) void close().catch(() => undefined);
    });
  }
}

/** One authenticator of these settings; settings that cannot be read give one that fails closed. */
export function stepOf(name: string, raw: RawAuthenticator, needs: AuthenticatorNeeds): RunningStep {
  const read = readAuthenticator(raw);
  if ('problems' in read) return brokenStep(name, raw.type, 'its settings cannot be read');
  const { settings, create } = read;
  const running = create(name, needs);
  const step: ChainStep = {
    authenticator: running.authenticator,
    enabled: settings.enabled,
    onError: settings.on_error,
    onMismatch: settings.on_mismatch,
    timeoutMs: settings.timeout_ms,
    ...(needs.preset === 'emqx_4_3' ? { rulings: rulingsOfPreset(raw) } : {}),
  };
  return { step, rehearsal: { ...step, authenticator: running.rehearsal }, running };
}

/** The matrix of EMQX 4.3; what the settings say themselves wins over it. */
function rulingsOfPreset(raw: RawAuthenticator): NonNullable<ChainStep['rulings']> {
  const said = (key: string): boolean => Object.hasOwn(raw, key);
  if (said('on_error') || said('on_mismatch')) return new Map();
  const hash = raw['password_hash'];
  return rulingsOfEmqx43(raw.type, hash === 'plain' || (hash === undefined && raw.type === 'redis'));
}

function brokenStep(name: string, type: string, problem: string): RunningStep {
  const authenticator = {
    name,
    type,
    check: () => ({ outcome: 'error', reason: 'AUTHENTICATOR_ERROR', detail: { problem } }) as const,
  };
  const running: RunningAuthenticator = {
    authenticator,
    rehearsal: authenticator,
    close: () => Promise.resolve(),
  };
  const step: ChainStep = {
    authenticator,
    enabled: true,
    onError: 'deny',
    onMismatch: 'deny',
    timeoutMs: 1_000,
  };
  return { step, rehearsal: step, running };
}
