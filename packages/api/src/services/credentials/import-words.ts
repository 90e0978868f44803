import { CREDENTIAL_TYPES, importRow } from '@gatehouse/contract';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What is wrong with a field of a row; an empty name: with the row itself. */
export interface FieldWords {
  readonly field: string;
  readonly message: string;
}

/** Fields that one row may have, as a header names them. */
export const IMPORT_FIELDS: readonly string[] = Object.keys(importRow.shape);

export const LISTS: ReadonlySet<string> = new Set(['tags', 'publish', 'subscribe']);
export const FLAGS: ReadonlySet<string> = new Set(['superuser', 'enabled', 'skip_validity']);
/** Columns that hold JSON. */
export const JSONS: ReadonlySet<string> = new Set(['rules_by_cn', 'scram_keys']);

/** Said of a name that is none of them. */
export const notA = (what: 'column' | 'field'): string =>
  `is not a ${what} of an import; there are: ${IMPORT_FIELDS.join(', ')}`;

const OF_JSON: Readonly<Record<string, string>> = {
  rules_by_cn: 'is not JSON of the form [{"pattern": "…", "rules": […]}]',
  scram_keys:
    'is not JSON of the form {"SCRAM-SHA-256": {"salt": "…", "iterations": 4096, "storedKey": "…", "serverKey": "…"}}',
};

/** Whether the schema says itself, in words of ours, what is wrong. */
const isOurs = ({ code }: Issue): boolean => code === 'custom' || code === 'invalid_format';

const lengthWords = (issue: Issue): string | undefined => {
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'is empty' : 'has too few entries';
  if (issue.code !== 'too_big') return undefined;
  const max = Number(issue.maximum).toLocaleString('en');
  return issue.origin === 'string' ? `is longer than ${max} characters` : `has more than ${max} entries`;
};

/** The value itself is never repeated: under a shifted header it may be a password. */
function fieldMessage(issue: Issue, field: string, isCsv: boolean): string {
  if (FLAGS.has(field)) return `is neither true nor false${isCsv ? ' (nor 1, yes, 0, no)' : ''}`;
  if (field === 'expires_at') return 'is no time as ISO 8601 writes it, such as 2027-01-31T12:00:00Z';
  if (field === 'type') return `is none of ${CREDENTIAL_TYPES.join(', ')}`;
  if (JSONS.has(field)) return OF_JSON[field] ?? 'is not JSON';
  const length = lengthWords(issue);
  if (length !== undefined) return length;
  if (isOurs(issue)) return issue.message;
  if (issue.code === 'invalid_type' && LISTS.has(field)) {
    return issue.path.length > 1 ? 'holds something that is not text' : 'is not a list of texts';
  }
  return 'is not text';
}

/** What the schema of a row has against a value, in words. */
export function wordsOf(issue: Issue, isCsv: boolean): readonly FieldWords[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    return issue.keys.map((field) => ({ field, message: notA('field') }));
  }
  const [first] = issue.path;
  if (first === undefined)
    return [{ field: '', message: 'is not an object with the fields of a credential' }];
  const field = String(first);
  return [{ field: issue.path.map(String).join('.'), message: fieldMessage(issue, field, isCsv) }];
}
