import type { Grant, Principal } from '@gatehouse/auth-core';
import type { SessionOrigin } from '../access/policy.ts';
import { afterLong } from '../clock.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import type { Will } from '../protocol/packets.ts';
import { type CloseCause, type SessionLink } from './link.ts';
import { PrincipalCount } from './principal-count.ts';
import { encodeHead, type SessionHead } from '../journal/session-head.ts';
import type { SessionContext } from './context.ts';
import { Session } from './session.ts';

/** What CONNECT asks of the session, once its client is admitted. */
export interface OpenRequest {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly grant: Grant;
  readonly origin?: SessionOrigin | undefined;
  readonly cleanStart: boolean;
  readonly expirySeconds: number;
  readonly will: Will | undefined;
}

/** `present` is CONNACK's Session Present. */
export type OpenResult =
  | {
      readonly outcome: 'opened';
      readonly session: Session;
      readonly present: boolean;
      /** Another connection of the same client ID had to go. */
      readonly tookOver: boolean;
    }
  | { readonly outcome: 'owned-by-other' }
  | { readonly outcome: 'not-storable' }
  | { readonly outcome: 'full'; readonly bound: 'sessionsMax' | 'sessionsPerPrincipalMax' };

/** What happens outside when sessions end. */
export interface RegistryEvents {
  /** Publishes a will on behalf of the session. */
  will(session: Session, will: Will): void;
  /** The session is gone: its subscriptions go too. */
  ended(session: Session): void;
}

interface DelayedWill {
  readonly will: Will;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
  readonly cancel: () => void;
}

const TAKEN_OVER: CloseCause = {
  code: ReasonCode.sessionTakenOver,
  what: 'session-taken-over',
  publishWill: true,
};

/** All sessions by client ID: opening, takeover, expiry, and the wills that wait for one or the other. */
export class SessionRegistry {
  readonly #sessions = new Map<string, Session>();
  readonly #context: SessionContext;
  readonly #events: RegistryEvents;
  readonly #persistent: PrincipalCount;
  readonly #expiries = new Map<Session, () => void>();
  readonly #delayedWills = new Map<Session, DelayedWill>();
  #lastId = 0;
  #connected = 0;
  #connectedMost = 0;
  #expired = 0;

