import {
  type AclRow,
  type Attempt,
  type BackendFault,
  isTrue,
  type RecordAnswer,
  type RecordLookup,
  type RulesAnswer,
  rulesOfRows,
  SOURCE_RULES_MAX,
  type SourceRecord,
  type SuperuserAnswer,
} from '@gatehouse/auth-core';
import { badResult, faultText } from './source-errors.ts';
import type { SourceProbe } from './source-backend.ts';
import { asksByOf } from './source-placeholders.ts';
import { parseSqlTemplate, type SqlDialect, type SqlStatement, sqlValues } from './source-sql-template.ts';

/** Rows that came back, by column in lower case; `more`: there were more than were asked for. */
interface SqlRows {
  readonly result: 'rows';
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly more: boolean;
}

/** A value that its column's type cannot hold (`abc` for a number): no row has it. Clients choose their names. */
interface UnfitValue {
  readonly result: 'unfit-value';
}

/** What one statement gave. */
export type SqlAnswer = SqlRows | UnfitValue | BackendFault;

/** Asks one bound statement; answers at most `rowsMax` rows. Neither throws nor rejects. */
export type RunSql = (
  statement: Pick<SqlStatement, 'text'>,
  values: readonly (string | null)[],
  rowsMax: number,
) => Promise<SqlAnswer>;

/** The statements of an authenticator, as they are written. */
export interface SqlQueries {
  readonly query: string;
  /** Empty: the record says it. */
  readonly superQuery: string;
  /** Empty: the database holds no rules. */
  readonly aclQuery: string;
}

/** Rows that a record or a superuser question may bring: the second says that there are too many. */
const ONE_ROW = 2;

/** The text of a template that was found good when the settings were checked. */
function statementOf(template: string, dialect: SqlDialect): SqlStatement {
  const statement = parseSqlTemplate(template, dialect);
  if ('found' in statement) throw new TypeError('the statement was not checked');
  return statement;
}

/** The lookups of an authenticator over a SQL database (reference/emqx.md §1.3, §1.4). */
export function createSqlLookup(queries: SqlQueries, dialect: SqlDialect, run: RunSql): RecordLookup {
  const record = statementOf(queries.query, dialect);
  const ask = (statement: SqlStatement, attempt: Attempt, rowsMax: number) =>
    run(statement, sqlValues(statement, attempt), rowsMax);
  const lookup: RecordLookup = {
    asksBy: asksByOf(record.parameters),
    shown: { query: record.shown },
    find: async (attempt) => recordOf(await ask(record, attempt, ONE_ROW)),
  };
  const superuser = queries.superQuery === '' ? undefined : statementOf(queries.superQuery, dialect);
  const rules = queries.aclQuery === '' ? undefined : statementOf(queries.aclQuery, dialect);
  return {
    ...lookup,
    ...(superuser && {
      superuser: async (attempt: Attempt) => superuserOf(await ask(superuser, attempt, ONE_ROW)),
    }),
    ...(rules && {
      rules: async (attempt: Attempt) => rulesOf(await ask(rules, attempt, SOURCE_RULES_MAX + 1), attempt),
    }),
  };
}

function recordOf(answer: SqlAnswer): RecordAnswer {
  if (answer.result === 'unfit-value') return { result: 'none' };
  if (answer.result !== 'rows') return answer;
  const { columns, rows } = answer;
  // Columns are told even where there is no row: a query without a password column never works.
  if (!columns.includes('password')) return badResult('no column is called "password"', columns);
  const [row] = rows;
  if (row === undefined) return { result: 'none' };
  if (rows.length > 1 || answer.more) return badResult('more than one row', columns);
  const password = textOf(row['password']);
  const salt = columns.includes('salt') ? textOf(row['salt']) : null;
  if (password === undefined) return badResult('the column "password" holds no text', columns);
  if (salt === undefined) return badResult('the column "salt" holds no text', columns);
  const superuser = columns.includes('is_superuser') ? isYes(row['is_superuser']) : undefined;
  const record: SourceRecord = { password, salt, superuser, columns };
  return { result: 'record', record };
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A column as text; undefined for what is none. Binary columns hold text in EMQX's tables too. */
function textOf(value: unknown): string | null | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (!(value instanceof Uint8Array)) return undefined;
  try {
    return strictUtf8.decode(value);
  } catch {
    return undefined;
  }
}

/** A yes as a number, a boolean or text, or as MySQL's `bit(1)`. */
const isYes = (value: unknown): boolean =>
  value instanceof Uint8Array ? value.length === 1 && value[0] === 1 : isTrue(value);

function superuserOf(answer: SqlAnswer): SuperuserAnswer {
  if (answer.result === 'unfit-value') return { result: 'superuser', superuser: false };
  if (answer.result !== 'rows') return answer;
  const { columns, rows, more } = answer;
  const [column] = columns;
  if (rows.length > 1 || more || columns.length !== 1 || column === undefined) {
    return badResult('the superuser query gives one column and at most one row', columns);
  }
  return { result: 'superuser', superuser: isYes(rows[0]?.[column]) };
}

function rulesOf(answer: SqlAnswer, attempt: Attempt): RulesAnswer {
  if (answer.result === 'unfit-value') return { result: 'rules', rules: [] };
  if (answer.result !== 'rows') return answer;
  const { columns, rows, more } = answer;
  if (more) return badResult(`more than ${SOURCE_RULES_MAX} rules`, columns);
  const read = rulesOfRows(rows.map(readable), attempt);
  return 'problem' in read ? badResult(read.problem, columns) : { result: 'rules', rules: read.rules };
}

/** Small numbers come as text or bytes from some columns (`bigint`, `bit`, `enum`). */
const readable = (row: Readonly<Record<string, unknown>>): AclRow =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array ? (textOf(value) ?? '') : value,
    ]),
  );

/** Asks the database for nothing but its presence. */
export async function probeSql(run: RunSql): Promise<SourceProbe> {
  const startedAt = performance.now();
  const answer = await run({ text: 'select 1 as one' }, [], 1);
  return answer.result === 'rows' || answer.result === 'unfit-value'
    ? { ok: true, ms: Math.round(performance.now() - startedAt) }
    : { ok: false, problem: faultText(answer) };
}
