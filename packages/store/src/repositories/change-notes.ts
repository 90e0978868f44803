import type { ChangeNotes } from '@gatehouse/ports';
import type { Database } from '../database.ts';
import { json } from '../sql.ts';

/** Beside SQLite there is nobody to tell. */
export function createChangeNotes({ dialect, write }: Database): ChangeNotes {
  return {
    tell: (events) =>
      dialect === 'sqlite' || events.length === 0
        ? Promise.resolve()
        : write(async ({ sql }) => {
            for (const event of events)
              await sql.run("INSERT INTO change_log (kind, detail) VALUES ('told', ?)", [json(event)]);
          }),
  };
}
