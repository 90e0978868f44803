import type { StreamEvent, UnauthorizedClientDto } from '@gatehouse/contract';
import type { RefusedPage } from './query';
import { DEFAULT_SORT, type View } from './view';

/** Whether new rows belong at the top of what is shown, rather than somewhere that only the server knows. */
export const isNewestFirst = (view: View): boolean =>
  view.cursor === null && view.sort === DEFAULT_SORT && view.to === null && view.group === 'none';

const byLastAttempt = (a: UnauthorizedClientDto, b: UnauthorizedClientDto): number =>
  b.lastAttemptAt.localeCompare(a.lastAttemptAt);

/** The rows after changes were heard; what is not on this page stays away unless it belongs at its top. */
export function withChanges(
  page: RefusedPage,
  event: Extract<StreamEvent, { kind: 'rows' }>,
  options: { readonly limit: number; readonly insert: boolean },
): RefusedPage {
  const changed = new Map(event.upserted.map((row) => [row.id, row]));
  const known = new Set(page.items.map((row) => row.id));
  const kept = page.items.map((row) => changed.get(row.id) ?? row);
  if (!options.insert) return { ...page, items: kept };
  const added = event.upserted.filter((row) => !known.has(row.id) && row.state === 'open');
  return {
    ...page,
    items: [...added, ...kept].sort(byLastAttempt).slice(0, options.limit),
    total: page.total + event.newRows,
  };
}

/** The rows after some were deleted. */
export function withoutRows(page: RefusedPage, ids: readonly string[]): RefusedPage {
  const gone = new Set(ids);
  const items = page.items.filter((row) => !gone.has(row.id));
  return { ...page, items, total: Math.max(0, page.total - (page.items.length - items.length)) };
}

/** Reads an event's data; null for what this console does not know. */
export function parseEvent(data: unknown): StreamEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'kind' in value ? (value as StreamEvent) : null;
  } catch {
    return null;
  }
}

export const STREAM_KINDS = ['rows', 'deleted', 'restored', 'heartbeat', 'resync'] as const;
