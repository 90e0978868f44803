import { DEFAULT_RULES } from '../acl/default-rules.ts';
import type { AclRule } from '../acl/rule.ts';
import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';
import type { Grant, SafeDetail, Verdict } from '../verdict.ts';
import { hashFormOf } from './hash-form.ts';
import type {
  BackendFault,
  RecordLookup,
  SourceHashProblem,
  SourceHashRule,
  SourceRecord,
} from './source-lookup.ts';

/** What the verdicts about one backend are told of. */
export interface SourceFacts {
  readonly name: string;
  readonly lookup: RecordLookup;
  readonly rule: SourceHashRule;
}

/** Columns named in a detail; a `select *` may bring more. */
const COLUMNS_SHOWN_MAX = 32;
const COLUMN_CHARS_MAX = 64;

const columnsOf = (columns: readonly string[]): SafeDetail =>
  columns.length === 0
    ? {}
    : { columns: columns.slice(0, COLUMNS_SHOWN_MAX).map((column) => column.slice(0, COLUMN_CHARS_MAX)) };

const asked = ({ lookup, rule }: SourceFacts, record: SourceRecord): SafeDetail => ({
  ...lookup.shown,
  ...columnsOf(record.columns),
  hashRule: rule.name,
});

/** Nobody there goes by what the client calls itself. */
export const noRecord = ({ lookup }: SourceFacts): Verdict => ({
  outcome: 'ignore',
  reason: 'SOURCE_NO_RECORD',
  detail: { ...lookup.shown },
});

/** There is a record, and the client sent no password at all. */
export const passwordMissing = (facts: SourceFacts, record: SourceRecord): Verdict => ({
  outcome: 'deny',
  reason: 'SOURCE_PASSWORD_MISSING',
  detail: asked(facts, record),
});

export const passwordMismatch = (facts: SourceFacts, record: SourceRecord): Verdict => ({
  outcome: 'deny',
  reason: 'SOURCE_PASSWORD_MISMATCH',
  detail: asked(facts, record),
});

const PROBLEM_REASONS = {
  'salt-missing': 'SOURCE_SALT_MISSING',
  'salt-unexpected': 'SOURCE_SALT_UNEXPECTED',
  'hash-invalid': 'SOURCE_HASH_INVALID',
} as const satisfies Record<SourceHashProblem, string>;

/** What the record holds is nothing that the configured rule produces. */
export const unverifiable = (
  facts: SourceFacts,
  record: SourceRecord,
  problem: SourceHashProblem,
): Verdict => ({
  outcome: 'deny',
  reason: PROBLEM_REASONS[problem],
  detail: { ...asked(facts, record), stored: looksLike(record.password) },
});

/** Lengths of digests in hexadecimal digits: only these are told, because of a stored plain text nothing may be. */
const DIGEST_HEX_CHARS = new Set([32, 40, 56, 64, 96, 128]);

/** What a stored password looks like, without any part of it. */
export function looksLike(stored: string | null): string {
  if (stored === null || stored === '') return 'empty';
  if (DIGEST_HEX_CHARS.has(stored.length) && /^[0-9a-f]+$/i.test(stored)) {
    return `${stored.length} hexadecimal digits`;
  }
  const form = hashFormOf(stored);
  return form === 'unknown' || form === 'plain' ? 'no form of hash that is known' : form;
}

/** Refused without asking anybody: too many failures before this one (auth.md §9). */
export const throttled = (until: number, failures: number): Verdict => ({
  outcome: 'deny',
  reason: 'TOO_MANY_FAILURES',
  detail: { until: new Date(until).toISOString(), failures },
});

/** The backend could not say; `while` names the question where it was not the one for the record. */
export function backendFault({ lookup }: SourceFacts, fault: BackendFault, during?: string): Verdict {
  const at: SafeDetail = during === undefined ? { ...lookup.shown } : { ...lookup.shown, during };
  switch (fault.result) {
    case 'bad-result': {
      const detail = { ...at, problem: fault.what, ...columnsOf(fault.columns) };
      return { outcome: 'error', reason: 'SOURCE_BAD_RESULT', detail };
    }
    case 'timeout':
      return { outcome: 'error', reason: 'SOURCE_TIMEOUT', detail: { ...at, timeoutMs: fault.ms } };
    case 'unreachable':
      return { outcome: 'error', reason: 'SOURCE_UNREACHABLE', detail: { ...at, problem: fault.problem } };
  }
}

/** The password verified. Without rules of the source those of a new credential apply (auth.md §7). */
export function admitFromSource(
  facts: SourceFacts,
  attempt: Attempt,
  record: SourceRecord,
  rights: { readonly superuser: boolean; readonly rules: readonly AclRule[] | undefined },
): Verdict {
  const grant: Grant = {
    principal: { namespace: facts.name, subject: usernameOf(attempt) ?? attempt.clientId },
    superuser: rights.superuser,
    rules: rights.rules ?? DEFAULT_RULES,
    credentialId: undefined,
    bindsClientId: false,
    expiresAt: undefined,
    rehash: false,
    anonymous: false,
  };
  return { outcome: 'allow', grant, detail: asked(facts, record) };
}
