import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UnauthorizedClient, UnauthorizedFilter } from '@gatehouse/ports';
import type { Database } from '../src/database.ts';
import { createUnauthorized } from '../src/repositories/unauthorized.ts';
import { openSqlite, type OpenDatabase } from '../src/sqlite/database.ts';
import { fragment, type SqlRunner } from '../src/sql.ts';
import { candidatesOf } from '../src/unauthorized/candidates.ts';
import { walkCandidates } from '../src/unauthorized/candidate-walk.ts';
import { compileFilter, type Hiding } from '../src/unauthorized/filter.ts';
import {
  difference,
  has,
  idsOf,
  intersection,
  readIds,
  wholeSpan,
  type IdSet,
} from '../src/unauthorized/id-sets.ts';
import { currentGeneration } from '../src/unauthorized/generations.ts';
import { COLUMNS, type FoundRow } from '../src/unauthorized/walks.ts';
import { compare, matches } from './support/model.ts';
import { batch, delta } from './support/records.ts';
import { temporaryDirectory, testClock } from './support/stores.ts';

const ROWS = 300;
const HIDDEN_AT = 30_000;
const deltas = Array.from({ length: ROWS }, (_, index) =>
  delta({
    key: index.toString(16).padStart(64, '0'),
    clientId: `Device-${index % 60}`,
    username: index % 5 === 0 ? null : `user-${index % 9}`,
    ip: `10.0.${index % 3}.${index % 11}`,
    at: 1_000 + (index % 50) * 1_000,
    attempts: 1 + (index % 4),
    listener: index % 3 === 0 ? 'tcp' : 'tls',
  }),
);

const filters: fc.Arbitrary<UnauthorizedFilter> = fc.record(
  {
    clientId: fc.constantFrom<NonNullable<UnauthorizedFilter['clientId']>[]>(
      { op: 'starts', value: 'Device-1' },
      { op: 'contains', value: 'vice-2' },
      { op: 'contains', value: '5' },
    ),
    username: fc.constantFrom<NonNullable<UnauthorizedFilter['username']>[]>(
      { op: 'eq', value: 'user-3' },
      { op: 'starts', value: 'user' },
    ),
    search: fc.constantFrom('vice-3', 'USER-1', '10.0.2', 'nothing at all'),
    listener: fc.constant({ include: ['tcp'] }),
    ip: fc.constantFrom({ include: ['10.0.0.1', '10.0.1.4', '10.0.2.8'] }, { exclude: ['10.0.1.4'] }),
    from: fc.integer({ min: 0, max: 30_000 }),
  },
  { requiredKeys: [] },
);

const directory = temporaryDirectory();
let database: OpenDatabase;
let rows: readonly UnauthorizedClient[] = [];
const sql = <T>(work: (runner: SqlRunner) => Promise<T>): Promise<T> =>
  (database satisfies Database).read((session) => work(session.sql));

beforeAll(async () => {
  database = await openSqlite(directory.path);
  const repository = createUnauthorized(database, testClock());
  await repository.flush(batch(deltas), 1);
  const all: UnauthorizedClient[] = [];
  for await (const chunk of repository.stream({}, 100)) all.push(...chunk);
  rows = all;
});
afterAll(async () => {
  await database.close();
  directory.discard();
});

