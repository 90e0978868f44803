import type { AttemptSample, Clock, UnauthorizedRepository } from '@gatehouse/ports';
import type { Database } from '../database.ts';
import { marks, num, text } from '../sql.ts';
import {
  clientsIn,
  purgeExpired,
  purgeHidden,
  purgeWhere,
  removeRows,
  undoRemoval,
  type Purging,
} from '../unauthorized/deletions.ts';
import { shownRows } from '../unauthorized/filter.ts';
import { flushBatch } from '../unauthorized/flush.ts';
import { currentGeneration, lockUnauthorized } from '../unauthorized/generations.ts';
import { CLIENT_COLUMNS, CLIENT_JOINS, clientFromRow, detailFromRow } from '../unauthorized/row.ts';
import { noteFlush } from './change-notes.ts';
import { inChunks, pages } from './values.ts';

export function createUnauthorized(database: Database, clock: Clock): UnauthorizedRepository {
  const { read, write, query } = database;
  let purging: Purging | null = null;
  return {
    page: (filter, request) => query('unauthorized.page', { filter, request }),
    facets: (filter) => query('unauthorized.facets', { filter, now: clock.now() }),
    histogram: (filter, buckets, now) => query('unauthorized.histogram', { filter, buckets, now }),
    groups: (filter, by, limit) => query('unauthorized.groups', { filter, by, limit }),
    related: (id, limit) => query('unauthorized.related', { id: rowId(id), limit }),
    top: (by, range, limit) => query('unauthorized.top', { by, range, limit }),
    stream: (filter, chunk) =>
      pages((cursor) => query('unauthorized.chunk', { filter, cursor, limit: chunk })),
    get: (id) =>
      read(async ({ sql }) => {
        const generation = await currentGeneration(sql);
        const shown = await shownRows(sql, generation);
        const [row] = await sql.all(
          `SELECT ${CLIENT_COLUMNS}, d.inside AS inside FROM unauthorized_clients c ${CLIENT_JOINS}
           WHERE c.id = ? AND c.generation = ? AND ${shown.sql}`,
          [rowId(id), generation, ...shown.values],
        );
        return row === undefined ? null : detailFromRow(row);
      }),
    getEach: (ids) =>
      read(async ({ sql }) => {
        const generation = await currentGeneration(sql);
        const shown = await shownRows(sql, generation);
        return inChunks(ids, async (some) => {
          const rows = await sql.all(
            `SELECT ${CLIENT_COLUMNS} FROM unauthorized_clients c ${CLIENT_JOINS}
             WHERE c.id IN (${marks(some.length)}) AND c.generation = ? AND ${shown.sql}`,
            [...some.map(rowId), generation, ...shown.values],
          );
          return rows.map(clientFromRow);
        });
      }),
    attempts: (id) =>
      read(async ({ sql }) => {
        const generation = await currentGeneration(sql);
        const shown = await shownRows(sql, generation);
        const [row] = await sql.all(
          `SELECT d.samples AS samples FROM unauthorized_clients c JOIN unauthorized_details d ON d.id = c.id
           WHERE c.id = ? AND c.generation = ? AND ${shown.sql}`,
          [rowId(id), generation, ...shown.values],
        );
        return row === undefined ? null : (JSON.parse(text(row, 'samples')) as AttemptSample[]);
      }),
    flush: (batch) =>
      write(async ({ sql }) => {
        const flushed = await flushBatch(sql, batch);
        await noteFlush(sql, flushed.changes);
        return flushed;
      }),
    remove: (selection, actor, now) => write(({ sql }) => removeRows(sql, selection, actor, now)),
    undo: (token, actor, now) => write(({ sql }) => undoRemoval(sql, token, actor, now)),
    sweep: async ({ maxAgeMs, maxRows }, now) => {
      const hidden = await query('unauthorized.expired-hidden', { now, purging });
      purging = hidden;
      if (hidden !== null) {
        const purged = await write(({ sql }) => purgeHidden(sql, hidden));
        if (purged > 0) return purged;
      }
      return write(async ({ sql }) => {
        const generation = await lockUnauthorized(sql);
        const purged = await purgeExpired(sql, now);
        if (purged > 0) return purged;
        const aged = await purgeWhere(sql, 'generation = ? AND c.last_at < ?', [generation, now - maxAgeMs]);
        if (aged > 0) return aged;
        const excess = (await clientsIn(sql, generation)) - maxRows;
        if (excess <= 0) return 0;
        const [edge] = await sql.all(
          'SELECT last_at FROM unauthorized_clients WHERE generation = ? ORDER BY last_at, id LIMIT 1 OFFSET ?',
          [generation, Math.min(excess, EDGE_ROWS_MAX) - 1],
        );
        if (edge === undefined) return 0;
        return purgeWhere(
          sql,
          'generation = ? AND c.last_at <= ? ORDER BY c.last_at, c.id',
          [generation, num(edge, 'last_at')],
          excess,
        );
      });
    },
  };
}

/** How far the sweep looks for the newest of the rows to remove at once. */
const EDGE_ROWS_MAX = 200;
/** No row has this id: what is no number finds nothing. */
const NO_ID = -1;

function rowId(id: string): number {
  return /^\d{1,15}$/.test(id) ? Number(id) : NO_ID;
}
