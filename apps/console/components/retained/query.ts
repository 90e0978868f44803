import { parseAsString } from 'nuqs/server';
import type { Query } from '@/lib/api';
import { parseAsSortOf } from '@/lib/parse-sort';

/** Everything that changes the rows, and the open row, is in the URL. */
export const retainedParsers = {
  filter: parseAsString,
  sort: parseAsSortOf(['topic', 'size', 'qos', 'updatedAt']).withDefault('topic'),
  cursor: parseAsString,
  open: parseAsString,
};

interface RetainedQuery {
  readonly filter: string | null;
  readonly sort: string;
  readonly cursor: string | null;
}

const PAGE_ROWS = 50;

/** The query of the API that the URL stands for. */
export const retainedQuery = ({ filter, sort, cursor }: RetainedQuery): Query => ({
  filter,
  sort,
  cursor,
  limit: PAGE_ROWS,
});
