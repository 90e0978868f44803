import type { UnauthorizedSort } from '@gatehouse/ports';
import type { Walk } from '../keyset.ts';
import { and, type SqlRunner } from '../sql.ts';
import type { Candidates } from './candidates.ts';
import { walkCandidates } from './candidate-walk.ts';
import { clientsOf } from './classes.ts';
import { classFragment, type CompiledFilter, type RowCondition } from './filter.ts';
import { idsOf, intersection, readIds, type IdSet } from './id-sets.ts';
import { bestSource, SORTED_ROWS_MAX, type FilterPlan, type SizedSource } from './plan.ts';
import { CLASS_INDEX, idsIn, idsListed, LAST_AT_INDEX, NAME_INDEXES } from './text-search.ts';
import { COLUMNS, findInClasses, findInOrder, findInSource, type Column, type FoundRow } from './walks.ts';

/** Classes whose rows are merged by time, each from its own index range. */
const MERGED_CLASSES_MAX = 100;
/** Rows that a walk looks at before it gives up for reading a source whole. */
const WALKED_ROWS_MAX = 30_000;
/** The same where the index alone decides. */
const WALKED_ENTRIES_MAX = 150_000;
/** The same where an index has all that is looked at. */
const WALKED_BRIEFLY_MAX = 4_000;
/** The same where the candidates can be put together instead. */
const WALKED_BEFORE_CANDIDATES_MAX = 2_048;
/** Candidates that are read and sorted where a walk does not find enough of them soon. */
const LISTED_ROWS_MAX = 30_000;
/** Index entries that it looks at before. */
const CANDIDATE_ENTRIES_MAX = 40_000;

/** The rows of a walk in the order of a sort. */
export async function findRows(
  sql: SqlRunner,
  plan: FilterPlan,
  sort: UnauthorizedSort,
  walk: Walk,
): Promise<readonly FoundRow[]> {
  if (plan.filter.matching.length === 0) return [];
  return sort === 'reason' || sort === 'listener'
    ? findByLabel(sql, plan, sort, walk)
    : findByColumn(sql, plan, COLUMNS[sort], walk);
}

async function findByColumn(
  sql: SqlRunner,
  plan: FilterPlan,
  column: Column,
  walk: Walk,
): Promise<readonly FoundRow[]> {
  const rows = await tryColumn(sql, plan, column, walk);
  if (rows !== 'too-far') return rows;
  const candidates = await plan.candidates.get();
  return candidates === undefined
    ? findInSource(sql, plan.filter, bestSource(plan), [`c.${column}`], walk)
    : findCandidates(sql, plan.filter, candidates, column, walk);
}

/** The rows by whichever way is short; `too-far` when they are too sparse in the order of the sort. */
async function tryColumn(
  sql: SqlRunner,
  plan: FilterPlan,
  column: Column,
  walk: Walk,
): Promise<readonly FoundRow[] | 'too-far'> {
  const { filter } = plan;
  const isWhole = filter.conditions.length === 0 && filter.matching.length === filter.classes.length;
  if (isWhole) return findInOrder(sql, filter, column, walk, walk.limit);
  const best = bestSource(plan);
  if (best.size <= SORTED_ROWS_MAX) return findInSource(sql, filter, best, [`c.${column}`], walk);
  if (
    filter.conditions.length === 0 &&
    column === 'last_at' &&
    filter.matching.length <= MERGED_CLASSES_MAX
  ) {
    return findInClasses(sql, filter, walk);
  }
  const covering = coveringSource(filter, column);
  const isNarrow = filter.conditions.every(({ narrow }) => narrow === true);
  if (covering === undefined && !isNarrow) {
    const budget = filter.conditions.some(hasIds) ? WALKED_BEFORE_CANDIDATES_MAX : WALKED_ROWS_MAX;
    return walkCandidates(sql, filter, undefined, column, walk, budget);
  }
  const budget = covering === undefined ? WALKED_ENTRIES_MAX : WALKED_BRIEFLY_MAX;
  const rows = await findInOrder(sql, filter, column, walk, budget);
  if (rows.length >= walk.limit) return rows;
  return covering === undefined ? 'too-far' : findInSource(sql, filter, covering, [`c.${column}`], walk);
}

function hasIds({ source, sure, hidden }: RowCondition): boolean {
  return source !== undefined || sure?.exact === true || hidden !== undefined;
}

/** An index that has all that a filter and a sort look at. */
function coveringSource(filter: CompiledFilter, column: Column): SizedSource | undefined {
  return column === 'ip_key' ? coveringName(filter) : coveringNumbers(filter, column);
}

/** The address lies beside the name, for a filter by one of the names and by class. */
function coveringName(filter: CompiledFilter): SizedSource | undefined {
  const [condition, ...others] = filter.conditions.filter(({ narrow }) => narrow !== true);
  const source = condition?.source;
  if (source === undefined || others.length > 0 || !NAME_INDEXES.has(source.index ?? '')) return undefined;
  return { source, size: clientsOf(filter.matching), condition };
}

