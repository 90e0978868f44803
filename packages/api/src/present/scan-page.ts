import { createHash } from 'node:crypto';
import { InvalidCursorError, type Scan, type ScanRequest, type ScanResult } from '@gatehouse/ports';
import { z } from 'zod';
import { ProblemError } from '../problem.ts';

/** A list's query as far as paging goes; `scope` is the list's name with its filter. */
interface ScanQuery {
  readonly scope: readonly unknown[];
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort: { readonly direction: 'asc' | 'desc' };
}

type Side = 'after' | 'before';

/** Characters of a key that a cursor holds: a client ID may be longer than a URL. */
const KEY_CHARS_MAX = 2_048;
const LAST_CHARACTER = '\uffff';
const BUSY_RETRY_SECONDS = 1;

const cursorContent = z.tuple([z.string(), z.enum(['after', 'before']), z.string()]);

/** A cursor belongs to its list, filter and order. */
const sealOf = ({ scope, sort }: ScanQuery): string =>
  createHash('sha256')
    .update(JSON.stringify([scope, sort.direction]))
    .digest('base64url')
    .slice(0, 12);

/** A key that is too long stands for all that begin as it does: none of those comes twice. */
const shortened = (key: string, goesUp: boolean): string =>
  key.length <= KEY_CHARS_MAX ? key : key.slice(0, KEY_CHARS_MAX) + (goesUp ? LAST_CHARACTER : '');

const encode = (query: ScanQuery, side: Side, key: string | null): string | null => {
  if (key === null) return null;
  const goesUp = (query.sort.direction === 'asc') === (side === 'after');
  return Buffer.from(JSON.stringify([sealOf(query), side, shortened(key, goesUp)])).toString('base64url');
};

const decode = (query: ScanQuery, cursor: string): ScanRequest['edge'] => {
  const parsed = cursorContent.safeParse(parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success) throw new InvalidCursorError('the cursor cannot be read');
  const [seal, side, key] = parsed.data;
  if (seal !== sealOf(query)) throw new InvalidCursorError('the cursor belongs to another list or filter');
  return { side, key };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What the data plane is asked for. @throws InvalidCursorError */
export const scanRequest = (query: ScanQuery): ScanRequest => ({
  limit: query.limit,
  direction: query.sort.direction,
  edge: query.cursor === undefined ? undefined : decode(query, query.cursor),
});

/** The answer, unless as many questions as are answered at a time are under way. */
export const notBusy = <T>(answer: T | 'busy'): T => {
  if (answer === 'busy') {
    throw new ProblemError('too-many-requests', {
      detail: 'Other questions about the broker are still being answered.',
      retryAfterSeconds: BUSY_RETRY_SECONDS,
    });
  }
  return answer;
};

/** A page as the contract writes it. */
export const presentScan = <T, D>(query: ScanQuery, result: ScanResult<T>, present: (item: T) => D) => {
  const page: Scan<T> = notBusy(result);
  return {
    items: page.items.map(present),
    next: encode(query, 'after', page.next),
    prev: encode(query, 'before', page.prev),
    total: page.total,
    totalIsExact: page.complete && page.missing.length === 0,
    nodes: [...page.nodes],
    missing: [...page.missing],
  };
};
