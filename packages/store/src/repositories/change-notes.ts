import type { ChangeNotes, RefusedNews, UnauthorizedChange } from '@gatehouse/ports';
import type { Database } from '../database.ts';
import { json, type SqlRunner } from '../sql.ts';

/** Rows that are named to other servers; of more they read the page again. */
const NAMED_MAX = 500;

/** Beside SQLite there is nobody to tell. */
export function createChangeNotes({ dialect, write }: Database): ChangeNotes {
  const isAlone = dialect === 'sqlite';
  return {
    tell: (events) =>
      isAlone || events.length === 0
        ? Promise.resolve()
        : write(async ({ sql }) => {
            for (const event of events)
              await sql.run('INSERT INTO change_log (kind, detail) VALUES (?, ?)', [
                event.kind === 'failures-elsewhere' ? 'failures' : 'told',
                json(event),
              ]);
          }),
    tellRefused: (news) => (isAlone ? Promise.resolve() : write(({ sql }) => noteRefused(sql, news))),
  };
}

/** Notes what a flush of the recorder did, within its transaction. */
export async function noteFlush(sql: SqlRunner, changes: readonly UnauthorizedChange[]): Promise<void> {
  if (sql.dialect === 'sqlite' || changes.length === 0) return;
  if (changes.length > NAMED_MAX) {
    await noteRefused(sql, { kind: 'many', count: changes.length });
    return;
  }
  const idsOf = (wanted: (change: UnauthorizedChange) => boolean): readonly string[] =>
    changes.filter(wanted).map(({ row }) => row.id);
  await noteRefused(sql, {
    kind: 'rows',
    created: idsOf(({ kind, isNew }) => kind === 'upsert' && isNew),
    again: idsOf(({ kind, isNew }) => kind === 'upsert' && !isNew),
    resolved: idsOf(({ kind }) => kind === 'resolved'),
  });
}

/** A server alone tells nobody. */
async function noteRefused(sql: SqlRunner, news: RefusedNews): Promise<void> {
  await sql.run(
    `INSERT INTO change_log (kind, detail) SELECT 'refused', ?
     WHERE (SELECT count(*) FROM nodes WHERE lease_until > clock_timestamp()) > 1`,
    [json(news)],
  );
}
