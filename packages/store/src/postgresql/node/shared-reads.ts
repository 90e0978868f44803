import type pg from 'pg';
import type { InterestChange, InterestNews, Letter } from '@gatehouse/ports';
import { fitting, READ_SEGMENTS_MAX } from '../../journal/fitting.ts';

/** Anything that answers a statement. */
type Queryable = Pick<pg.ClientBase, 'query'>;

/**
 * What is as it became after an epoch. How a node itself has changed its own interest it knows; what it changed for
 * another it does not: the database may have given it to that node's heir.
 */
export async function interestSince(from: Queryable, node: string, epoch: number): Promise<InterestNews> {
  const { rows } = await from.query<Partial<InterestChange> & { epoch: number }>(
    `SELECT c.epoch, i.node_id AS node, i.filter, i.grp AS "group", i.live
     FROM cluster c LEFT JOIN node_interest i ON i.epoch > $2 AND NOT (i.node_id = $1 AND i.by_node = $1)
     ORDER BY i.epoch`,
    [node, epoch],
  );
  const changes = rows.flatMap(({ node: whose, filter, group, live }) =>
    // One row tells the epoch where nothing has changed.
    typeof whose === 'string' && filter !== undefined && group !== undefined && live !== undefined
      ? [{ node: whose, filter, group, live }]
      : [],
  );
  return { epoch: rows[0]?.epoch ?? 0, changes };
}

const LETTER = 'id, from_node AS "from", to_node AS "to", bytes';

/** The oldest letters of a node but these, as many as go into one read. */
export async function oldestLetters(
  from: Queryable,
  node: string,
  but: readonly number[],
): Promise<readonly Letter[]> {
  const sizes = await from.query<{ id: number; size: number }>(
    'SELECT id, octet_length(bytes) AS size FROM node_mail WHERE to_node = $1 AND id <> ALL ($2) ORDER BY id LIMIT $3',
    [node, but, READ_SEGMENTS_MAX],
  );
  const some = sizes.rows.slice(0, fitting(sizes.rows.map(({ size }) => size))).map(({ id }) => id);
  if (some.length === 0) return [];
  const { rows } = await from.query<Letter>(
    `SELECT ${LETTER} FROM node_mail WHERE to_node = $1 AND id = ANY ($2) ORDER BY id`,
    [node, some],
  );
  return rows;
}

/** All letters of a node, then all of one that it inherits from. */
export async function allLetters(
  from: Queryable,
  node: string,
  inherits: string | undefined,
): Promise<readonly Letter[]> {
  const { rows } = await from.query<Letter>(
    `SELECT ${LETTER} FROM node_mail WHERE to_node = ANY ($1) ORDER BY to_node <> $2, id`,
    [inherits === undefined ? [node] : [node, inherits], node],
  );
  return rows;
}
