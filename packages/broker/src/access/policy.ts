import {
  type Access,
  type AclSubject,
  createAccess,
  createRuleBook,
  type AccessRule,
  type Grant,
  type RuleBook,
} from '@gatehouse/auth-core';
import type { AccessOptions, AskSource } from '../config.ts';

/** Where a session is, or was last, connected from: what rules may look at beside its names. */
export interface SessionOrigin {
  readonly ip: string;
  /** Common name of the client's certificate, if that verified. */
  readonly commonName: string | undefined;
}

/** Whom access is decided for. */
export interface AccessHolder {
  readonly clientId: string;
  readonly username: string | undefined;
  /** Undefined: a session that a restart brought back, from a journal that did not tell. */
  readonly origin: SessionOrigin | undefined;
}

/** How long answers of a source are remembered; those of EMQX 4.3. */
const CACHE = { enabled: true, entriesMax: 32, ttlMs: 60_000 } as const;

/** The access rules that are in force for everybody, and what is done about who breaks them (auth.md §7). */
export class AccessPolicy {
  readonly denyAction: 'ignore' | 'disconnect';
  readonly cache: { readonly enabled: boolean; readonly entriesMax: number; readonly ttlMs: number };
  /** Asks a source about one topic; undefined where no authenticator is asked later than at the login. */
  readonly ask: AskSource | undefined;
  readonly #noMatch: 'allow' | 'deny';
  #book: RuleBook;
  #cacheEpoch = 0;

  constructor({ denyAction = 'ignore', noMatch = 'deny', cache = CACHE, ask }: AccessOptions = {}) {
    this.denyAction = denyAction;
    this.cache = cache;
    this.ask = ask;
    this.#noMatch = noMatch;
    this.#book = createRuleBook([], noMatch);
  }

  /** Remembered answers of an older epoch count no longer. */
  get cacheEpoch(): number {
    return this.#cacheEpoch;
  }

  /** Puts these rules in the place of all that were; sessions made before have theirs until they are asked again. */
  use(rules: readonly AccessRule[]): void {
    this.#book = createRuleBook(rules, this.#noMatch);
    this.forgetAnswers();
  }

  /** Every source is asked anew. */
  forgetAnswers(): void {
    this.#cacheEpoch += 1;
  }

  /** The rules of one session, the global ones among them. */
  accessOf(grant: Grant, { clientId, username, origin }: AccessHolder): Access {
    const subject: AclSubject = {
      username,
      clientId,
      commonName: origin?.commonName,
      superuser: grant.superuser,
      ip: origin?.ip,
      tags: grant.tags,
    };
    if (grant.superuser) return createAccess([], subject);
    return createAccess(grant.rules, subject, {
      around: this.#book.around(subject),
      alsoWithin: grant.alsoWithin,
      asks: grant.asks !== undefined && this.ask !== undefined,
    });
  }
}
