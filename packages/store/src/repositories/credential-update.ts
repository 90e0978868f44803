import type { Credential, CredentialChange } from '@gatehouse/ports';
import type { Session } from '../database.ts';
import { json, marks, storable, type SqlValue } from '../sql.ts';
import { breathe } from '../write-queue.ts';
import { factColumns } from './credential-facts.ts';
import { credentialFromRow } from './credential-record.ts';

/** Records changed with one statement; between two the thread does its other work. */
const RECORDS_PER_STATEMENT = 100;

type Given<T> = (change: CredentialChange) => T | undefined;

const mapped = <T>(value: T | undefined, to: (value: T) => SqlValue): SqlValue | undefined =>
  value === undefined ? undefined : to(value);

/** The columns that may be given, with their types: PostgreSQL cannot tell that of a parameter by itself. */
const COLUMNS: readonly (readonly [column: string, type: string, value: Given<SqlValue>])[] = [
  ['name', 'TEXT', ({ name }) => mapped(name, storable)],
  ['superuser', 'BOOLEAN', ({ superuser }) => superuser],
  ['enabled', 'BOOLEAN', ({ enabled }) => enabled],
  ['expires_at', 'BIGINT', ({ expiresAt }) => expiresAt],
  ['description', 'TEXT', ({ description }) => mapped(description, storable)],
  ['tags', 'TEXT', ({ tags }) => mapped(tags, json)],
  ['rules', 'TEXT', ({ rules }) => mapped(rules, json)],
  ['facts', 'TEXT', ({ facts }) => mapped(facts, (given) => factColumns(given, null).facts)],
  ['secret_hash', 'TEXT', ({ secret }) => secret?.hash],
  ['hash_format', 'TEXT', ({ secret }) => secret?.hashFormat],
  ['secret_kind', 'TEXT', ({ secret }) => secret?.secretKind],
];

const NAMES = COLUMNS.map(([column]) => column).join(', ');
const CHANGE = `(${marks(COLUMNS.length + 1)})`;
/** The first row of `VALUES` gives the types of the others. */
const FIRST_CHANGE = `(?, ${COLUMNS.map(([, type]) => `CAST(? AS ${type})`).join(', ')})`;
const SETS = COLUMNS.map(([column]) => `${column} = COALESCE(given.${column}, credentials.${column})`).join(
  ', ',
);
/** What becomes of the old secret: it is kept all the same, ended as of now (`SecretWrite.keepPreviousUntil` null). */
const SECRET_SETS = `
  previous_hash = CASE WHEN given.secret_hash IS NULL THEN credentials.previous_hash ELSE credentials.secret_hash END,
  previous_valid_until = CASE WHEN given.secret_hash IS NULL THEN credentials.previous_valid_until
    WHEN credentials.secret_hash IS NULL THEN NULL ELSE CAST(? AS BIGINT) END,
  secret_changed_at = CASE WHEN given.secret_hash IS NULL THEN credentials.secret_changed_at ELSE CAST(? AS BIGINT) END`;

const statement = (count: number): string =>
  `WITH given (id, ${NAMES}) AS (VALUES ${[FIRST_CHANGE, ...Array<string>(count - 1).fill(CHANGE)].join(', ')})
   UPDATE credentials SET ${SETS}, ${SECRET_SETS}, version = credentials.version + 1, updated_at = ?
   FROM given WHERE credentials.id = given.id`;

const valuesOf = (change: CredentialChange): readonly SqlValue[] => [
  change.id,
  ...COLUMNS.map(([, , value]) => value(change) ?? null),
];

/** Changes records with hand-written SQL, a hundred with one statement; each is named once. */
export async function updateRecords(
  { sql }: Pick<Session, 'sql'>,
  changes: readonly CredentialChange[],
  now: number,
): Promise<readonly (Credential | undefined)[]> {
  const after = new Map<string, Credential>();
  for (let start = 0; start < changes.length; start += RECORDS_PER_STATEMENT) {
    if (start > 0) await breathe();
    const some = changes.slice(start, start + RECORDS_PER_STATEMENT);
    await sql.run(statement(some.length), [...some.flatMap(valuesOf), now, now, now]);
    const ids = some.map(({ id }) => id);
    for (const row of await sql.all(`SELECT * FROM credentials WHERE id IN (${marks(ids.length)})`, ids)) {
      const credential = credentialFromRow(row);
      after.set(credential.id, credential);
    }
  }
  return changes.map(({ id }) => after.get(id));
}
