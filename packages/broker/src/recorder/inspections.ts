import { Secret } from '@gatehouse/auth-core';
import type { MismatchHint } from '@gatehouse/ports';
import type { AttemptInspector, Mismatch } from './attempt-inspector.ts';

interface Waiting {
  readonly key: string;
  readonly mismatch: Mismatch;
}

/** Longer passwords are not inspected. */
const SECRET_BYTES_MAX = 1_024;

/** Mismatches waiting for the inspector, one at a time; what does not fit is not inspected. */
export class Inspections {
  readonly #inspector: AttemptInspector;
  readonly #max: number;
  readonly #found: (key: string, hints: readonly MismatchHint[]) => void;
  readonly #waiting: Waiting[] = [];
  #running = false;

  constructor(
    inspector: AttemptInspector,
    max: number,
    found: (key: string, hints: readonly MismatchHint[]) => void,
  ) {
    this.#inspector = inspector;
    this.#max = max;
    this.#found = found;
  }

  /** Takes a copy of the secret, which is wiped when it has been inspected. */
  offer(key: string, clientId: string, username: string | null, secret: Uint8Array): void {
    if (this.#waiting.length >= this.#max || secret.length > SECRET_BYTES_MAX) return;
    this.#waiting.push({ key, mismatch: { clientId, username, secret: new Secret(secret.slice()) } });
    if (!this.#running) void this.#run();
  }

  /** Forgets what waits, secrets included. */
  clear(): void {
    for (const { mismatch } of this.#waiting.splice(0)) mismatch.secret.reveal().fill(0);
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { key, mismatch } = next;
      try {
        const hints = await this.#inspector.hints(mismatch);
        if (hints.length > 0) this.#found(key, hints);
      } catch {
        // Evidence is a help, not a promise: without it the row simply has no hint.
      } finally {
        mismatch.secret.reveal().fill(0);
      }
    }
    this.#running = false;
  }
}
