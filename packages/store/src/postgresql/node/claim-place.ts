import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { StoreOpenError } from '@gatehouse/ports';
import { ADVISORY_LOCK } from '../advisory-lock.ts';
import { transaction } from './transaction.ts';

/** Milliseconds that a node waits for another that is taking over what it has left. */
const HEIR_WAIT_MS = 60_000;
/** Milliseconds until it looks again. */
const HEIR_LOOK_MS = 500;

/** Who asks for a place. */
export interface Claimant {
  readonly node: string;
  /** A mark that the server keeps: who held the place with it is itself, before a crash. */
  readonly holder: string;
  readonly version: string;
  /** Where it runs, for people. */
  readonly host: string;
  /** Whether others may run on the database, all of which must say so. */
  readonly several: boolean;
  readonly leaseMs: number;
}

interface NodeRow {
  readonly node_id: string;
  readonly holder: string;
  readonly host: string;
  readonly version: string;
  readonly several: boolean;
  readonly heir: string | null;
  readonly left_ms: number;
}

/** A place that is held. */
interface Claimed {
  readonly incarnation: number;
  /** `performance.now()` before it was asked for. */
  readonly askedAt: number;
}

/**
 * Waits for the lease of who was killed there, and for who is taking over from it.
 * @throws StoreOpenError `locked`
 */
export async function claimPlace(pool: pg.Pool, claimant: Claimant): Promise<Claimed> {
  const first = await claim(pool, claimant);
  if ('incarnation' in first) return first;
  // Who is killed renews no more: its lease has ended by the second look.
  if (first.heir === null) await delay(first.left_ms + 1);
  let next = await claim(pool, claimant);
  for (
    let waitedMs = 0;
    'heir' in next && next.heir !== null && waitedMs < HEIR_WAIT_MS;
    waitedMs += HEIR_LOOK_MS
  ) {
    await delay(HEIR_LOOK_MS);
    next = await claim(pool, claimant);
  }
  if ('incarnation' in next) return next;
  throw new StoreOpenError('locked', inTheWay(next, claimant));
}

function inTheWay(row: NodeRow, { node, several }: Claimant): string {
  const { node_id: other, host, version, heir } = row;
  if (heir !== null)
    return `Node ${JSON.stringify(heir)} is taking over the sessions of node ${JSON.stringify(other)}. Start this server again when it is through.`;
  const who = `A server (Gatehouse ${version}, on ${host}) runs as node ${JSON.stringify(other)} on this database`;
  if (other === node)
    return several
      ? `${who} already. Stop it, or give this one a \`node_id\` of its own.`
      : `${who} already. Stop it, or give this one a \`node_id\` and a database of its own.`;
  return several
    ? `${who} without \`bus_url\`: it expects to be alone. Stop it, and start it again with the \`bus_url\` that this one has.`
    : row.several
      ? `${who}, with a \`bus_url\` for several nodes. Give this one the same, or stop all others first.`
      : `${who}. Several nodes on one database need a \`bus_url\`. Without it stop that one first, this one then goes on with its sessions.`;
}

/** The place, or who is in the way. */
function claim(pool: pg.Pool, claimant: Claimant): Promise<Claimed | NodeRow> {
  const { node, holder, version, host, several, leaseMs } = claimant;
  const askedAt = performance.now();
  return transaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK.nodes]);
    // Locked: what a server has under way that is replaced here is waited for, and read then.
    await client.query(`SELECT 1 FROM nodes WHERE node_id = $1 OR NOT $2 FOR UPDATE`, [node, several]);
    const { rows } = await client.query<NodeRow>(
      `SELECT node_id, holder, host, version, several, heir,
         extract(epoch FROM lease_until - clock_timestamp())::float8 * 1000 AS left_ms FROM nodes`,
    );
    const other = rows.find((row) => row.left_ms > 0 && !goesTogether(row, claimant));
    if (other !== undefined) return other;
    const taken = await client.query<{ incarnation: number }>(
      `INSERT INTO nodes (node_id, incarnation, holder, lease_until, started_at, version, host, several)
       VALUES ($1, 1, $2, clock_timestamp() + $3 * interval '1 ms', now(), $4, $5, $6)
       ON CONFLICT (node_id) DO UPDATE SET incarnation = nodes.incarnation + 1, holder = excluded.holder,
         lease_until = excluded.lease_until, started_at = excluded.started_at, version = excluded.version, host = excluded.host,
         several = excluded.several, heir = NULL, heir_incarnation = NULL
       RETURNING incarnation`,
      [node, holder, leaseMs, version, host, several],
    );
    await (several ? succeed(client, node) : inherit(client, node));
    await client.query('DELETE FROM node_heirs WHERE node_id = $1', [node]);
    const [row] = taken.rows;
    if (row === undefined) throw new Error('the place was not taken');
    return { incarnation: row.incarnation, askedAt };
  });
}

const goesTogether = (row: NodeRow, { node, holder, several }: Claimant): boolean =>
  row.node_id === node ? row.holder === holder && row.heir === null : several && row.several;

/**
 * What a server left that was alone on this database, or a restored backup holds: client IDs that none of several has
 * claimed. The first of several goes on with it as with its own, and claims them when it starts; were it inherited while
 * others let clients in, these would find no session. Not where this node has a journal, or somebody takes over already.
 */
async function succeed(client: pg.PoolClient, node: string): Promise<void> {
  // Locked: what it has under way is waited for, and without its row it can write nothing more.
  const { rows } = await client.query<{ node_id: string }>(
    `SELECT node_id FROM nodes WHERE NOT several AND heir IS NULL AND node_id <> $1
       AND NOT EXISTS (SELECT 1 FROM journal_segments WHERE node_id = $1) FOR UPDATE`,
    [node],
  );
  const [alone, ...others] = rows.map(({ node_id }) => node_id);
  if (alone === undefined || others.length > 0) return;
  await client.query('UPDATE journal_segments SET node_id = $1 WHERE node_id = $2', [node, alone]);
  await client.query('DELETE FROM nodes WHERE node_id = $1', [alone]);
}

/**
 * Nobody else lives: a server that ran here under another name, as a container does that is made anew, leaves its journal
 * to this one. At most one has any, as each inherits that of the one before. What several nodes have left, only several
 * can take over. @throws StoreOpenError `locked`
 */
async function inherit(client: pg.PoolClient, node: string): Promise<void> {
  const { rows } = await client.query<{ node_id: string }>(
    `SELECT node_id FROM nodes WHERE node_id IN (SELECT node_id FROM journal_segments UNION SELECT to_node FROM node_mail)`,
  );
  const left = rows.map(({ node_id }) => node_id).filter((name) => name !== node);
  const mail = await client.query('SELECT 1 FROM node_mail LIMIT 1');
  if (mail.rows.length > 0 || left.length > 1 || (left.length === 1 && rows.length > 1))
    throw new StoreOpenError(
      'locked',
      `Nodes that ran beside others have left sessions and messages on this database (${rows.map(({ node_id }) => JSON.stringify(node_id)).join(', ')}), which a node alone cannot take over. Start this server with the \`bus_url\` they had, until the others are gone from its list of nodes, and stop it; then start it without.`,
    );
  await client.query('UPDATE journal_segments SET node_id = $1 WHERE node_id = ANY ($2)', [node, left]);
  await client.query('DELETE FROM nodes WHERE node_id <> $1', [node]);
  // Whoever is alone owns all client IDs and hears everything.
  for (const table of ['node_heirs', 'node_interest', 'client_claims'])
    await client.query(`DELETE FROM ${table} WHERE node_id <> $1`, [node]);
}
