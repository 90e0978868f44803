import type { AccessAnswer } from '@gatehouse/auth-core';
import type { Clock, Denial, DenialFilter } from '@gatehouse/ports';
import { keyOf } from '../inspect/keys.ts';
import type { Query } from '../inspect/scan.ts';
import { isAsked } from '../inspect/text.ts';
import type { Session } from '../session/session.ts';

/** Bounds of what is remembered of denials. */
const DENIAL_LIMITS = {
  /** Denials that are told apart; the one that was quiet for longest gives way. */
  entriesMax: 2_000,
  /** Characters of a client ID, username or topic that are kept. */
  textCharactersMax: 512,
} as const;

/** A denial that is counted on. */
type Counted = { -readonly [K in keyof Denial]: Denial[K] };

/** What was denied: publishes and subscriptions of clients that were let in, each with its count. */
export class DenialBook {
  readonly #entries = new Map<string, Counted>();
  readonly #clock: Pick<Clock, 'now'>;
  #lastId = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  record(
    session: Pick<Session, 'clientId' | 'username' | 'principal' | 'origin'>,
    action: Denial['action'],
    topic: string,
    { rule, by }: Pick<AccessAnswer, 'rule' | 'by'>,
  ): void {
    const { clientId, username, principal, origin } = session;
    const key = keyOf(clientId, username ?? '', action, topic, by, rule?.ruleId ?? rule?.topic ?? '');
    const known = this.#entries.get(key);
    const at = this.#clock.now();
    if (known !== undefined) {
      known.count += 1;
      known.lastAt = at;
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return;
    }
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= DENIAL_LIMITS.entriesMax && oldest !== undefined) this.#entries.delete(oldest);
    this.#lastId += 1;
    this.#entries.set(key, {
      id: String(this.#lastId),
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

  values(): IterableIterator<Denial> {
    return this.#entries.values();
  }

  /** Forgets them all, and says how many. */
  clear(): number {
    const { size } = this.#entries;
    this.#entries.clear();
    return size;
  }
}

const cut = (text: string): string => text.slice(0, DENIAL_LIMITS.textCharactersMax);

/** Denials by when they came last. */
export const denialQuery = (filter: DenialFilter): Query<Denial, Denial> => ({
  keyOf: ({ lastAt, id }) => keyOf(lastAt, Number(id)),
  matches: ({ clientId, username, topic, action }) =>
    isAsked(clientId, filter.clientId) &&
    (filter.username === undefined || (username !== null && isAsked(username, filter.username))) &&
    isAsked(topic, filter.topic) &&
    (filter.action === undefined || action === filter.action),
  present: (denial) => ({ ...denial }),
});
