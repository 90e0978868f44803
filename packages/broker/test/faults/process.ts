import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('broker-process.mjs', import.meta.url));

/** Where a broker kills itself: before or after the commit of the nth batch with a record of this kind. */
export interface KillPoint {
  readonly side: 'before' | 'after';
  readonly kind: string;
  readonly nth: number;
}

/** A broker in a process of its own that can be killed and started again over the same journal. */
export class MortalBroker {
  readonly #folder = mkdtempSync(join(tmpdir(), 'gatehouse-faults-'));
  #child: ChildProcess | undefined;
  readonly #log: string[] = [];
  #logged: (() => void) | undefined;
  port = 0;

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The line of its log that has this text; waits for it. */
  async said(text: string): Promise<string> {
    for (;;) {
      const line = this.#log.find((one) => one.includes(text));
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        this.#logged = resolve;
      });
    }
  }

  async start(point?: KillPoint): Promise<void> {
    const trap = point === undefined ? [] : [point.side, point.kind, String(point.nth)];
    const child = spawn(process.execPath, [SCRIPT, this.#folder, ...trap], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#log.push(line);
      this.#logged?.();
    });
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, 'line')) as [string];
    this.port = Number(line);
  }

  /** Resolves when the process is gone. */
  async died(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await once(child, 'exit');
  }

  async kill(): Promise<void> {
    const gone = this.died();
    this.#child?.kill('SIGKILL');
    await gone;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
