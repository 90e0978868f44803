import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { StoreOpenError, type JournalStore, type NodePlace } from '@gatehouse/ports';
import { ADVISORY_LOCK } from '../advisory-lock.ts';
import { openError } from '../migrate.ts';
import { PostgresqlJournal } from './journal.ts';
import { openLink } from './link.ts';

/** How long a lease holds, milliseconds, by the database's clock. */
const LEASE_MS = 10_000;
/** Renewals in the time that a lease holds: some may fail. */
const RENEWALS_PER_LEASE = 5;
/** Settings of PostgreSQL without which what was committed may be lost when it or its machine fails. */
const SAFE_SETTINGS = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' } as const;

/** Who wants a place. */
export interface PlaceOptions {
  readonly url: string;
  readonly node: string;
  /** A mark that the server keeps: who held the place with it is itself, before a crash. */
  readonly holder: string;
  readonly version: string;
  /** Where it runs, for people. */
  readonly host: string;
  /** How long the lease holds, milliseconds; 10 000 unless told. */
  readonly leaseMs?: number | undefined;
  /** Another server has taken the place: nothing can be acknowledged any more. Told once. */
  readonly onFenced: (error: StoreOpenError) => void;
  /** The lease cannot be renewed for now. Told once until it can be again. */
  readonly onTrouble: (problem: string) => void;
}

interface NodeRow {
  readonly node_id: string;
  readonly holder: string;
  readonly host: string;
  readonly version: string;
  readonly left_ms: number;
}

/**
 * Takes the place of a node, waiting for the lease of who was killed there. The schema is current: the store is open.
 * @throws StoreOpenError `locked` when a server runs there, or another node does: several nodes come with a later release
 */
export async function takePlace(options: PlaceOptions): Promise<NodePlace> {
  const pool = openLink(options.url, `gatehouse lease ${options.node}`);
  try {
    const incarnation = await claimed(pool, options);
    return new LeasedPlace(pool, options, incarnation, await unsafeSettings(pool));
  } catch (error) {
    await pool.end();
    throw openError(error);
  }
}

/** Asks until nobody else is there. Who is killed renews no more: its lease has ended by the second look. */
async function claimed(pool: pg.Pool, options: PlaceOptions): Promise<number> {
  const first = await claim(pool, options);
  if (typeof first === 'number') return first;
  await delay(first.left_ms + 1);
  const second = await claim(pool, options);
  if (typeof second === 'number') return second;
  throw new StoreOpenError('locked', inTheWay(second, options.node));
}

function inTheWay({ node_id: node, host, version }: NodeRow, mine: string): string {
  const who = `A server (Gatehouse ${version}, on ${host}) runs as node ${JSON.stringify(node)} on this database`;
  return node === mine
    ? `${who} already. Stop it, or give this one a \`node_id\` and a database of its own.`
    : `${who}. Several nodes on one database come with a later release: stop it first, this one then goes on with its sessions.`;
}

/** The incarnation, or who is in the way. */
async function claim(pool: pg.Pool, options: PlaceOptions): Promise<number | NodeRow> {
  const { node, holder, version, host, leaseMs = LEASE_MS } = options;
  return transaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK.nodes]);
    // Locked: what such a server has under way is waited for, and read then.
    const { rows } = await client.query<NodeRow>(
      `SELECT node_id, holder, host, version, extract(epoch FROM lease_until - clock_timestamp())::float8 * 1000 AS left_ms
       FROM nodes FOR UPDATE`,
    );
    const other = rows.find((row) => row.left_ms > 0 && (row.node_id !== node || row.holder !== holder));
    if (other !== undefined) return other;
    const taken = await client.query<{ incarnation: number }>(
      `INSERT INTO nodes (node_id, incarnation, holder, lease_until, started_at, version, host)
       VALUES ($1, 1, $2, clock_timestamp() + $3 * interval '1 ms', now(), $4, $5)
       ON CONFLICT (node_id) DO UPDATE SET incarnation = nodes.incarnation + 1, holder = excluded.holder,
         lease_until = excluded.lease_until, started_at = excluded.started_at, version = excluded.version, host = excluded.host
       RETURNING incarnation`,
      [node, holder, leaseMs, version, host],
    );
    await inherit(client, node);
    const [row] = taken.rows;
    if (row === undefined) throw new Error('the place was not taken');
    return row.incarnation;
  });
}

/**
 * Nobody else lives: a server that ran here under another name, as a container does that is made anew, leaves its journal
 * to this one. At most one has any, as each inherits that of the one before.
 */
