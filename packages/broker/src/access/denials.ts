import type { AccessAnswer, Principal } from '@gatehouse/auth-core';
import {
  type Clock,
  DENIAL_LIMITS,
  type DenialAggregate,
  type DenialBatch,
  type DenialDelta,
} from '@gatehouse/ports';
import { keyOf } from '../inspect/keys.ts';

/** Whose session it was. */
interface Denied {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly principal: Principal;
  readonly origin: { readonly ip: string } | undefined;
}

type Counted<T> = { -readonly [K in keyof T]: T[K] };

/**
 * What was denied and waits to be stored: publishes and subscriptions of clients that were let in, each with its count.
 * A storm of denials costs what they were about, never memory and never a count.
 */
export class DenialBook {
  readonly #entries = new Map<string, Counted<DenialDelta>>();
  /** At most one per action and stage. */
  readonly #aggregates = new Map<string, Counted<DenialAggregate>>();
  readonly #clock: Pick<Clock, 'now'>;
  #taken = new WeakSet<DenialBatch>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  record(
    session: Denied,
    action: DenialDelta['action'],
    topic: string,
    { rule, by }: Pick<AccessAnswer, 'rule' | 'by'>,
  ): void {
    const { clientId, username, principal, origin } = session;
    const at = this.#clock.now();
    this.#add({
      clientId: cut(clientId),
      username: username === undefined ? null : cut(username),
      principal: cut(`${principal.namespace}:${principal.subject}`),
      ip: origin?.ip ?? null,
      action,
      topic: cut(topic),
      by,
      rule:
        rule === null ? null : { id: rule.ruleId ?? null, permission: rule.permission, topic: rule.topic },
      count: 1,
      firstAt: at,
      lastAt: at,
    });
  }

  /** The next batch, whose keeping is now the caller's; undefined: nothing waits. */
  take(): DenialBatch | undefined {
    if (this.#entries.size === 0 && this.#aggregates.size === 0) return undefined;
    const denials: DenialDelta[] = [];
    for (const [key, entry] of this.#entries) {
      if (denials.length >= DENIAL_LIMITS.batchMax) break;
      denials.push(entry);
      this.#entries.delete(key);
    }
    const batch: DenialBatch = { denials, aggregates: [...this.#aggregates.values()] };
    this.#aggregates.clear();
    this.#taken.add(batch);
    return batch;
  }

  /** A batch that could not be stored waits again, unless what waited was discarded since it was taken. */
  putBack(batch: DenialBatch): void {
    if (!this.#taken.delete(batch)) return;
    for (const denial of batch.denials) this.#add(denial);
    for (const aggregate of batch.aggregates) this.#count(aggregate);
  }

  /** Forgets what waits, and what is put back of what was taken before. */
  discard(): void {
    this.#entries.clear();
    this.#aggregates.clear();
    this.#taken = new WeakSet();
  }

  #add(denial: DenialDelta): void {
    const { clientId, username, action, topic, by, rule } = denial;
    const key = keyOf(clientId, username ?? '', action, topic, by, rule?.id ?? rule?.topic ?? '');
    const known = this.#entries.get(key);
    if (known !== undefined) countOn(known, denial);
    else if (this.#entries.size < DENIAL_LIMITS.waitingMax) this.#entries.set(key, { ...denial });
    else this.#count(denial);
  }

  #count({ action, by, count, firstAt, lastAt }: DenialAggregate): void {
    const key = keyOf(action, by);
    const known = this.#aggregates.get(key);
    if (known === undefined) this.#aggregates.set(key, { action, by, count, firstAt, lastAt });
    else countOn(known, { count, firstAt, lastAt });
  }
}

const cut = (text: string): string => text.slice(0, DENIAL_LIMITS.textCharactersMax);

type Times = Pick<DenialAggregate, 'count' | 'firstAt' | 'lastAt'>;

function countOn(known: Counted<Times>, { count, firstAt, lastAt }: Times): void {
  known.count += count;
  known.firstAt = Math.min(known.firstAt, firstAt);
  known.lastAt = Math.max(known.lastAt, lastAt);
}