test('sets of ids hold what was read into them, and combine as sets do', async () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1_000, max: 1_400 }), { maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(ids, ids, async (left, right) => {
      const read = (values: readonly number[], first: number) =>
        sql((runner) =>
          readIds(
            runner,
            { first, last: 1_400 },
            { sql: 'SELECT value AS id FROM json_each(?)', values: [JSON.stringify(values)] },
          ),
        );
      const [one, other] = [await read(left, 1_000), await read(right, 992)];
      if (one === undefined || other === undefined) throw new Error('a set is missing');
      const sorted = [...left].sort((a, b) => a - b);
      expect([one.size, idsOf(one, 1_000)]).toEqual([left.length, sorted]);
      expect(idsOf(intersection(one, other), 1_000)).toEqual(sorted.filter((id) => right.includes(id)));
      expect(idsOf(difference(one, other), 1_000)).toEqual(sorted.filter((id) => !right.includes(id)));
      expect(left.every((id) => has(one, id) && has(wholeSpan(one.span), id))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

const found = (walked: readonly FoundRow[] | 'too-far'): readonly FoundRow[] =>
  walked === 'too-far' ? [] : walked;

async function expectWalks(filter: UnauthorizedFilter, shown: (row: UnauthorizedClient) => boolean) {
  const expected = rows.filter((row) => matches(row, filter) && shown(row));
  await sql(async (runner) => {
    const compiled = await compileFilter(runner, await currentGeneration(runner), filter);
    const candidates = await candidatesOf(runner, compiled);
    if (candidates?.exact === true) expect(candidates.set.size).toBe(expected.length);
    for (const field of [
      'lastAttemptAt',
      'firstAttemptAt',
      'attempts',
      'clientId',
      'username',
      'ip',
    ] as const) {
      const ordered = [...expected].sort(compare(field, 'desc')).map(({ id }) => Number(id));
      for (const set of [candidates?.set, undefined]) {
        const walk = (limit: number, after: { id: number; values: readonly (string | number)[] } | null) =>
          walkCandidates(runner, compiled, set, COLUMNS[field], { ascending: false, after, limit });
        const first = await walk(7, null);
        const last = found(first).at(-1);
        const rest = last === undefined ? [] : await walk(ROWS, last);
        expect([...found(first), ...found(rest)].map(({ id }) => id)).toEqual(ordered);
      }
    }
  });
}

test('a walk over the candidates gives the rows of the model in its order, and none is missing among them', async () => {
  await fc.assert(
    fc.asyncProperty(filters, (filter) => expectWalks(filter, () => true)),
    { numRuns: 40 },
  );
});

test('a walk that looks at no more entries than it may says so', async () => {
  const walked = await sql(async (runner) => {
    const compiled = await compileFilter(runner, await currentGeneration(runner), { search: 'Device-59' });
    return walkCandidates(
      runner,
      compiled,
      undefined,
      'client_id',
      { ascending: true, after: null, limit: 5 },
      20,
    );
  });
  expect(walked).toBe('too-far');
});

test('while a deletion hides rows, candidates and walks leave them out, and a row that was refused again stays', async () => {
  const hides: Omit<Hiding, 'generation'> = {
    filter: { clientId: { op: 'contains', value: 'vice-1' } },
    except: [Number(rows.find(({ clientId }) => clientId === 'Device-1')?.id)],
    at: HIDDEN_AT,
  };
  await database.write(async (session) => {
    const generation = await currentGeneration(session.sql);
    await session.sql.run(
      `INSERT INTO unauthorized_deletions (generation, token_hash, kind, actor, until, rows, used, hides)
       VALUES (9, 'hash', 'filter', 'system:s', 1, 0, ?, ?)`,
      [false, JSON.stringify({ ...hides, generation })],
    );
  });
  const shown = (row: UnauthorizedClient): boolean =>
    !matches(row, hides.filter) || row.lastAttemptAt > HIDDEN_AT || hides.except.includes(Number(row.id));
  expect(rows.filter(shown).length).toBeLessThan(ROWS);
  await expectWalks({}, shown);
  await fc.assert(
    fc.asyncProperty(filters, (filter) => expectWalks(filter, shown)),
    { numRuns: 20 },
  );
});

test('a set that is remembered is read anew after a commit of another connection', async () => {
  const select = fragment('SELECT id FROM unauthorized_clients WHERE attempts > ?', 100);
  const span = { first: 0, last: 1_000 };
  const asked = (): Promise<IdSet | undefined> => sql((runner) => readIds(runner, span, select));
  const before = await asked();
  expect(before?.size).toBe(0);
  expect(await asked()).toBe(before);
  const loud = delta({ key: 'f'.repeat(64), clientId: 'loud', attempts: 101, at: 1_000 });
  await createUnauthorized(database, testClock()).flush(batch([loud]), 1);
  expect((await asked())?.size).toBe(1);
});