async function inherit(client: pg.PoolClient, node: string): Promise<void> {
  await client.query(
    `UPDATE journal_segments SET node_id = $1
     WHERE node_id = (SELECT node_id FROM journal_segments ORDER BY node_id LIMIT 1)
       AND NOT EXISTS (SELECT 1 FROM journal_segments WHERE node_id = $1)`,
    [node],
  );
  await client.query(
    'DELETE FROM nodes WHERE node_id <> $1 AND node_id NOT IN (SELECT node_id FROM journal_segments)',
    [node],
  );
}

async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const broken = (): void => undefined;
  client.on('error', broken);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.off('error', broken);
    client.release();
    return result;
  } catch (error) {
    // Thrown away with what it had begun.
    client.release(true);
    throw error;
  }
}

async function unsafeSettings(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
    [Object.keys(SAFE_SETTINGS)],
  );
  // `local`, `remote_write` and `remote_apply` are synced here as `on` is.
  return rows.filter(({ setting }) => setting === 'off').map(({ name, setting }) => `${name}=${setting}`);
}

class LeasedPlace implements NodePlace {
  readonly node: string;
  readonly incarnation: number;
  readonly unsafeSettings: readonly string[];
  readonly #pool: pg.Pool;
  readonly #options: PlaceOptions;
  readonly #leaseMs: number;
  readonly #left = new AbortController();
  readonly #renewing: Promise<void>;
  #fenced = false;

  constructor(
    pool: pg.Pool,
    options: PlaceOptions,
    incarnation: number,
    unsafe: NodePlace['unsafeSettings'],
  ) {
    this.node = options.node;
    this.incarnation = incarnation;
    this.unsafeSettings = unsafe;
    this.#pool = pool;
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
    this.#renewing = this.#renewUntilLeft();
  }

  async journalBytes(): Promise<number> {
    const { rows } = await this.#pool.query<{ bytes: number }>(
      'SELECT coalesce(sum(octet_length(bytes)), 0)::float8 AS bytes FROM journal_segments WHERE node_id = $1',
      [this.node],
    );
    return rows[0]?.bytes ?? 0;
  }

  openJournal(): Promise<JournalStore> {
    const { url } = this.#options;
    const { node, incarnation } = this;
    // A database that answers before it has synced is overruled: the setting is the session's to make.
    const overruled = this.unsafeSettings.includes('synchronous_commit=off')
      ? '-c synchronous_commit=on'
      : undefined;
    const pool = openLink(url, `gatehouse journal ${node}`, overruled);
    return Promise.resolve(
      new PostgresqlJournal(pool, { node, incarnation }, () => {
        this.#lost();
      }),
    );
  }

  async leave(): Promise<void> {
    this.#left.abort();
    await this.#renewing;
    await this.#pool
      .query('UPDATE nodes SET lease_until = clock_timestamp() WHERE node_id = $1 AND incarnation = $2', [
        this.node,
        this.incarnation,
      ])
      // It ends by itself.
      .catch(() => undefined);
    await this.#pool.end();
  }

  async #renewUntilLeft(): Promise<void> {
    const { signal } = this.#left;
    const renewMs = this.#leaseMs / RENEWALS_PER_LEASE;
    let inTrouble = false;
    for (;;) {
      await delay(renewMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (this.#isOver()) return;
      try {
        if (!(await this.#renew())) this.#lost();
        inTrouble = false;
      } catch (error) {
        if (!inTrouble) this.#options.onTrouble(error instanceof Error ? error.message : String(error));
        inTrouble = true;
      }
    }
  }

  /** A lease that has run out is renewed too: as long as nobody has taken the place, nothing was lost by it. */
  async #renew(): Promise<boolean> {
    const { rowCount } = await this.#pool.query({
      name: 'renew',
      text: `UPDATE nodes SET lease_until = clock_timestamp() + $3 * interval '1 ms' WHERE node_id = $1 AND incarnation = $2`,
      values: [this.node, this.incarnation, this.#leaseMs],
    });
    return rowCount === 1;
  }

  #isOver(): boolean {
    return this.#fenced || this.#left.signal.aborted;
  }

  #lost(): void {
    if (this.#isOver()) return;
    this.#fenced = true;
    this.#options.onFenced(
      new StoreOpenError(
        'locked',
        `Another server has taken the place of node ${JSON.stringify(this.node)}: this one can acknowledge nothing any more and stops. Give each server a \`node_id\` of its own.`,
      ),
    );
  }
}
