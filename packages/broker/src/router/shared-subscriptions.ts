import type { Session } from '../session/session.ts';
import type { Share, Subscription } from '../session/subscription.ts';
import { TopicTrie } from './topic-trie.ts';

/** The members of one group and filter, in the order in which their turn comes. */
export type Members = Map<Session, Subscription>;

/** Says whether a member may be given the message at hand. */
type MayHave = (session: Session, subscription: Subscription) => boolean;

/** Subscriptions of which each message goes to one: by group and inner filter. */
export class SharedSubscriptions {
  readonly #groups = new TopicTrie<string, Members>();
  #size = 0;

  /** Subscriptions of all sessions. */
  get size(): number {
    return this.#size;
  }

  /** Adds a member, or replaces its subscription and lets it keep its turn. */
  set({ group, inner }: Share, session: Session, subscription: Subscription): void {
    const members: Members = this.#groups.get(inner, group) ?? new Map<Session, Subscription>();
    if (!members.has(session)) this.#size += 1;
    members.set(session, subscription);
    this.#groups.set(inner, group, members);
  }

  delete({ group, inner }: Share, session: Session): void {
    const members = this.#groups.get(inner, group);
    if (members?.delete(session) !== true) return;
    this.#size -= 1;
    if (members.size === 0) this.#groups.delete(inner, group);
  }

  /** The members of each group that the topic concerns. */
  groupsOf(topic: string): readonly Members[] {
    if (this.#size === 0) return NONE;
    const groups: Members[] = [];
    this.#groups.match(topic, (_group, members) => {
      groups.push(members);
    });
    return groups;
  }
}

const NONE: readonly Members[] = [];

/**
 * Who takes the next message: in turn those who are connected and keep up, else one who is connected, else one who is
 * away and has a queue.
 */
export function choose(members: Members, mayHave: MayHave): readonly [Session, Subscription] | undefined {
  let second: readonly [Session, Subscription] | undefined;
  for (const member of members) {
    const [session, subscription] = member;
    if (!mayHave(session, subscription)) continue;
    if (session.link?.congested === false) return takeTurn(members, member);
    if (second === undefined || (second[0].link === undefined && session.link !== undefined)) second = member;
  }
  return second && takeTurn(members, second);
}

/** Who was chosen is last in the row again. */
function takeTurn(
  members: Members,
  chosen: readonly [Session, Subscription],
): readonly [Session, Subscription] {
  members.delete(chosen[0]);
  members.set(...chosen);
  return chosen;
}
