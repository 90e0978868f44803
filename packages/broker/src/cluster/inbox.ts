import { type Interest, type JournalStore, type Letter, LockLost } from '@gatehouse/ports';
import type { ClusterLinks } from '../config.ts';
import { recover, type Recovered, type RecoveredSession } from '../journal/recovery.ts';
import { fill } from '../journal/restore.ts';
import { writeSession } from '../journal/snapshot.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import { isExpired, type Message } from '../router/message.ts';
import { Router } from '../router/router.ts';
import type { CloseCause } from '../session/link.ts';
import type { Session } from '../session/session.ts';
import type { Departure, SharedBatch } from './batch.ts';
import type { Claims } from './claims.ts';
import { type Content, writeNothing, writeSession as writeSessionLetter } from './letters.ts';
import { interestOf, isKept } from './own-interest.ts';
import type { ClusterNeeds } from './needs.ts';
import type { RemoteInterest } from './remote-interest.ts';
import type { RetainedExchange } from './retained-exchange.ts';

/** Milliseconds until a lock that the database let go of is taken again; twice as many each time it does. */
const LOCK_AGAIN_MS = 100;
const LOCK_AGAIN_MS_MAX = 5_000;
/** Letters that are remembered as taken: more than any reading can bring again. */
const REMEMBERED_MAX = 65_536;

const ELSEWHERE: CloseCause = {
  code: ReasonCode.sessionTakenOver,
  what: 'session-taken-over',
  publishWill: true,
};

/** What reading letters needs of the node. */
export interface InboxHouse {
  readonly node: string;
  readonly claims: Claims;
  readonly remote: RemoteInterest;
  readonly retained: RetainedExchange;
  /** Nobody else publishes or subscribes for now. */
  isLocked: boolean;
  /** A letter that some node wrote, taken apart; undefined when it cannot be read, which is told. */
  read(letter: Pick<Letter, 'bytes'>): Content | undefined;
  /** A message of a share goes to a member of another node, and no further. */
  handOn(share: Interest, message: Message, to: string): void;
  /** Says anew who gets the messages that are not committed. */
  rematch(): void;
}

interface Yield {
  readonly clientId: string;
  readonly to: string;
}

/** A session that has come, and as what. */
interface Come {
  readonly session: Session;
  readonly found: RecoveredSession;
}

/** A node that is gone, and its sessions. */
interface Dead {
  readonly node: string;
  readonly recovered: Recovered;
  hasCome: boolean;
  /** Its sessions, as far as they are here. */
  readonly sessions: Set<Session>;
  /** Those of them that have to be gone on with. */
  readonly come: Come[];
}

/**
 * What other nodes have written to this one, and sessions that come and go. Nothing of it happens while a batch is on its
 * way: the messages of the batch that forms are known not to be committed, so that a session that comes is owed them.
 */
export class Inbox {
  readonly #context: ClusterNeeds;
  readonly #parts: ClusterLinks;
  readonly #peers: InboxHouse;
  /** Has the rules of a session that comes with a will read again. */
  readonly review: (session: Session) => void;
  /** Letters that were taken of late. */
  readonly #taken = new Set<number>();
  /** Those of them whose batch is not committed. */
  readonly #unconfirmed = new Set<number>();
  /** Sessions that go, until that is committed: a lock that was lost may bring them more. */
  #going = new Router();
  /** Of the messages that are not committed, how many they have, or need not have. */
  #owedToGoing = 0;
  #yields: Yield[] = [];
  /** The sessions of this node have their wills again: before that none goes. */
  isReady = false;
  #reading: Promise<void> | undefined;
  #again = false;

  constructor(context: ClusterNeeds, parts: ClusterLinks, peers: InboxHouse, review: Inbox['review']) {
    this.#context = context;
    this.#parts = parts;
    this.#peers = peers;
    this.review = review;
  }