  constructor(context: SessionContext, events: RegistryEvents) {
    this.#context = context;
    this.#events = events;
    this.#persistent = new PrincipalCount(context.limits.sessionsPerPrincipalMax);
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values();
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Sessions that have a connection. */
  get connected(): number {
    return this.#connected;
  }

  /** The most that were connected at one time. */
  get connectedMost(): number {
    return this.#connectedMost;
  }

  /** Sessions that ended because nobody came back for them in time. */
  get expired(): number {
    return this.#expired;
  }

  get(clientId: string): Session | undefined {
    return this.#sessions.get(clientId);
  }

  /** May this principal have the session? A session belongs to who made it (auth.md §2). */
  isOwnedByOther(clientId: string, grant: Grant): boolean {
    const session = this.#sessions.get(clientId);
    return session !== undefined && !grant.bindsClientId && !isSame(session.principal, grant.principal);
  }

  /** Opens, resumes or takes over ([MQTT-3.1.4-3], [MQTT-3.1.2-4]); the caller attaches its link afterwards. */
  open(request: OpenRequest): OpenResult {
    const { clientId, grant } = request;
    if (this.isOwnedByOther(clientId, grant)) return { outcome: 'owned-by-other' };
    if (this.#context.journal.isFailing && this.#needsJournal(request)) return { outcome: 'not-storable' };
    const taken = this.#sessions.get(clientId)?.link;
    taken?.close(TAKEN_OVER);
    const old = this.#sessions.get(clientId);
    if (old !== undefined && (request.cleanStart || !isForSame(old, grant))) this.end(old);
    const kept = this.#sessions.get(clientId);
    if (kept === undefined && this.#sessions.size >= this.#context.limits.sessionsMax) {
      return { outcome: 'full', bound: 'sessionsMax' };
    }
    const isPersistent = kept !== undefined && kept.expirySeconds > 0;
    if (!isPersistent && request.expirySeconds > 0 && !this.#persistent.hasRoom(grant.principal)) {
      return { outcome: 'full', bound: 'sessionsPerPrincipalMax' };
    }
    const session = kept ?? this.#create(request);
    if (kept !== undefined) {
      this.#cancelTimers(kept);
      kept.regrant(grant, request.username, request.origin);
    }
    this.#sessions.set(clientId, session);
    this.setExpiry(session, request.expirySeconds);
    session.will = request.will;
    session.disconnectedAt = undefined;
    this.#store(session);
    return { outcome: 'opened', session, present: kept !== undefined, tookOver: taken !== undefined };
  }

  /**
   * Puts a session back as the journal tells it, before any listener is open. Its connection ended with the server's
   * last run: who was connected then has gone now. `fill` gives it what it held; `settle` comes when all are back.
   */
  restore(id: number, head: SessionHead, fill: (session: Session) => void): Session {
    this.#lastId = Math.max(this.#lastId, id);
    const { connection } = head;
    const origin = connection && { ip: connection.ip, commonName: connection.commonName };
    const session = new Session({ ...head, id, origin }, this.#context);
    this.#sessions.set(head.clientId, session);
    this.setExpiry(session, head.expirySeconds);
    session.connection = head.connection;
    session.disconnectedAt = head.disconnectedAt ?? this.#context.clock.now();
    fill(session);
    session.stored = true;
    return session;
  }

  /** A number that no session here has had. */
  freshId(): number {
    return this.#lastId + 1;
  }

  /**
   * Lets go of a session that another node goes on with, as it is: it does not end, and a will that waits goes along.
   * Returns its head as the journal would keep it. Nobody may be connected to it.
   */
  handOver(session: Session): string {
    const head = this.#headOf(session);
    this.#cancelTimers(session);
    this.#sessions.delete(session.clientId);
    this.#persistent.delete(session);
    if (session.stored) this.#context.journal.sessionEnded(session.id);
    session.stored = false;
    return head;
  }

  /** Goes on with a restored session: its will and its end are due when they were, or from now. */
  settle(session: Session, { pendingWill, disconnectedAt }: SessionHead): void {
    const { clock } = this.#context;
    if (pendingWill !== undefined) {
      const { will, dueAt } = pendingWill;
      const delayMs = dueAt === undefined ? undefined : Math.max(0, dueAt - clock.now());
      this.#sendWill(session, will, delayMs);
      // With the will's own record: another restart must not publish it once more.
      this.#store(session);
    }
    const awayMs = disconnectedAt === undefined ? 0 : Math.max(0, clock.now() - disconnectedAt);
    const leftMs = session.expirySeconds * 1_000 - awayMs;
    if (leftMs <= 0) this.#expire(session);
    else this.#expireAfter(session, leftMs);
  }

  /** Writes the heads anew: for a snapshot. */
  storeAgain(session: Session): void {
    if (session.stored) this.#writeHead(session);
  }

  /** How long the session is to outlive its connection, seconds. */
  setExpiry(session: Session, seconds: number): void {
    session.expirySeconds = seconds;
    session.wasKept ||= seconds > 0;
    if (seconds > 0) this.#persistent.add(session);
    else this.#persistent.delete(session);
  }

  /** The client is admitted to its session, which nobody is connected to: whoever was, `open` has closed. */
  attach(session: Session, link: SessionLink): void {
    session.link = link;
    this.#connected += 1;
    this.#connectedMost = Math.max(this.#connectedMost, this.#connected);
  }

  /** The connection is gone. Does nothing for a link that was replaced already. */
  detach(session: Session, link: SessionLink, publishWill: boolean): void {
    if (session.link !== link) return;
    session.link = undefined;
    this.#connected -= 1;
    session.disconnectedAt = this.#context.clock.now();
    const { will } = session;
    session.will = undefined;
    if (publishWill && will !== undefined) this.#sendWill(session, will);
    if (session.expirySeconds === 0) {
      this.end(session);
      return;
    }
    this.#store(session);
    this.#expireAfter(session, session.expirySeconds * 1_000);
  }

  /** Ends a session and all that it held; a will that was waiting is published now ([MQTT-3.1.3-9]). */
  end(session: Session): void {
    if (this.#sessions.get(session.clientId) !== session) return;
    const waiting = this.#delayedWills.get(session);
    this.#cancelTimers(session);
    this.#sessions.delete(session.clientId);
    this.#persistent.delete(session);
    if (session.stored) this.#context.journal.sessionEnded(session.id);
    session.stored = false;
    if (waiting !== undefined) this.#events.will(session, waiting.will);
    session.clear();
    this.#events.ended(session);
  }

  /** Cancels every timer; sessions in memory end with the process. */
  stop(): void {
    for (const session of this.#sessions.values()) this.#cancelTimers(session);
  }

  #create({ clientId, username, grant, origin }: OpenRequest): Session {
    this.#lastId += 1;
    return new Session({ id: this.#lastId, clientId, username, grant, origin }, this.#context);
  }

  #expireAfter(session: Session, ms: number): void {
    const cancel = afterLong(this.#context.clock, ms, () => {
      this.#expire(session);
    });
    this.#expiries.set(session, cancel);
  }

  #expire(session: Session): void {
    this.#expired += 1;
    this.end(session);
  }

  /** Whether CONNACK would have to wait for the journal: what was stored needs it even to end. */
  #needsJournal({ clientId, expirySeconds, will }: OpenRequest): boolean {
    return expirySeconds > 0 || will !== undefined || this.#sessions.get(clientId)?.stored === true;
  }

  /** What outlives the connection, or has a will that must, is written; so is that it needs to be no longer. */
  #store(session: Session): void {
    const isNeeded = session.expirySeconds > 0 || session.will !== undefined;
    if (!this.#context.journal.enabled || !(isNeeded || session.stored)) return;
    session.stored = true;
    this.#writeHead(session);
  }

  #writeHead(session: Session): void {
    this.#context.journal.session(session.id, this.#headOf(session));
  }

  #headOf(session: Session): string {
    const delayed = this.#delayedWills.get(session);
    const will = session.will === undefined ? undefined : { will: session.will, dueAt: undefined };
    const pendingWill = delayed === undefined ? will : { will: delayed.will, dueAt: delayed.dueAt };
    return encodeHead(session, pendingWill);
  }

