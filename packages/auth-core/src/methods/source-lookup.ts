import type { AclRule } from '../acl/rule.ts';
import type { Attempt } from '../attempt.ts';
import type { GuessedIdentity } from '../needs.ts';
import type { SafeDetail } from '../verdict.ts';

/** Why a backend gave nothing that can be used; texts carry no value that was stored or bound. */
export type BackendFault =
  /** It answered, but with something that cannot be a record: `what` in words, and the columns that came. */
  | { readonly result: 'bad-result'; readonly what: string; readonly columns: readonly string[] }
  | { readonly result: 'timeout'; readonly ms: number }
  /** No connection, or none that the backend accepts; `problem` is the driver's code. */
  | { readonly result: 'unreachable'; readonly problem: string };

/** What a backend holds about a client. */
export interface SourceRecord {
  /** The stored password as text; null when the column is there and empty. Never to be shown. */
  readonly password: string | null;
  /** Null when there is none. */
  readonly salt: string | null;
  /** Set when the record itself says it. */
  readonly superuser: boolean | undefined;
  /** Names of what came back. */
  readonly columns: readonly string[];
}

export type RecordAnswer =
  | { readonly result: 'record'; readonly record: SourceRecord }
  /** Nobody there goes by what the client calls itself. */
  | { readonly result: 'none' }
  | BackendFault;

export type SuperuserAnswer = { readonly result: 'superuser'; readonly superuser: boolean } | BackendFault;
export type RulesAnswer = { readonly result: 'rules'; readonly rules: readonly AclRule[] } | BackendFault;

/** A database that knows clients: MySQL, PostgreSQL, Redis, MongoDB. Nothing here throws or rejects. */
export interface RecordLookup {
  /** What the record is looked up by, of the two that are guessed at; decides whose guessing budget is spent. */
  readonly asksBy: readonly GuessedIdentity['by'][];
  /** The question with its placeholders, for the trace; never with values. */
  readonly shown: SafeDetail;
  readonly find: (attempt: Attempt) => Promise<RecordAnswer>;
  /** Absent: the record says it, or nobody is a superuser. */
  readonly superuser?: (attempt: Attempt) => Promise<SuperuserAnswer>;
  /** Absent: the backend holds no rules. */
  readonly rules?: (attempt: Attempt) => Promise<RulesAnswer>;
}

/** Why what a record holds cannot be verified under the configured rule. */
export type SourceHashProblem = 'salt-missing' | 'salt-unexpected' | 'hash-invalid';

/** The configured hash rule: turns what is stored into a self-describing hash that the verifier understands. */
export interface SourceHashRule {
  /** As it is configured, e.g. `salt,sha256`. */
  readonly name: string;
  readonly read: (
    stored: string,
    salt: string | null,
  ) => { readonly hash: string } | { readonly problem: SourceHashProblem };
}

/** Reads a record under a rule. An empty salt column beside a rule without salt is no salt: tables often default to ''. */
export function readBySourceRule(
  rule: SourceHashRule,
  { password, salt }: Pick<SourceRecord, 'password' | 'salt'>,
): ReturnType<SourceHashRule['read']> {
  const stored = password ?? '';
  const read = rule.read(stored, salt);
  return 'problem' in read && read.problem === 'salt-unexpected' && salt === ''
    ? rule.read(stored, null)
    : read;
}

/** Whether something was found out, or the backend failed. */
export const isFault = (answer: { readonly result: string }): answer is BackendFault =>
  answer.result === 'bad-result' || answer.result === 'timeout' || answer.result === 'unreachable';