  get unconfirmed(): readonly number[] {
    return [...this.#unconfirmed];
  }

  /** Reads what has come. While it is at it, another reading follows. */
  read(): Promise<void> {
    if (this.#reading !== undefined) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Does what the letters say; for a section of the journal. */
  take(letters: readonly Letter[], dead?: Dead): void {
    for (const letter of letters) {
      if (this.#taken.has(letter.id) || this.#unconfirmed.has(letter.id)) continue;
      this.#remember(letter.id);
      const content = this.#peers.read(letter);
      const isForDead = dead !== undefined && letter.to === dead.node;
      if (content !== undefined) this.#do(content, isForDead ? dead : undefined);
    }
  }

  /** A batch is committed: what it took is gone, and so are the sessions that went with it. */
  landed({ taken, departures }: SharedBatch): void {
    for (const id of taken) this.#unconfirmed.delete(id);
    if (departures.length === 0) return;
    for (const { gone } of departures) gone();
    this.#going = new Router();
  }

  /** Goes on with what a node held that is gone. */
  async inherit(node: string, journal: JournalStore): Promise<{ readonly sessions: number }> {
    const recovered = await recover(journal, this.#context.clock, 'foreign');
    const dead: Dead = { node, recovered, hasCome: false, sessions: new Set(), come: [] };
    await this.#context.journal.section(() => this.#locked(dead));
    return { sessions: dead.sessions.size };
  }

  async #readAll(): Promise<void> {
    const { journal } = this.#context;
    do {
      this.#again = false;
      const letters = await this.#parts.journal.letters(this.unconfirmed);
      if (letters.length === 0) continue;
      await journal.section(() => {
        this.take(letters);
      });
      while (this.isReady && this.#yields.length > 0) await journal.section(() => this.#locked(undefined));
      this.#again = true;
    } while (this.#again);
  }

  #remember(id: number): void {
    this.#taken.add(id);
    this.#unconfirmed.add(id);
    this.#context.journal.shared?.taken.push(id);
    if (this.#taken.size <= REMEMBERED_MAX) return;
    for (const old of this.#taken) {
      if (this.#taken.size <= REMEMBERED_MAX / 2) return;
      this.#taken.delete(old);
    }
  }

  #do(content: Content, dead: Dead | undefined): void {
    switch (content.kind) {
      case 'messages':
        for (const message of content.messages) this.#deliver(message, dead?.sessions);
        return;
      case 'share':
        this.#toMember(content);
        return;
      case 'session':
        if (dead === undefined) this.#settle(this.#arrive(content.found), this.#uncommitted());
        else this.#comeTo(dead, content.found);
        return;
      case 'nothing':
        if (!this.#peers.claims.gained(content.clientId) && !this.#has(content.clientId))
          this.#peers.claims.release(content.clientId);
        return;
      case 'yield':
        this.#give(content);
    }
  }

  #has(clientId: string): boolean {
    return this.#context.registry.get(clientId) !== undefined;
  }

  #deliver(message: Message, among: ReadonlySet<Session> | undefined): void {
    const { router, clock } = this.#context;
    if (isExpired(message, clock)) return;
    router.receive(message, (session) => isKept(session) && (among?.has(session) ?? true));
    this.#going.publish(message);
  }

  /** To a member who is connected, else to another node that has one; at the second node to anybody. */
  #toMember({ share, final, message }: Extract<Content, { kind: 'share' }>): void {
    const { router, counters } = this.#context;
    if (router.publishToShare(share, message, !final)) return;
    const others = [...this.#peers.remote.nodesOfShare(share)];
    const next = others[message.topic.length % Math.max(1, others.length)];
    if (!final && next !== undefined) {
      this.#peers.handOn(share, message, next);
      return;
    }
    if (!router.publishToShare(share, message, false)) counters.messages.drop('offline');
  }

  /** A session comes, as its node left it. */
  #arrive(found: RecoveredSession): Come {
    const { registry } = this.#context;
    const { clientId } = found.head;
    const before = registry.get(clientId);
    this.#peers.claims.lost(clientId);
    if (before !== undefined) registry.end(before);
    const session = registry.restore(registry.freshId(), found.head, (restored) => {
      fill(this.#context, found, restored);
    });
    writeSession(this.#context, session);
    this.#peers.claims.gained(clientId);
    return { session, found };
  }

  /** It goes on: it is owed what was published here and is not committed; then its will and its end are due. */
  #settle({ session, found }: Come, uncommitted: readonly Message[]): void {
    const { registry, router } = this.#context;
    for (const message of uncommitted) router.receive(message, (receiver) => receiver === session);
    if (found.head.pendingWill !== undefined) this.review(session);
    registry.settle(session, found.head);
  }

  /** What this node's clients have published so far, and is not committed. */
  #uncommitted(): readonly Message[] {
    return (this.#context.journal.shared?.outbound ?? []).map(({ message }) => message);
  }

  /** Somebody has come to another node: what there is of it goes there. What holds nothing goes without a lock. */
  #give({ clientId, to }: Yield): void {
    const { registry, journal } = this.#context;
    if (to === this.#peers.node) {
      // It had asked a node whose sessions it has inherited since.
      this.#peers.claims.gained(clientId);
      return;
    }
    const session = registry.get(clientId);
    if ((session !== undefined && isKept(session)) || this.#isGoing(clientId)) {
      this.#yields.push({ clientId, to });
      return;
    }
    this.#peers.claims.lost(clientId);
    session?.link?.close(ELSEWHERE);
    journal.shared?.departures.push(withNothing({ clientId, to }));
  }

  /** Nobody publishes or subscribes while sessions go, or those of a dead node come. */
  async #locked(dead: Dead | undefined): Promise<void> {
    const { journal } = this.#context;
    for (let waitMs = LOCK_AGAIN_MS; ; waitMs = Math.min(waitMs * 2, LOCK_AGAIN_MS_MAX)) {
      const locked = await this.#parts.journal.lock(this.#peers.remote.epoch, dead?.node);
      this.#peers.isLocked = true;
      try {
        if (waitMs > LOCK_AGAIN_MS) this.#oweToGoing();
        const own = locked.letters.filter(({ to }) => to !== dead?.node);
        this.take(own);
        this.#peers.remote.learn(locked);
        if (dead !== undefined) {
          const uncommitted = this.#uncommitted();
          this.#comeFrom(dead);
          this.take(locked.letters, dead);
          for (const one of dead.come.splice(0)) this.#settle(one, uncommitted);
        }
        this.#peers.rematch();
        // What comes is this node's to give once it is committed.
        if (dead === undefined) this.#departAll();
        await journal.commit();
        return;
      } catch (error) {
        if (!(error instanceof LockLost)) {
          this.#parts.onFatal(error instanceof Error ? error : new Error(String(error)));
          throw error;
        }
      } finally {
        this.#peers.isLocked = false;
      }
      await this.#pause(waitMs);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#context.clock.after(ms, resolve);
    });
  }

  /** Once: what has come stays when the lock is lost and taken again. */
  #comeFrom(dead: Dead): void {
    const { journal, registry, log } = this.#context;
    const { shared } = journal;
    if (shared !== undefined) shared.inherits = dead.node;
    if (dead.hasCome) return;
    dead.hasCome = true;
    for (const found of dead.recovered.sessions.values()) {
      const { clientId } = found.head;
      if (registry.get(clientId) !== undefined) continue;
      try {
        this.#comeTo(dead, found);
      } catch (err) {
        log.error({ err, clientId }, 'a session of a node that is gone could not be restored: it has ended');
      }
    }
    this.#peers.retained.move(dead.recovered.retained);
    for (const interest of this.#peers.remote.interestOf(dead.node))
      this.#peers.remote.delete(dead.node, interest);
  }

  /** It goes on when it has all that was under way to it. */
  #comeTo({ sessions, come }: Dead, found: RecoveredSession): void {
    const one = this.#arrive(found);
    sessions.add(one.session);
    come.push(one);
  }

  /** A second node that asks for the same one is told when it has gone. */
  #departAll(): void {
    const later: Yield[] = [];
    // Their wills first, while everybody whom they concern is here.
    for (const { clientId } of this.#yields) this.#context.registry.get(clientId)?.link?.close(ELSEWHERE);
    for (const one of this.#yields.splice(0)) {
      if (this.#isGoing(one.clientId)) later.push(one);
      else this.#depart(one);
    }
    this.#yields = later;
    this.#owedToGoing = this.#uncommitted().length;
  }

  /** The lock was lost, and those that go have not gone: what was published meanwhile goes with them. */
  #oweToGoing(): void {
    for (const message of this.#uncommitted().slice(this.#owedToGoing)) this.#going.publish(message);
    this.#owedToGoing = this.#uncommitted().length;
  }

  #isGoing(wanted: string): boolean {
    return this.#context.journal.shared?.departures.some(({ clientId }) => clientId === wanted) ?? false;
  }

  #depart({ clientId, to }: Yield): void {
    const { registry, router, journal } = this.#context;
    this.#peers.claims.lost(clientId);
    const before = registry.get(clientId);
    before?.link?.close(ELSEWHERE);
    const session = registry.get(clientId);
    if (session === undefined) {
      journal.shared?.departures.push(withNothing({ clientId, to }));
      return;
    }
    const subscriptions = [...session.subscriptions.values()];
    const listens = subscriptions.map((subscription) => interestOf(session, subscription));
    const head = registry.handOver(session);
    router.unsubscribeAll(session);
    for (const subscription of subscriptions) this.#going.subscribe(session, subscription);
    journal.shared?.departures.push({
      clientId,
      to,
      listens,
      letter: () => writeSessionLetter(session, head, this.#context.clock),
      gone: () => {
        session.clear();
      },
    });
  }
}

/** A client ID that nothing belongs to. */
const withNothing = ({ clientId, to }: Yield): Departure => ({
  clientId,
  to,
  listens: [],
  letter: () => writeNothing(clientId),
  gone: () => undefined,
});
