import { Worker } from 'node:worker_threads';
import type { HashJob, WorkerReply } from './jobs.ts';

/** One worker thread with at most one job in flight; a worker that dies fails its job and is replaced for the next. */
export class WorkerSlot {
  readonly #url: URL;
  #worker: Worker | undefined;
  #done: ((reply: WorkerReply) => void) | undefined;
  #busyUntil = 0;

  constructor(url: URL) {
    this.#url = url;
  }

  get busy(): boolean {
    return this.#done !== undefined;
  }

  /** When the running job is expected to end, in monotonic milliseconds; 0 when idle. */
  get busyUntil(): number {
    return this.busy ? this.#busyUntil : 0;
  }

  run(job: HashJob, busyUntil: number, done: (reply: WorkerReply) => void): void {
    this.#done = done;
    this.#busyUntil = busyUntil;
    const worker = (this.#worker ??= this.#spawn());
    worker.ref();
    worker.postMessage(job);
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#settle({ failed: 'hashing is closed' });
    await worker?.terminate();
  }

  #spawn(): Worker {
    const worker = new Worker(this.#url);
    const lost = (why: string): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#settle({ failed: why });
    };
    worker.on('message', (reply: WorkerReply) => {
      // An idle worker does not keep the process alive.
      worker.unref();
      this.#settle(reply);
    });
    worker.on('error', (error) => lost(`the hash worker crashed: ${error.name}`));
    worker.on('exit', (code) => lost(`the hash worker ended with code ${code}`));
    return worker;
  }

  #settle(reply: WorkerReply): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(reply);
  }
}
