import { z } from 'zod';

/** Rows of one page, as EMQX's `max_row_limit`. */
const ROWS_MAX = 10_000;
/** Items of one array. */
export const ITEMS_MAX = 10_000;

export const paging = z.looseObject({
  _page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  _limit: z.coerce.number().int().min(1).max(ROWS_MAX).default(ROWS_MAX),
});

// EMQX's documents are this API's: ours leaves it out.
export const schema = { hide: true };

export const itemOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
