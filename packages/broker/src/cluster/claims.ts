import type { Grant, Principal } from '@gatehouse/auth-core';
import type { Claim, Claimed, ClusterStore, Clock } from '@gatehouse/ports';
import type { Journal } from '../journal/journal.ts';
import type { Session } from '../session/session.ts';
import { writeNothing, writeYield } from './letters.ts';
import type { ClaimOutcome } from './port.ts';

/** Client IDs that one statement asks for. */
const CLAIMS_PER_STATEMENT = 500;
/** Milliseconds after which a client that comes again has its client ID asked for again. */
const ASK_AGAIN_MS = 2_000;

/** What the database says of the owner is not known. */
const UNKNOWN = '';

const ownerOf = ({ namespace, subject }: Principal): string => JSON.stringify([namespace, subject]);

interface Asked {
  readonly claim: Claim;
  readonly answered: (outcome: ClaimOutcome) => void;
  /** Another node was given it while it was asked for. */
  isLost: boolean;
}

interface Waiting {
  readonly since: number;
  readonly all: ((outcome: ClaimOutcome) => void)[];
}

interface ClaimsContext {
  readonly node: string;
  readonly store: ClusterStore;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Takes in what has come for this node. */
  readonly readInbox: () => Promise<void>;
}

/** Which client IDs this node has: only one node lets a client in under one (MQTT 5.0 §3.1.4, takeover between nodes). */
export class Claims {
  readonly #context: ClaimsContext;
  /** By client ID the owner that the database has. */
  readonly #held = new Map<string, string>();
  /** Client IDs whose owner the database has wrong, and who it is. */
  readonly #misattributed = new Map<string, string>();
  #isCorrecting = false;
  /** What another node was asked for. */
  readonly #waiting = new Map<string, Waiting>();
  /** Rows of this node that perhaps nobody needs. */
  #suspects = new Set<string>();
  #asked: Asked[] = [];
  /** Client IDs that are asked for, or about to be, and by how many. */
  readonly #wanted = new Map<string, number>();
  #underWay: readonly Asked[] = [];
  #isAsking = false;

  constructor(context: ClaimsContext) {
    this.#context = context;
  }

  holds(clientId: string): boolean {
    return this.#held.has(clientId);
  }

