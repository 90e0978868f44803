import type { AccessPhase, AccessRule } from '@gatehouse/auth-core';

/** A global access rule as it is administered. Times are milliseconds since the epoch. */
export interface StoredAccessRule extends AccessRule {
  /** Raised by every change, moves included. */
  readonly version: number;
  readonly comment: string;
  readonly createdAt: number;
  /** Name of who made it. */
  readonly createdBy: string;
  readonly updatedAt: number;
}

/** Where a rule is put: in front of the one that has this place in its phase now; absent or beyond the end: last. */
export interface AccessRulePlace {
  readonly phase: AccessPhase;
  readonly index?: number | undefined;
}

export type AccessRuleWrite = Omit<AccessRule, 'id' | 'phase'> &
  Pick<StoredAccessRule, 'comment' | 'createdBy'>;
/** Whole: what is absent of a rule's `qos` and `retain` is none. */
export type AccessRulePatch = Omit<AccessRule, 'id' | 'phase'> & Pick<StoredAccessRule, 'comment'>;

export type AccessRuleWriteResult =
  | { readonly result: 'ok'; readonly rule: StoredAccessRule }
  /** As many rules as there may be. */
  | { readonly result: 'full'; readonly max: number };

export type AccessRulePatchResult =
  | { readonly result: 'ok'; readonly rule: StoredAccessRule }
  | { readonly result: 'not-found' }
  | { readonly result: 'version-mismatch'; readonly current: StoredAccessRule };

export interface AccessRuleRepository {
  /** All, in the order in which they are asked: those of `before` first. */
  all(): Promise<readonly StoredAccessRule[]>;
  get(id: string): Promise<StoredAccessRule | null>;
  create(write: AccessRuleWrite, place: AccessRulePlace, now: number): Promise<AccessRuleWriteResult>;
  /** `ifVersion` guards against a lost update; undefined writes regardless. */
  update(
    id: string,
    patch: AccessRulePatch,
    ifVersion: number | undefined,
    now: number,
  ): Promise<AccessRulePatchResult>;
  /** Null when there is none. */
  move(id: string, place: AccessRulePlace, now: number): Promise<StoredAccessRule | null>;
  remove(id: string): Promise<StoredAccessRule | null>;
}
