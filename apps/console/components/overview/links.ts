import type { Query } from '@/lib/api';
import type { TimeRange } from '@/lib/range';
import { unauthorizedLink } from '@/lib/unauthorized-link';

/** The rows behind a number: of the same range, and solved or not, as they were counted. */
export const rowsOf = (range: TimeRange, filters: Query = {}): string =>
  unauthorizedLink({ ...filters, state: 'all', ...range });

/** The rows that were refused for the first time in the range. */
export const newRowsOf = ({ from, to }: TimeRange): string =>
  unauthorizedLink({ state: 'all', range: 'all', firstFrom: from, firstTo: to });