  /** Resolves when the client ID is this node's, with its session if another node had one. */
  claim(clientId: string, grant: Grant): ClaimOutcome | Promise<ClaimOutcome> {
    if (this.#held.has(clientId)) return 'yours';
    this.#suspects.delete(clientId);
    const { shared } = this.#context.journal;
    const released = shared?.released.get(clientId);
    if (released !== undefined) {
      shared?.released.delete(clientId);
      this.#held.set(clientId, released);
      return 'yours';
    }
    const waiting = this.#waiting.get(clientId);
    if (waiting !== undefined && this.#context.clock.monotonic() - waiting.since < ASK_AGAIN_MS)
      return new Promise((resolve) => waiting.all.push(resolve));
    const claim: Claim = {
      clientId,
      owner: ownerOf(grant.principal),
      force: grant.bindsClientId,
      letter: writeYield(clientId, this.#context.node),
    };
    return new Promise((resolve) => {
      this.#asked.push({ claim, answered: resolve, isLost: false });
      this.#wanted.set(clientId, (this.#wanted.get(clientId) ?? 0) + 1);
      void this.#ask();
    });
  }

  /** Sessions that came back with this node's journal. One that another node has by now ends here. */
  async claimRestored(sessions: readonly Session[]): Promise<void> {
    await this.#context.store.claim(
      sessions.map(({ clientId, principal }) => ({
        clientId,
        owner: ownerOf(principal),
        force: true,
        letter: writeYield(clientId, this.#context.node),
      })),
    );
    for (const { clientId, principal } of sessions) this.#held.set(clientId, ownerOf(principal));
  }

  /** It is this node's from now on: a letter says so, or a journal. True when somebody waits for it, or asks for it. */
  gained(clientId: string): boolean {
    this.#held.set(clientId, UNKNOWN);
    this.#suspects.delete(clientId);
    const waiting = this.#waiting.get(clientId);
    this.#waiting.delete(clientId);
    for (const answered of waiting?.all ?? []) answered('yours');
    return waiting !== undefined || this.#wanted.has(clientId);
  }

  /** It is another node's. */
  lost(clientId: string): void {
    this.#held.delete(clientId);
    this.#misattributed.delete(clientId);
    for (const asked of this.#underWay) asked.isLost ||= asked.claim.clientId === clientId;
    this.#suspects.delete(clientId);
  }

  /** The database says that these are this node's. */
  suspect(clientIds: readonly string[]): void {
    this.#suspects = new Set(clientIds.filter((one) => !this.#held.has(one) && !this.#wanted.has(one)));
  }

  /** Nobody has come for those that are left. */
  releaseSuspects(): void {
    const released = this.#context.journal.shared?.released;
    for (const clientId of this.#suspects) released?.set(clientId, UNKNOWN);
    this.#suspects.clear();
  }

  /** It has this session here, perhaps in the place of one that has ended in the same turn, and of another principal. */
  keep({ clientId, principal }: Pick<Session, 'clientId' | 'principal'>): void {
    const { shared } = this.#context.journal;
    const known = this.#held.get(clientId) ?? shared?.released.get(clientId) ?? UNKNOWN;
    shared?.released.delete(clientId);
    this.#held.set(clientId, known);
    const owner = ownerOf(principal);
    if (known === owner) return;
    this.#misattributed.set(clientId, owner);
    void this.#correct();
  }

  /** Nobody needs it here any more: its session has ended, or none was made. */
  release(clientId: string): void {
    const owner = this.#held.get(clientId);
    if (owner === undefined) return;
    this.#held.delete(clientId);
    this.#misattributed.delete(clientId);
    this.#context.journal.shared?.released.set(clientId, owner);
  }

  /** Else another node would give the client ID to whom it belonged before. What fails is done when the client comes again. */
  async #correct(): Promise<void> {
    if (this.#isCorrecting) return;
    this.#isCorrecting = true;
    while (this.#misattributed.size > 0) {
      const some = [...this.#misattributed].slice(0, CLAIMS_PER_STATEMENT);
      for (const [clientId] of some) this.#misattributed.delete(clientId);
      const answers = await this.#stated(some);
      for (const [index, [clientId, owner]] of some.entries())
        if (answers[index]?.outcome === 'yours' && this.#held.has(clientId)) this.#held.set(clientId, owner);
    }
    this.#isCorrecting = false;
  }

  async #stated(owners: readonly (readonly [string, string])[]): Promise<readonly Claimed[]> {
    try {
      return await this.#context.store.claim(
        // Where it has gone to another node meanwhile, the letter asks for nothing.
        owners.map(([clientId, owner]) => ({ clientId, owner, force: true, letter: writeNothing(clientId) })),
      );
    } catch {
      return [];
    }
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#asked.length > 0) {
      await this.#untilNothingGoes();
      const { journal } = this.#context;
      // A batch that was put back gives it up no more.
      for (const { claim } of this.#asked) journal.shared?.released.delete(claim.clientId);
      const some = this.#asked.splice(0, CLAIMS_PER_STATEMENT);
      if (some.length === 0) break;
      this.#underWay = some;
      const answers = await this.#answersTo(some);
      this.#underWay = [];
      for (const [index, asked] of some.entries()) this.#take(asked, answers[index]);
    }
    this.#isAsking = false;
  }

  /**
   * What a batch on its way gives up must not be given up after it was asked for. Nor may be asked for what goes to another
   * node, until it is there: the answer would be that it is this node's.
   */
  async #untilNothingGoes(): Promise<void> {
    const { journal } = this.#context;
    for (;;) {
      const leaving = this.#leaving();
      if ((journal.sharedOnItsWay?.released.size ?? 0) > 0) await journal.section(() => undefined);
      else if (leaving.size === 0) return;
      else if (journal.isFailing) this.#giveUp(leaving);
      else await journal.settled();
    }
  }

  /** Which of those that are asked for go to another node with a batch that is not committed. */
  #leaving(): ReadonlySet<string> {
    const { shared, sharedOnItsWay } = this.#context.journal;
    const departures = [...(sharedOnItsWay?.departures ?? []), ...(shared?.departures ?? [])];
    return new Set(departures.map(({ clientId }) => clientId).filter((one) => this.#wanted.has(one)));
  }

  /** Nobody can tell whose these are: the database takes nothing. */
  #giveUp(clientIds: ReadonlySet<string>): void {
    if (clientIds.size === 0) return;
    const given = this.#asked.filter(({ claim }) => clientIds.has(claim.clientId));
    this.#asked = this.#asked.filter(({ claim }) => !clientIds.has(claim.clientId));
    for (const asked of given) this.#take(asked, undefined);
  }

  async #answersTo(asked: readonly Asked[]): Promise<readonly Claimed[]> {
    try {
      const answers = await this.#context.store.claim(asked.map(({ claim }) => claim));
      // What is this node's already may have been given to it just now, with a session that is not here yet.
      if (answers.some(({ outcome }) => outcome === 'yours')) await this.#context.readInbox();
      return answers;
    } catch {
      return [];
    }
  }

  #take(asked: Asked, claimed: Claimed | undefined): void {
    const { answered, isLost } = asked;
    const { clientId } = asked.claim;
    if (isLost && claimed?.outcome === 'yours') {
      this.#asked.push({ ...asked, isLost: false });
      return;
    }
    const others = (this.#wanted.get(clientId) ?? 1) - 1;
    if (others > 0) this.#wanted.set(clientId, others);
    else this.#wanted.delete(clientId);
    switch (claimed?.outcome) {
      case 'yours':
        this.#held.set(clientId, asked.claim.owner);
        answered('yours');
        return;
      case 'asked': {
        // The letter may have come before the answer.
        if (this.#held.has(clientId)) {
          answered('yours');
          return;
        }
        const all = this.#waiting.get(clientId)?.all ?? [];
        this.#waiting.set(clientId, {
          since: this.#context.clock.monotonic(),
          all: [...all, answered],
        });
        return;
      }
      case 'owned-by-other':
        answered('owned-by-other');
        return;
      case undefined:
        answered('away');
    }
  }
}
