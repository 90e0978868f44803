import { setImmediate } from 'node:timers/promises';
import type { BlockPatterns } from '@gatehouse/auth-core';
import { API_LIMITS, importRow } from '@gatehouse/contract';
import { ProblemError } from '../../problem.ts';
import { rulesFromTopics } from '../../present/topics.ts';
import { ranges } from './batches.ts';
import { type CsvResult, csvSteps, type Delimiter, delimiterOf } from './csv-parse.ts';
import { identityField, identityOfRow, type ImportRow, typeProblems } from './import-types.ts';
import { type FieldWords, FLAGS, IMPORT_FIELDS, JSONS, LISTS, notA, wordsOf } from './import-words.ts';
import { hasTopicFilter, NO_TOPIC_FILTER } from './rule-topics.ts';

export interface RowError extends FieldWords {
  /** As `rowsAre` of the answer counts them. */
  readonly row: number;
}
export interface ParsedRow {
  readonly row: number;
  readonly value: ImportRow;
}
/** What the number of a row counts, from 1: lines of a CSV, header and all, or entries of a JSON array. */
export type RowsAre = 'lines' | 'entries';

export interface ParsedImport {
  readonly rowsAre: RowsAre;
  readonly rows: readonly ParsedRow[];
  readonly errors: readonly RowError[];
}

/** A row before it is held against the schema, or what keeps it from that. */
type RawRow = { readonly row: number } & ({ readonly value: unknown } | { readonly message: string });

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

/** A day alone is its first moment in UTC: a spreadsheet has no column of times. */
const DAY = /^\d{4}-\d\d-\d\d$/;

/** An empty cell is an absent field; what is no boolean stays text and is refused by the schema. */
const cellValue = (column: string, text: string): unknown => {
  if (text === '') return undefined;
  if (JSONS.has(column)) return jsonValue(text);
  if (column === 'expires_at' && DAY.test(text)) return `${text}T00:00:00Z`;
  if (LISTS.has(column)) return text.split('|').map(unguarded);
  return FLAGS.has(column) ? (BOOLEANS[text.toLowerCase()] ?? text) : unguarded(text);
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const DELIMITER_NAMES: Readonly<Record<Delimiter, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };

const cellsMessage = (cells: number, columns: number, delimiter: Delimiter): string =>
  `has ${counted(cells, 'cell')}, and the header ${counted(columns, 'column')}: ${
    cells < columns
      ? `${DELIMITER_NAMES[delimiter]}s are missing`
      : `a text with a ${DELIMITER_NAMES[delimiter]} in it has to stand between quotes`
  }`;

/** The columns that the header names. */
const columnsOf = (header: readonly string[] | undefined): readonly string[] => {
  if (header === undefined) throw new ProblemError('invalid-input', { detail: 'There is no header line.' });
  const columns = header.map((name) => name.trim());
  const unknown = columns.filter((name) => !IMPORT_FIELDS.includes(name));
  if (unknown.length > 0) {
    throw new ProblemError('invalid-input', {
      errors: unknown.map((path) => ({ path, message: notA('column') })),
    });
  }
  return columns;
};

/** Rows that are read where they are asked for, so that the thread can do other things in between. */
interface RawRows {
  readonly count: number;
  readonly rowAt: (index: number) => RawRow;
}

const csvRecords = async (
  text: string,
  delimiter: Delimiter,
): Promise<Extract<CsvResult, { readonly result: 'ok' }>> => {
  const steps = csvSteps(text, API_LIMITS.importRowsMax + 1, delimiter);
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await setImmediate();
  const parsed = step.value;
  if (parsed.result === 'too-many-rows') throw tooManyRows();
  if (parsed.result === 'malformed') {
    throw new ProblemError('invalid-input', { detail: `Line ${parsed.line} is not CSV: ${parsed.message}.` });
  }
  return parsed;
};

const csvRows = async (text: string): Promise<RawRows> => {
  const delimiter = delimiterOf(text);
  const { records, lines } = await csvRecords(text, delimiter);
  const [header, ...rest] = records;
  const columns = columnsOf(header);
  const rowAt = (index: number): RawRow => {
    const cells = rest[index] ?? [];
    const row = lines[index + 1] ?? 0;
    if (cells.length !== columns.length)
      return { row, message: cellsMessage(cells.length, columns.length, delimiter) };
    return {
      row,
      value: Object.fromEntries(columns.map((name, i) => [name, cellValue(name, cells[i] ?? '')])),
    };
  };
  return { count: rest.length, rowAt };
};

const jsonRows = (body: readonly unknown[]): RawRows => ({
  count: body.length,
  rowAt: (index) => ({ row: index + 1, value: body[index] }),
});

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

/** Says of a row whose identity an earlier one has that it does. */
const doubles = (rowsAre: RowsAre): ((row: ParsedRow) => readonly RowError[]) => {
  const seen = new Map<string, number>();
  const one = rowsAre === 'lines' ? 'line' : 'entry';
  return ({ row, value }) => {
    const key = identityOfRow(value);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, row);
    return before === undefined
      ? []
      : [{ row, field: identityField(value), message: `the same identity as ${one} ${before}` }];
  };
};

/** A row held against the schema and what fits its type. */
const readRow = (one: RawRow, { isCsv, patterns }: Reading): Pick<ParsedImport, 'rows' | 'errors'> => {
  const { row } = one;
  if ('message' in one) return { rows: [], errors: [{ row, field: '', message: one.message }] };
  const parsed = importRow.safeParse(one.value);
  if (parsed.success) {
    return { rows: [{ row, value: parsed.data }], errors: checkRow(parsed.data, row, patterns) };
  }
  const words = parsed.error.issues.flatMap((issue) => wordsOf(issue, isCsv));
  return { rows: [], errors: words.map((problem) => ({ row, ...problem })) };
};

interface Reading {
  readonly isCsv: boolean;
  readonly patterns: Pick<BlockPatterns, 'problem'>;
}

/** Reads CSV or a JSON array into rows, and says of each bad row what is wrong with which field. */
export const parseImport = async (
  body: string | readonly unknown[],
  patterns: Pick<BlockPatterns, 'problem'>,
): Promise<ParsedImport> => {
  const isCsv = typeof body === 'string';
  const rowsAre = isCsv ? 'lines' : 'entries';
  const raw = isCsv ? await csvRows(body) : jsonRows(body);
  if (raw.count > API_LIMITS.importRowsMax) throw tooManyRows();
  const rows: ParsedRow[] = [];
  const errors: RowError[] = [];
  const doubled: RowError[] = [];
  const doubledBy = doubles(rowsAre);
  for await (const { from, to } of ranges(raw.count)) {
    for (let index = from; index < to; index++) {
      const read = readRow(raw.rowAt(index), { isCsv, patterns });
      rows.push(...read.rows);
      errors.push(...read.errors);
      doubled.push(...read.rows.flatMap(doubledBy));
    }
  }
  return { rowsAre, rows, errors: [...errors, ...doubled] };
};
