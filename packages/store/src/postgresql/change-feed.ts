import type {
  ChangeFeed,
  ChangeMark,
  CredentialType,
  NotedChange,
  RefusedNews,
  ToldEvent,
} from '@gatehouse/ports';
import { num, text, type Row, type SqlRunner } from '../sql.ts';

/** How long a change is kept for servers that are away, milliseconds. */
const KEPT_MS = 3_600_000;
/** A server that was away for longer reads everything again: what it missed is still there, with time to spare. */
const AWAY_MS_MAX = 2_700_000;
/** Failed logins and refused clients matter while they are new, and are many. */
const NEWS_KEPT_MS = 60_000;
/** Rows read at once; one of credentials or blocks names up to 500. */
const ROWS_MAX = 200;

const NOW =
  'SELECT pg_current_snapshot()::text AS snapshot, extract(epoch FROM clock_timestamp())::float8 * 1000 AS at';

/**
 * Between two snapshots lies exactly what committed between them: a row that the later one sees and the earlier one does not, though
 * its number is lower than others that were read. No lock is taken, nobody waits, and a long transaction holds nothing up.
 */
const BETWEEN = `SELECT seq, kind, ids, detail FROM change_log
  WHERE xid >= pg_snapshot_xmin(CAST(? AS pg_snapshot))
    AND NOT pg_visible_in_snapshot(xid, CAST(? AS pg_snapshot))
    AND pg_visible_in_snapshot(xid, CAST(? AS pg_snapshot))
    AND seq > ? AND origin IS DISTINCT FROM ?
  ORDER BY seq LIMIT ${ROWS_MAX}`;

/** What other servers note; `origin` is how this one signs what it changes itself. */
export function createChangeFeed(sql: SqlRunner, origin: string): ChangeFeed {
  const now = async (): Promise<{ readonly snapshot: string; readonly at: number }> => {
    const [row] = await sql.all(NOW);
    if (row === undefined) throw new Error('the database has no snapshot');
    return { snapshot: text(row, 'snapshot'), at: num(row, 'at') };
  };
  const begin = async (): Promise<ChangeMark> => {
    const { snapshot, at } = await now();
    return { since: snapshot, until: null, after: 0, at };
  };
  return {
    begin,
    read: async (mark) => {
      const until = mark.until ?? (await now());
      const target = typeof until === 'string' ? { snapshot: until, at: mark.at } : until;
      if (target.at - mark.at > AWAY_MS_MAX || isBefore(target.snapshot, mark.since)) {
        const changes = [{ kind: 'everything' }] as const;
        return {
          changes,
          mark: { since: target.snapshot, until: null, after: 0, at: target.at },
          more: false,
        };
      }
      const rows = await sql.all(BETWEEN, [mark.since, mark.since, target.snapshot, mark.after, origin]);
      const last = rows.at(-1);
      const more = rows.length === ROWS_MAX && last !== undefined;
      return {
        changes: rows.flatMap(changeOf),
        mark: more
          ? { ...mark, until: target.snapshot, after: num(last, 'seq') }
          : { since: target.snapshot, until: null, after: 0, at: target.at },
        more,
      };
    },
    sweep: async () => {
      await sql.run(
        `DELETE FROM change_log WHERE at < clock_timestamp() - CAST(? AS FLOAT8) * interval '1 ms'
           OR (kind IN ('failures', 'refused') AND at < clock_timestamp() - CAST(? AS FLOAT8) * interval '1 ms')`,
        [KEPT_MS, NEWS_KEPT_MS],
      );
    },
  };
}

/** Whether the database has gone back in time: another took its place that had not everything, or it was restored. */
function isBefore(snapshot: string, other: string): boolean {
  const next = (of: string): bigint => BigInt(of.split(':')[1] ?? '0');
  return next(snapshot) < next(other);
}

/** Of a release to come there may be kinds that this one knows nothing of, and holds nothing of. */
function changeOf(row: Row): readonly NotedChange[] {
  const kind = text(row, 'kind');
  const ids = row['ids'] as readonly string[];
  const detail = JSON.parse(text(row, 'detail')) as Record<string, unknown>;
  switch (kind) {
    case 'credentials':
      return [{ kind, ids, type: detail['type'] as CredentialType, ends: detail['ends'] === true }];
    case 'blocks':
      return [{ kind, ids }];
    case 'access-rules':
    case 'authentication':
    case 'revocations':
    case 'everything':
      return [{ kind }];
    case 'refused':
      return [{ kind, news: detail as RefusedNews }];
    case 'failures':
    case 'told':
      return [{ kind: 'told', event: detail as ToldEvent }];
    default:
      return [];
  }
}
