import type { Limits } from '../config.ts';
import { mounted } from '../session/mountpoint.ts';
import type { Session } from '../session/session.ts';
import type { Counters } from '../telemetry/counters.ts';
import type { Message } from './message.ts';
import type { RetainedStore } from './retained.ts';
import type { RetainedWalk } from './retained-walk.ts';
import { deliverRetained } from './router.ts';

/** Retained topics looked at before the event loop gets its turn: well below a millisecond of matching. */
const SLICE_NODES_MAX = 1_024;

type RetainedBounds = Pick<Limits, 'retainedPerSubscribeMax'>;

/** What one SUBSCRIBE may still be given. */
interface Allowance {
  messages: number;
}

/** The filters of one session that are still owed their retained messages; each at most once. */
interface Job {
  readonly session: Session;
  readonly owed: Map<string, Allowance>;
  walk: { readonly filter: string; readonly allowance: Allowance; readonly walk: RetainedWalk } | undefined;
}

/**
 * Gives new subscriptions their retained messages: the first slice at once, the rest in later turns of the event loop,
 * one session after the other. What is owed is bounded by the session's subscriptions, what is found by
 * `retainedPerSubscribeMax`; nothing found is held.
 */
export class RetainedDelivery {
  readonly #retained: RetainedStore;
  readonly #bounds: RetainedBounds;
  readonly #counters: Pick<Counters, 'messages' | 'bounds'>;
  readonly #jobs = new Map<Session, Job>();
  #scheduled: NodeJS.Immediate | undefined;

  constructor(
    retained: RetainedStore,
    bounds: RetainedBounds,
    counters: Pick<Counters, 'messages' | 'bounds'>,
  ) {
    this.#retained = retained;
    this.#bounds = bounds;
    this.#counters = counters;
  }

  /** The filters of one SUBSCRIBE; the session holds subscriptions with them. */
  start(session: Session, filters: Iterable<string>): void {
    const allowance = { messages: this.#bounds.retainedPerSubscribeMax };
    const waiting = this.#jobs.get(session);
    const job = waiting ?? { session, owed: new Map<string, Allowance>(), walk: undefined };
    for (const filter of filters) job.owed.set(filter, allowance);
    if (waiting !== undefined || job.owed.size === 0) return;
    if (!this.#advance(job)) return;
    this.#jobs.set(session, job);
    this.#schedule();
  }

  /** Forgets everything: the broker has stopped. */
  stop(): void {
    clearImmediate(this.#scheduled);
    this.#jobs.clear();
  }

  #schedule(): void {
    this.#scheduled = setImmediate(() => {
      const [job] = this.#jobs.values();
      if (job === undefined) return;
      // Last in the row again, so that everybody's turn comes.
      this.#jobs.delete(job.session);
      if (this.#advance(job)) this.#jobs.set(job.session, job);
      if (this.#jobs.size > 0) this.#schedule();
    });
  }

  /** One slice; false when nothing is owed any more. */
  #advance(job: Job): boolean {
    for (let nodes = SLICE_NODES_MAX; nodes > 0;) {
      job.walk ??= this.#nextWalk(job);
      if (job.walk === undefined) return false;
      const { filter, allowance, walk } = job.walk;
      nodes = walk.advance(nodes, (message) => this.#give(job.session, filter, allowance, message));
      if (walk.done) job.walk = undefined;
    }
    return job.walk !== undefined || job.owed.size > 0;
  }

  /** False ends the walk: the subscription is gone (by the client, its rules, its session), or has had its share. */
  #give(session: Session, filter: string, allowance: Allowance, message: Message): boolean {
    const subscription = session.subscriptions.get(filter);
    if (subscription === undefined) return false;
    if (allowance.messages <= 0) {
      this.#counters.bounds.met('retainedPerSubscribeMax');
      this.#counters.messages.drop('retainedPerSubscribe');
      return false;
    }
    allowance.messages -= 1;
    deliverRetained(session, subscription, message);
    return true;
  }

  #nextWalk(job: Job): Job['walk'] {
    const [entry] = job.owed;
    if (entry === undefined) return undefined;
    const [filter, allowance] = entry;
    job.owed.delete(filter);
    return { filter, allowance, walk: this.#retained.walk(mounted(job.session.mountpoint, filter)) };
  }
}
