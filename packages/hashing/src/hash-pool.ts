import type { Clock } from '@gatehouse/auth-core';
import { CostModel, type Cost } from './cost.ts';
import { HashWorkerError, type HashJob, type HashResult } from './jobs.ts';
import { HASHING_LIMITS } from './limits.ts';
import { WorkerSlot } from './worker-slot.ts';

/** Devices wait in one line, people (logins, new hashes) in another, so that a storm of the one does not starve the other. */
export type Lane = 'devices' | 'people';

export interface HashPoolOptions {
  readonly workers: number;
  readonly queueMsMax: number;
  readonly workerUrl: URL;
  readonly clock: Clock;
}

/** It waited longer than was expected when it came: whoever asked is told "busy", before anybody's patience ends. */
export interface TooLate {
  readonly kind: 'too-late';
}

const TOO_LATE: TooLate = { kind: 'too-late' };

interface Waiting {
  readonly job: HashJob;
  readonly cost: Cost;
  readonly estimateMs: number;
  /** When it began to wait, of the monotonic clock. */
  readonly since: number;
  readonly resolve: (result: HashResult | TooLate) => void;
  readonly reject: (error: Error) => void;
}

/** After so many jobs of devices in a row, one of people goes first. */
const PEOPLE_EVERY = 4;

/** Hash workers behind a queue that is bounded by time. Workers start with the first job that needs them. */
export class HashPool {
  readonly #lanes: Record<Lane, Waiting[]> = { devices: [], people: [] };
  readonly #slots: readonly WorkerSlot[];
  readonly #costs = new CostModel();
  readonly #options: HashPoolOptions;
  #waitingMs = 0;
  #sincePeople = 0;
  #closed = false;

  constructor(options: HashPoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.workers }, () => new WorkerSlot(options.workerUrl));
  }

  get queued(): number {
    return this.#lanes.devices.length + this.#lanes.people.length;
  }

  /** How long a new job would wait, in milliseconds. */
  get queueMs(): number {
    const now = this.#options.clock.monotonic();
    const running = this.#slots.map((slot) => Math.max(0, slot.busyUntil - now));
    const soonest = Math.min(...running);
    return this.#waitingMs / this.#slots.length + soonest;
  }

  /**
   * Rejects with a `HashWorkerError` when the worker fails or is closed. A device's job that has waited longer than the
   * queue's bound when its turn comes is not begun: the estimate was wrong, or the machine has other work.
   */
  run(job: HashJob, cost: Cost, lane: Lane): Promise<HashResult | TooLate> | 'busy' {
    if (this.#closed) return Promise.reject(new HashWorkerError('hashing is closed'));
    if (lane === 'devices' && this.queueMs > this.#options.queueMsMax) return 'busy';
    if (lane === 'people' && this.#lanes.people.length >= HASHING_LIMITS.peopleQueueMax) return 'busy';
    return new Promise((resolve, reject) => {
      const estimateMs = this.#costs.estimateMs(cost);
      const since = this.#options.clock.monotonic();
      this.#lanes[lane].push({ job, cost, estimateMs, since, resolve, reject });
      this.#waitingMs += estimateMs;
      this.#pump();
    });
  }

  /** Ends the workers; what waits or runs is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const waiting = [...this.#lanes.devices.splice(0), ...this.#lanes.people.splice(0)];
    this.#waitingMs = 0;
    for (const one of waiting) one.reject(new HashWorkerError('hashing is closed'));
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  #pump(): void {
    for (const slot of this.#slots) {
      if (slot.busy) continue;
      const next = this.#next();
      if (next === undefined) return;
      this.#start(slot, next);
    }
  }

  #next(): Waiting | undefined {
    this.#dismissTheLate();
    const { devices, people } = this.#lanes;
    const peopleFirst = this.#sincePeople >= PEOPLE_EVERY || devices.length === 0;
    const lane = peopleFirst && people.length > 0 ? people : devices;
    this.#sincePeople = lane === people ? 0 : this.#sincePeople + 1;
    return this.#take(lane);
  }

  #take(lane: Waiting[]): Waiting | undefined {
    const next = lane.shift();
    if (next !== undefined)
      this.#waitingMs = this.queued === 0 ? 0 : Math.max(0, this.#waitingMs - next.estimateMs);
    return next;
  }

  /** Of people there are few, and they wait for as long as they like. */
  #dismissTheLate(): void {
    const { devices } = this.#lanes;
    const oldest = this.#options.clock.monotonic() - this.#options.queueMsMax;
    while (devices[0] !== undefined && devices[0].since < oldest) this.#take(devices)?.resolve(TOO_LATE);
  }

  #start(slot: WorkerSlot, waiting: Waiting): void {
    slot.run(waiting.job, this.#options.clock.monotonic() + waiting.estimateMs, (reply) => {
      if ('failed' in reply) {
        waiting.reject(new HashWorkerError(reply.failed));
      } else {
        this.#costs.learn(waiting.cost, reply.ms);
        waiting.resolve(reply.result);
      }
      this.#pump();
    });
  }
}
