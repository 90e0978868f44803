import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { parseAsSortOf } from '@/lib/parse-sort';
import { BLOCK_KINDS } from './kinds';

export const BLOCK_STATES = ['inForce', 'ended'] as const;
const SORT_FIELDS = ['createdAt', 'value', 'expiresAt', 'hits', 'lastHitAt'] as const;

/** Everything that changes the rows is in the URL. */
export const blockedParsers = {
  search: parseAsString,
  kind: parseAsStringLiteral(BLOCK_KINDS),
  state: parseAsStringLiteral(BLOCK_STATES),
  sort: parseAsSortOf(SORT_FIELDS).withDefault('-createdAt'),
  cursor: parseAsString,
};

interface BlockedQuery {
  readonly search: string | null;
  readonly kind: (typeof BLOCK_KINDS)[number] | null;
  readonly state: (typeof BLOCK_STATES)[number] | null;
  readonly sort: string;
  readonly cursor: string | null;
}

export const NO_FILTERS = { search: null, kind: null, state: null } as const;

const PAGE_ROWS = 50;

/** The query of the API that the URL stands for. */
export const toApiQuery = ({ search, kind, state, sort, cursor }: BlockedQuery) => ({
  search,
  kind,
  ...(state === null ? {} : { expired: state === 'ended' }),
  sort,
  cursor,
  limit: PAGE_ROWS,
});
