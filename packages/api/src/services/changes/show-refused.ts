import type { RefusedNews, UnauthorizedChange } from '@gatehouse/ports';
import type { House } from '../../house.ts';

/** Tells the live streams here what another server has written about refused clients; without readers nothing is read. */
export async function showRefused(
  { live, store }: Pick<House, 'live' | 'store'>,
  news: RefusedNews,
): Promise<void> {
  if (live.readers === 0) return;
  switch (news.kind) {
    case 'many':
      live.lost(news.count);
      return;
    case 'deleted':
      live.deleted(news.ids);
      return;
    case 'restored':
      live.restored(news.count);
      return;
    case 'rows': {
      const created = new Set(news.created);
      const resolved = new Set(news.resolved);
      const rows = await store.unauthorized.getEach([...news.created, ...news.again, ...news.resolved]);
      live.publish(
        rows.map((row): UnauthorizedChange => {
          const kind = resolved.has(row.id) ? 'resolved' : 'upsert';
          return { kind, isNew: created.has(row.id), row };
        }),
      );
    }
  }
}
