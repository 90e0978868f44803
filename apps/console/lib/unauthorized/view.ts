import type { Family } from '@gatehouse/auth-core/reasons';
import type { SetChoice } from './set-choice';
import type { TextChoice } from './text-choice';

export const RANGE_KEYS = ['15m', '1h', '6h', '24h', '7d', '30d', 'all'] as const;
export type RangeKey = (typeof RANGE_KEYS)[number];

const HOUR_MS = 3_600_000;
/** How far back each range goes, ms; `all` has no beginning. */
export const RANGE_MS: Readonly<Record<Exclude<RangeKey, 'all'>, number>> = {
  '15m': 15 * 60_000,
  '1h': HOUR_MS,
  '6h': 6 * HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};
export const DEFAULT_RANGE: RangeKey = '24h';

/** Fields that the server sorts by, in the order of the table. */
const SORT_FIELDS = [
  'lastAttemptAt',
  'clientId',
  'username',
  'ip',
  'reason',
  'attempts',
  'firstAttemptAt',
  'listener',
] as const;
export type SortField = (typeof SORT_FIELDS)[number];
export const DEFAULT_SORT = '-lastAttemptAt';
export const SORTS: readonly string[] = SORT_FIELDS.flatMap((field) => [field, `-${field}`]);

export const PAGE_SIZES = [25, 50, 100, 200] as const;
export type PageSize = (typeof PAGE_SIZES)[number];
export const DEFAULT_PAGE_SIZE: PageSize = 50;

export const GROUPINGS = ['none', 'incident', 'network', 'username', 'reason'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const STATES = ['open', 'resolved', 'all'] as const;
type StateChoice = (typeof STATES)[number];

/** Fields filtered by a set of values. */
export const SET_FIELDS = ['family', 'reason', 'protocol', 'listener', 'ip'] as const;
export type SetField = (typeof SET_FIELDS)[number];
/** Fields filtered by what their text is, begins with or contains. */
export const TEXT_FIELDS = ['clientId', 'username', 'detail'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
/** Fields that are either so or not. */
export const FLAG_FIELDS = ['passwordProvided', 'tlsUsed'] as const;
export type FlagField = (typeof FLAG_FIELDS)[number];

type Filters = Readonly<Record<SetField, SetChoice | null>> &
  Readonly<Record<TextField, TextChoice | null>> &
  Readonly<Record<FlagField, boolean | null>>;

/** Everything that decides which rows are shown: what the URL holds, but for the row that is open. */
export interface View extends Filters {
  readonly search: string | null;
  readonly state: StateChoice;
  /** Counts back from now, or from `at`; without effect while `from` or `to` is given. */
  readonly range: RangeKey;
  readonly from: Date | null;
  readonly to: Date | null;
  /** Refused for the first time at or after / before. */
  readonly firstFrom: Date | null;
  readonly firstTo: Date | null;
  /** The time that `range` counts back from, fixed while a later page is shown: its cursor belongs to it. */
  readonly at: Date | null;
  readonly sort: string;
  readonly limit: PageSize;
  readonly cursor: string | null;
  readonly group: Grouping;
}

export type ViewPatch = { readonly [K in keyof View]?: View[K] | null };

const FAMILIES: Readonly<Record<Family, true>> = {
  basic: true,
  x509: true,
  scram: true,
  jwt: true,
  http: true,
  source: true,
  ldap: true,
  tls: true,
  policy: true,
  protocol: true,
};
const IP_OR_RANGE = /^[0-9a-fA-F:.]{2,45}(\/\d{1,3})?$/;
const REASON_CODE = /^[A-Z][A-Z0-9_]{2,63}$/;

/** Whether a value can be one of the field's; what only the server knows (a listener's name) is let through. */
export const IS_VALUE: Readonly<Record<SetField, (value: string) => boolean>> = {
  family: (value) => Object.hasOwn(FAMILIES, value),
  reason: (value) => REASON_CODE.test(value),
  protocol: (value) => /^[345]$/.test(value),
  listener: (value) => value.length <= 64,
  ip: (value) => IP_OR_RANGE.test(value),
};

/** Takes every filter away; range, sort and page size stay. */
export const NO_FILTERS: ViewPatch = {
  search: null,
  state: null,
  family: null,
  reason: null,
  protocol: null,
  listener: null,
  ip: null,
  clientId: null,
  username: null,
  detail: null,
  passwordProvided: null,
  tlsUsed: null,
  from: null,
  to: null,
  firstFrom: null,
  firstTo: null,
};
