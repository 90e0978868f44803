import { and, type Dialect, type Fragment, type SqlRunner } from '../sql.ts';
import { classFragment, type CompiledFilter, type RowCondition } from './filter.ts';
import { clientsOf } from './classes.ts';
import { hiddenIds } from './hidden-ids.ts';
import { difference, idSpan, intersection, readIds, wholeSpan, type IdSet } from './id-sets.ts';
import { CLASS_INDEX, idsIn, IP_INDEX, NAME_INDEXES, type Source } from './text-search.ts';

/** A set this small is not narrowed any further: its rows are looked at. */
const NARROW_IDS_MAX = 8_000;
/** Classes with more rows than this narrow too little to be worth reading. */
const CLASS_IDS_MAX = 300_000;

/** The rows that a filter may let through: no row that it lets through is missing. */
export interface Candidates {
  readonly set: IdSet;
  /** Whether it lets all of them through. */
  readonly exact: boolean;
}

/**
 * The ids that the indexes find for each condition, put together, without those that deletions hide; undefined where no
 * condition has an index.
 */
export async function candidatesOf(sql: SqlRunner, filter: CompiledFilter): Promise<Candidates | undefined> {
  const span = await idSpan(sql);
  if (span === undefined) return undefined;
  let set: IdSet | undefined;
  let skipped = 0;
  for (const { select } of selects(sql.dialect, filter)) {
    if (select === undefined || (set !== undefined && set.size <= NARROW_IDS_MAX)) {
      skipped += 1;
      continue;
    }
    const found = await readIds(sql, span, select);
    if (found === undefined) skipped += 1;
    else set = set === undefined ? found : intersection(set, found);
  }
  for (const { hidden } of filter.conditions) {
    const ids = hidden === undefined ? undefined : await hiddenIds(sql, span, hidden);
    if (ids !== undefined) set = difference(set ?? wholeSpan(span), ids);
  }
  if (set === undefined) return undefined;
  const exact = filter.conditions.every(({ source, sure }) => (source ?? sure)?.exact === true);
  return { set, exact: exact && skipped === 0 };
}

interface IdSelect {
  readonly select: Fragment | undefined;
}

/** One for each condition, the cheapest first. */
function selects(dialect: Dialect, filter: CompiledFilter): readonly IdSelect[] {
  const { generation, classes, matching } = filter;
  const conditions = addressesBesideName(filter.conditions);
  const isCheap = ({ source }: RowCondition): boolean => source?.index !== undefined;
  const ordered = [...conditions.filter(isCheap), ...conditions.filter((other) => !isCheap(other))];
  const ofClasses =
    clientsOf(matching) > CLASS_IDS_MAX
      ? undefined
      : idsIn(dialect, generation, { index: CLASS_INDEX, where: classFragment(matching), exact: true });
  return [
    ...ordered.map((condition) => ({ select: idsOfCondition(dialect, generation, condition) })),
    ...(matching.length === classes.length ? [] : [{ select: ofClasses }]),
  ];
}

/** The index of a name shows the address, too: both conditions are one look at it. */
function addressesBesideName(conditions: readonly RowCondition[]): readonly RowCondition[] {
  const name = conditions.find(({ source }) => NAME_INDEXES.has(source?.index ?? ''));
  if (name?.source === undefined) return conditions;
  const ofAddress = conditions.filter(({ source, sure }) => (source ?? sure)?.index === IP_INDEX);
  const where = and([name.source.where, ...ofAddress.map(({ checked }) => checked)]);
  const others = conditions.filter((other) => other !== name && !ofAddress.includes(other));
  return [{ ...name, source: { ...name.source, where } }, ...others];
}

/** From its source; without one, from the index that shows it, read from end to end. */
function idsOfCondition(dialect: Dialect, generation: number, condition: RowCondition): Fragment | undefined {
  const source = condition.source ?? exactOnly(condition.sure);
  return source === undefined ? undefined : (source.ids ?? idsIn(dialect, generation, source));
}

function exactOnly(sure: Source | undefined): Source | undefined {
  return sure?.exact === true ? sure : undefined;
}
