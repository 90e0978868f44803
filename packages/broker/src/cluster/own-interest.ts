import type { Bus, Interest } from '@gatehouse/ports';
import { mounted } from '../session/mountpoint.ts';
import type { Session } from '../session/session.ts';
import type { Subscription } from '../session/subscription.ts';
import { keyOf, type SharedBatch } from './batch.ts';

/** What a subscription is to other nodes. */
export const interestOf = ({ mountpoint }: Session, { filter, share }: Subscription): Interest =>
  share === undefined
    ? { group: '', filter: mounted(mountpoint, filter) }
    : { group: share.group, filter: mounted(mountpoint, share.inner) };

/** Whether the others know its filters from the database, and its messages come as letters: one that was to be kept stays so. */
export const isKept = ({ wasKept }: Session): boolean => wasKept;

/** What this node tells the others of its sessions' subscriptions: through its journal, and to the bus. */
export class OwnInterest {
  readonly #bus: Bus;
  readonly #batch: () => SharedBatch | undefined;
  /** Subscriptions by key: those that the database knows of. */
  readonly #kept = new Map<string, { readonly interest: Interest; count: number }>();
  /** By filter: those that the bus listens for. */
  readonly #listened = new Map<string, number>();
  /** What was counted of a session: whether it is kept may change while it lives. */
  readonly #counted = new Map<Session, Set<string>>();
  /** Filters on their way to the bus. */
  #listening: Promise<unknown> | undefined;

  constructor(bus: Bus, batch: () => SharedBatch | undefined) {
    this.#bus = bus;
    this.#batch = batch;
  }

  /** Resolves when the bus has every filter so far; undefined: it has. */
  get listening(): Promise<unknown> | undefined {
    return this.#listening;
  }

  /** All that the database is to know. */
  get kept(): readonly Interest[] {
    return [...this.#kept.values()].map(({ interest }) => interest);
  }

  /** A subscription that was not there before. */
  subscribed(session: Session, subscription: Subscription): void {
    const interest = interestOf(session, subscription);
    if (interest.group === '') this.#listen(interest.filter);
    if (interest.group === '' && !isKept(session)) return;
    const counted = this.#counted.get(session) ?? new Set<string>();
    this.#counted.set(session, counted.add(subscription.filter));
    const key = keyOf(interest);
    const known = this.#kept.get(key);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    this.#kept.set(key, { interest, count: 1 });
    this.#batch()?.interest.set(key, { interest, live: true });
  }

  /** It is gone. */
  unsubscribed(session: Session, subscription: Subscription): void {
    const interest = interestOf(session, subscription);
    if (interest.group === '') this.#unlisten(interest.filter);
    const counted = this.#counted.get(session);
    if (counted?.delete(subscription.filter) !== true) return;
    if (counted.size === 0) this.#counted.delete(session);
    const key = keyOf(interest);
    const known = this.#kept.get(key);
    if (known === undefined) return;
    known.count -= 1;
    if (known.count > 0) return;
    this.#kept.delete(key);
    this.#batch()?.interest.set(key, { interest, live: false });
  }

  #listen(filter: string): void {
    const count = this.#listened.get(filter) ?? 0;
    this.#listened.set(filter, count + 1);
    if (count > 0) return;
    const all = Promise.all([this.#listening, this.#bus.listen(filter)]);
    this.#listening = all;
    const settled = (): void => {
      if (this.#listening === all) this.#listening = undefined;
    };
    all.then(settled, settled);
  }

  #unlisten(filter: string): void {
    const count = this.#listened.get(filter) ?? 0;
    if (count > 1) {
      this.#listened.set(filter, count - 1);
      return;
    }
    this.#listened.delete(filter);
    this.#bus.unlisten(filter);
  }
}
