import type { BlockPatterns } from '@gatehouse/auth-core';
import { API_LIMITS, importRow } from '@gatehouse/contract';
import { ProblemError } from '../../problem.ts';
import { rulesFromTopics } from '../../present/topics.ts';
import { parseCsv } from './csv-parse.ts';
import { identityField, identityOfRow, type ImportRow, typeProblems } from './import-types.ts';
import { hasTopicFilter, NO_TOPIC_FILTER } from './rule-topics.ts';

export interface RowError {
  /** Counted from 1, without the header. */
  readonly row: number;
  readonly field: string;
  readonly message: string;
}
export interface ParsedRow {
  readonly row: number;
  readonly value: ImportRow;
}

const LISTS: ReadonlySet<string> = new Set(['tags', 'publish', 'subscribe']);
const FLAGS: ReadonlySet<string> = new Set(['superuser', 'enabled', 'skip_validity']);
/** Columns that hold JSON. */
const JSONS: ReadonlySet<string> = new Set(['rules_by_cn']);
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
};

const tooManyRows = (): ProblemError =>
  new ProblemError('payload-too-large', { detail: `At most ${API_LIMITS.importRowsMax} rows at once.` });

/** The `'` that an export has put before a formula is taken off again. */
const unguarded = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text);

/** What is no JSON stays text and is refused by the schema. */
const jsonValue = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** An empty cell is an absent field; what is no boolean stays text and is refused by the schema. */
const cellValue = (column: string, text: string): unknown => {
  if (text === '') return undefined;
  if (JSONS.has(column)) return jsonValue(text);
  if (LISTS.has(column)) return text.split('|').map(unguarded);
  return FLAGS.has(column) ? (BOOLEANS[text.toLowerCase()] ?? text) : unguarded(text);
};

const csvObjects = (text: string): readonly unknown[] => {
  const parsed = parseCsv(text, API_LIMITS.importRowsMax + 1);
  if (parsed.result === 'too-many-rows') throw tooManyRows();
  if (parsed.result === 'malformed') {
    throw new ProblemError('invalid-input', { detail: `Row ${parsed.row} is not CSV: ${parsed.message}.` });
  }
  const [header, ...records] = parsed.records;
  if (header === undefined) throw new ProblemError('invalid-input', { detail: 'There is no header line.' });
  const columns = header.map((name) => name.trim());
  const unknown = columns.filter((name) => !Object.hasOwn(importRow.shape, name));
  if (unknown.length > 0) {
    throw new ProblemError('invalid-input', {
      errors: unknown.map((path) => ({ path, message: 'is not a column of an import' })),
    });
  }
  return records.map((cells) =>
    cells.length === columns.length
      ? Object.fromEntries(columns.map((name, i) => [name, cellValue(name, cells[i] ?? '')]))
      : { [`${cells.length} cells`]: `under a header of ${columns.length}` },
  );
};

const checkRow = (
  value: ImportRow,
  row: number,
  patterns: Pick<BlockPatterns, 'problem'>,
): readonly RowError[] => [
  ...typeProblems(value, patterns).map((problem) => ({ row, ...problem })),
  ...(value.password !== undefined && value.password_hash !== undefined
    ? [{ row, field: 'password_hash', message: 'give password or password_hash, not both' }]
    : []),
  ...(['publish', 'subscribe'] as const).flatMap((field) =>
    (rulesFromTopics(value[field], undefined) ?? [])
      .filter((rule) => !hasTopicFilter(rule))
      .map(({ topic }) => ({ row, field, message: `"${topic}" ${NO_TOPIC_FILTER}` })),
  ),
];

const firstOfEach = (rows: readonly ParsedRow[]): readonly RowError[] => {
  const seen = new Map<string, number>();
  return rows.flatMap(({ row, value }) => {
    const key = identityOfRow(value);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, row);
    return before === undefined
      ? []
      : [{ row, field: identityField(value), message: `the same identity as row ${before}` }];
  });
};

/** Reads CSV or a JSON array into rows, and says of each bad row what is wrong with which field. */
export const parseImport = (
  body: string | readonly unknown[],
  patterns: Pick<BlockPatterns, 'problem'>,
): { readonly rows: readonly ParsedRow[]; readonly errors: readonly RowError[] } => {
  const objects = typeof body === 'string' ? csvObjects(body) : body;
  if (objects.length > API_LIMITS.importRowsMax) throw tooManyRows();
  const rows: ParsedRow[] = [];
  const errors: RowError[] = [];
  for (const [index, object] of objects.entries()) {
    const row = index + 1;
    const parsed = importRow.safeParse(object);
    if (parsed.success) {
      rows.push({ row, value: parsed.data });
      errors.push(...checkRow(parsed.data, row, patterns));
    } else {
      errors.push(
        ...parsed.error.issues.map((one) => ({ row, field: one.path.join('.'), message: one.message })),
      );
    }
  }
  return { rows, errors: [...errors, ...firstOfEach(rows)] };
};
