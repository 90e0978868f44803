import type { Session } from '../session/session.ts';
import type { Share, Subscription } from '../session/subscription.ts';
import { TopicTrie } from './topic-trie.ts';

/** The members of one group and filter, in the order in which their turn comes. */
export type Members = Map<Session, Subscription>;

/** A share: its group and the filter inside, and who is in it. */
export interface Group extends Share {
  readonly members: Members;
}

/** Says whether a member may be given the message at hand. */
type MayHave = (session: Session, subscription: Subscription) => boolean;

/** Subscriptions of which each message goes to one: by group and inner filter. */
export class SharedSubscriptions {
  readonly #groups = new TopicTrie<string, Group>();
  #size = 0;

  /** Subscriptions of all sessions. */
  get size(): number {
    return this.#size;
  }

  /** Adds a member, or replaces its subscription and lets it keep its turn. */
  set({ group, inner }: Share, session: Session, subscription: Subscription): void {
    const known = this.#groups.get(inner, group);
    const members: Members = known?.members ?? new Map<Session, Subscription>();
    if (!members.has(session)) this.#size += 1;
    members.set(session, subscription);
    if (known === undefined) this.#groups.set(inner, group, { group, inner, members });
  }

  delete({ group, inner }: Share, session: Session): void {
    const members = this.#groups.get(inner, group)?.members;
    if (members?.delete(session) !== true) return;
    this.#size -= 1;
    if (members.size === 0) this.#groups.delete(inner, group);
  }

  get({ group, inner }: Share): Group | undefined {
    return this.#groups.get(inner, group);
  }

  /** Each group that the topic concerns. */
  groupsOf(topic: string): readonly Group[] {
    if (this.#size === 0) return NONE;
    const groups: Group[] = [];
    this.#groups.match(topic, (_group, found) => {
      groups.push(found);
    });
    return groups;
  }
}

const NONE: readonly Group[] = [];

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