  /** The will delay ends with the session at the latest (MQTT 5.0 §3.1.3.2.2). */
  #sendWill(session: Session, will: Will, delayMs?: number): void {
    const { clock } = this.#context;
    const waitMs = delayMs ?? Math.min(will.delaySeconds, session.expirySeconds) * 1_000;
    if (waitMs === 0) {
      this.#events.will(session, will);
      return;
    }
    const cancel = afterLong(clock, waitMs, () => {
      this.#delayedWills.delete(session);
      this.#events.will(session, will);
      this.#store(session);
    });
    this.#delayedWills.set(session, { will, dueAt: clock.now() + waitMs, cancel });
  }

  #cancelTimers(session: Session): void {
    this.#expiries.get(session)?.();
    this.#expiries.delete(session);
    this.#delayedWills.get(session)?.cancel();
    this.#delayedWills.delete(session);
  }
}

/**
 * Another principal's messages are never handed over, not even to the credential that names the client ID; nor are those
 * of another mountpoint, whose topics are other ones.
 */
const isForSame = ({ principal, mountpoint }: Session, grant: Grant): boolean =>
  isSame(principal, grant.principal) && mountpoint === grant.mountpoint;

const isSame = (one: Principal, other: Principal): boolean =>
  one.namespace === other.namespace && one.subject === other.subject;