/** The numbers lie beside class and time. */
function coveringNumbers(filter: CompiledFilter, column: Column): SizedSource | undefined {
  if (column !== 'last_at' && column !== 'first_at' && column !== 'attempts') return undefined;
  const ofTime = filter.conditions.filter(({ source }) => source?.index === LAST_AT_INDEX);
  const [condition] = ofTime;
  const others = filter.conditions.filter((other) => other !== condition);
  if (!others.every(({ narrow }) => narrow === true)) return undefined;
  const size = clientsOf(filter.matching);
  const time = condition?.source?.where ?? and([]);
  if (filter.matching.length === filter.classes.length)
    return { source: { index: LAST_AT_INDEX, where: time, exact: true }, size, condition };
  const where = and([classFragment(filter.matching), time]);
  return { source: { index: CLASS_INDEX, where, exact: true }, size, condition };
}

/** Few candidates are read and sorted; of many, some soon come up in the order of the sort. */
async function findCandidates(
  sql: SqlRunner,
  filter: CompiledFilter,
  candidates: Candidates,
  column: Column,
  walk: Walk,
): Promise<readonly FoundRow[]> {
  const { size } = candidates.set;
  if (size > SORTED_ROWS_MAX) {
    const budget = size > LISTED_ROWS_MAX ? Infinity : CANDIDATE_ENTRIES_MAX;
    const rows = await walkCandidates(sql, filter, candidates.set, column, walk, budget);
    if (rows !== 'too-far') return rows;
  }
  return findListed(sql, filter, candidates.set, [`c.${column}`], walk);
}

function findListed(
  sql: SqlRunner,
  filter: CompiledFilter,
  set: IdSet,
  expressions: readonly string[],
  walk: Walk,
): Promise<readonly FoundRow[]> {
  const source = { index: undefined, where: idsListed(sql.dialect, idsOf(set, set.size)), exact: false };
  return findInSource(sql, filter, { source, size: set.size, condition: undefined }, expressions, walk);
}

type Label = 'reason' | 'listener';

/** Sorted by what the class tells: one value after the other, the rows of each by time. */
async function findByLabel(
  sql: SqlRunner,
  plan: FilterPlan,
  sort: Label,
  walk: Walk,
): Promise<readonly FoundRow[]> {
  const { filter, sources } = plan;
  const expressions = [`k.${sort}`, 'c.last_at'];
  if (sources.some(({ size }) => size <= SORTED_ROWS_MAX))
    return findInSource(sql, filter, bestSource(plan), expressions, walk);
  const [start, ...rest] = walk.after?.values ?? [];
  const rows: FoundRow[] = [];
  for (const label of labelsFrom(filter, sort, walk)) {
    const after = label === start && walk.after !== null ? { id: walk.after.id, values: rest } : null;
    const matching = filter.matching.filter((value) => value[sort] === label);
    const ofLabel = { ...plan, filter: { ...filter, matching } };
    const left = { ...walk, after, limit: walk.limit - rows.length };
    const some = await findOfLabel(sql, ofLabel, left);
    if (some === 'read-whole') return findWhole(sql, plan, expressions, walk);
    rows.push(...some.map(({ id, values }) => ({ id, values: [label, ...values] })));
    if (rows.length >= walk.limit) break;
  }
  return rows;
}

/** The labels in the order of the walk, from that of its start on. */
function labelsFrom(
  { matching }: CompiledFilter,
  sort: Label,
  { ascending, after }: Walk,
): readonly string[] {
  const labels = [...new Set(matching.map((value) => value[sort]))].sort((a, b) =>
    a < b === ascending ? -1 : 1,
  );
  const start = after?.values[0];
  if (start === undefined) return labels;
  return labels.filter((label) => (ascending ? label >= String(start) : label <= String(start)));
}

/** The rows of one label by time; `read-whole` where no index helps, or where there are few candidates over all labels. */
async function findOfLabel(
  sql: SqlRunner,
  plan: FilterPlan,
  walk: Walk,
): Promise<readonly FoundRow[] | 'read-whole'> {
  const known = plan.candidates.known();
  if (known === undefined) {
    const rows = await tryColumn(sql, plan, 'last_at', walk);
    if (rows !== 'too-far') return rows;
  }
  const candidates = known ?? (await plan.candidates.get());
  if (candidates === undefined || candidates.set.size <= SORTED_ROWS_MAX) return 'read-whole';
  const { filter } = plan;
  if (clientsOf(filter.matching) > CANDIDATE_ENTRIES_MAX) {
    const rows = await walkCandidates(sql, filter, candidates.set, 'last_at', walk, CANDIDATE_ENTRIES_MAX);
    if (rows !== 'too-far') return rows;
  }
  const ofClasses = { index: CLASS_INDEX, where: classFragment(filter.matching), exact: true };
  const inClasses = idsIn(sql.dialect, filter.generation, ofClasses);
  const ofLabel = await readIds(sql, candidates.set.span, inClasses);
  const set = ofLabel === undefined ? candidates.set : intersection(candidates.set, ofLabel);
  return findCandidates(sql, filter, { set, exact: false }, 'last_at', walk);
}

function findWhole(
  sql: SqlRunner,
  plan: FilterPlan,
  expressions: readonly string[],
  walk: Walk,
): Promise<readonly FoundRow[]> {
  const candidates = plan.candidates.known();
  return candidates === undefined
    ? findInSource(sql, plan.filter, bestSource(plan), expressions, walk)
    : findListed(sql, plan.filter, candidates.set, expressions, walk);
}
