import type { SortField } from './view';

/** Every column, in the order of the table: the seed's seven, then ours. */
export const COLUMN_IDS = [
  'lastAttemptAt',
  'clientId',
  'username',
  'passwordProvided',
  'tlsUsed',
  'ip',
  'reason',
  'attempts',
  'firstAttemptAt',
  'listener',
  'protocol',
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

export const COLUMN_WIDTH_MIN_PX = 44;
export const COLUMN_WIDTH_MAX_PX = 640;
/** How far one press of an arrow key moves a column's edge. */
export const COLUMN_STEP_PX = 16;

interface ColumnLook {
  readonly widthPx: number;
  /** The server can sort by it. */
  readonly sort?: SortField;
  readonly align?: 'end' | 'center';
}

/** At 1440 px those up to the first attempt have room beside the filters; the others are scrolled to. */
export const COLUMNS: Readonly<Record<ColumnId, ColumnLook>> = {
  lastAttemptAt: { widthPx: 108, sort: 'lastAttemptAt' },
  clientId: { widthPx: 110, sort: 'clientId' },
  username: { widthPx: 84, sort: 'username' },
  passwordProvided: { widthPx: 70, align: 'center' },
  tlsUsed: { widthPx: 44, align: 'center' },
  ip: { widthPx: 100, sort: 'ip' },
  reason: { widthPx: 160, sort: 'reason' },
  attempts: { widthPx: 76, sort: 'attempts', align: 'end' },
  firstAttemptAt: { widthPx: 84, sort: 'firstAttemptAt' },
  listener: { widthPx: 84, sort: 'listener' },
  protocol: { widthPx: 96 },
};

/** Which columns are shown, in which order, how wide. */
export interface ColumnPrefs {
  readonly order: readonly ColumnId[];
  readonly hidden: readonly ColumnId[];
  readonly widths: Readonly<Partial<Record<ColumnId, number>>>;
}

/** All of them, as they come. */
export const DEFAULT_COLUMNS: ColumnPrefs = { order: COLUMN_IDS, hidden: [], widths: {} };

const isColumn = (value: unknown): value is ColumnId => COLUMN_IDS.some((id) => id === value);
const columnsOf = (value: unknown): readonly ColumnId[] =>
  Array.isArray(value) ? value.filter(isColumn) : [];

export const clampWidth = (width: number): number =>
  Math.round(Math.min(COLUMN_WIDTH_MAX_PX, Math.max(COLUMN_WIDTH_MIN_PX, width)));

function widthsOf(value: unknown): ColumnPrefs['widths'] {
  if (typeof value !== 'object' || value === null) return {};
  const known = Object.entries(value).filter(([id, width]) => isColumn(id) && Number.isFinite(width));
  return Object.fromEntries(known.map(([id, width]) => [id, clampWidth(Number(width))]));
}

/** Reads what was stored; a column that is new since then gets its usual place, an unknown one is dropped. */
export function parseColumnPrefs(text: string): ColumnPrefs {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    return DEFAULT_COLUMNS;
  }
  if (typeof value !== 'object' || value === null) return DEFAULT_COLUMNS;
  const order = [...new Set('order' in value ? columnsOf(value.order) : [])];
  return {
    order: [...order, ...COLUMN_IDS.filter((id) => !order.includes(id))],
    hidden: 'hidden' in value ? columnsOf(value.hidden) : [],
    widths: 'widths' in value ? widthsOf(value.widths) : {},
  };
}

/** The order with one column moved by a step. */
export function moved(order: readonly ColumnId[], id: ColumnId, step: -1 | 1): readonly ColumnId[] {
  const from = order.indexOf(id);
  const to = from + step;
  const other = order[to];
  if (from === -1 || other === undefined) return order;
  return order.with(to, id).with(from, other);
}

/** The order with one column put in another's place. */
export function movedTo(order: readonly ColumnId[], id: ColumnId, target: ColumnId): readonly ColumnId[] {
  if (id === target) return order;
  const forward = order.indexOf(id) < order.indexOf(target);
  const rest = order.filter((one) => one !== id);
  const at = rest.indexOf(target) + (forward ? 1 : 0);
  return [...rest.slice(0, at), id, ...rest.slice(at)];
}
