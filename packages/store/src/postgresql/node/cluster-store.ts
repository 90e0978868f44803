import type pg from 'pg';
import type {
  Claim,
  Claimed,
  ClusterStore,
  Interest,
  JournalStore,
  NodeFacts,
  RetainedNews,
  RetainedPlace,
} from '@gatehouse/ports';
import { ADVISORY_LOCK } from '../advisory-lock.ts';
import { Blob, COMMIT, commitValues, NOTHING, type CommitRow } from './commit.ts';
import { holdsPlace, type Writer } from './journal.ts';
import { allRetained, type RetainedRow } from './retained-rows.ts';
import { transaction } from './transaction.ts';

/** What the store needs of the place that it belongs to. */
export interface ClusterContext {
  readonly pool: pg.Pool;
  readonly writer: Writer;
  readonly leaseMs: number;
  readonly mark: string;
  /** Tells that the place is another's. */
  readonly onFenced: () => void;
  readonly openJournalOf: (writer: Writer) => JournalStore;
  /** The lease of this node was renewed without fail for as long as a lease holds. */
  readonly isSteady: () => boolean;
}

/** What nodes know of each other, over a connection of its own. */
export class PostgresqlCluster implements ClusterStore {
  readonly cluster: string;
  readonly #context: ClusterContext;

  constructor(context: ClusterContext) {
    this.cluster = context.mark;
    this.#context = context;
  }

  async claim(claims: readonly Claim[]): Promise<readonly Claimed[]> {
    const { pool, writer } = this.#context;
    const blob = new Blob();
    const places = claims.map(({ letter }) => blob.place(letter));
    const { rows } = await pool.query<{
      number: number;
      outcome: Claimed['outcome'] | 'fenced';
      node: string;
    }>({
      name: 'claim',
      text: 'SELECT number, outcome, node FROM node_claim($1, $2, $3, $4, $5, $6, $7, $8)',
      values: [
        writer.node,
        writer.incarnation,
        claims.map(({ clientId }) => clientId),
        claims.map(({ owner }) => owner),
        claims.map(({ force }) => force),
        blob.whole(),
        places,
        claims.map(({ letter }) => letter.byteLength),
      ],
    });
    return rows.map(({ outcome, node }) => {
      if (outcome === 'fenced') throw this.#fenced();
      return outcome === 'asked' ? { outcome, node } : { outcome };
    });
  }

  async ownClaims(): Promise<readonly string[]> {
    const { pool, writer } = this.#context;
    const { rows } = await pool.query<{ client_id: string }>(
      'SELECT client_id FROM client_claims WHERE node_id = $1',
      [writer.node],
    );
    return rows.map(({ client_id: clientId }) => clientId);
  }

  resetInterest(interests: readonly Interest[]): Promise<void> {
    return this.#inPlace(async (client, writer) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK.interest]);
      const { rows } = await client.query<Interest>(
        'SELECT filter, grp AS "group" FROM node_interest WHERE node_id = $1 AND live',
        [writer.node],
      );
      const kept = new Set(interests.map(nameOf));
      const unlistens = rows.filter((interest) => !kept.has(nameOf(interest)));
      const values = commitValues(writer, undefined, { ...NOTHING, listens: interests, unlistens });
      await client.query<CommitRow>(COMMIT, [...values]);
    });
  }

  async retainedSince(
    place: RetainedPlace | undefined,
  ): Promise<{ readonly place: RetainedPlace; readonly news: readonly RetainedNews[] }> {
    const { pool } = this.#context;
    // Read first: what is committed from now on is told the next time, if not already this time.
    const now = await pool.query<{ place: string }>('SELECT pg_current_snapshot()::text AS place');
    const rows = place === undefined ? await allRetained(pool) : await this.#retainedBehind(place);
    return {
      place: now.rows[0]?.place ?? '',
      news: rows.map(({ topic, bytes, version }) => ({ topic, bytes: bytes ?? undefined, version })),
    };
  }

  async expireRetained(
    expired: readonly { readonly topic: string; readonly version: number }[],
  ): Promise<void> {
    await this.#context.pool.query(
      // As a change that the others hear of: who has missed the message must not go on with the one before it. Locked in the
      // order in which batches lock them.
      `WITH gone AS MATERIALIZED (
         SELECT r.key FROM unnest($1::text[], $2::bigint[]) e (topic, version)
         JOIN retained_messages r ON r.key = name_key(e.topic)
         WHERE r.version = e.version AND r.bytes IS NOT NULL ORDER BY r.key FOR UPDATE OF r)
       UPDATE retained_messages r
       SET bytes = NULL, version = nextval('retained_messages_version_seq'), txid = pg_current_xact_id(), changed_at = now()
       FROM gone WHERE r.key = gone.key`,
      [expired.map(({ topic }) => topic), expired.map(({ version }) => version)],
    );
  }

  async nodes(): Promise<readonly NodeFacts[]> {
    const { rows } = await this.#context.pool.query<NodeFacts>(
      `SELECT node_id AS node, incarnation, host, version, extract(epoch FROM started_at)::float8 * 1000 AS "startedAt",
         lease_until > clock_timestamp() AND heir IS NULL AS "isAlive" FROM nodes ORDER BY node_id`,
    );
    return rows;
  }

  async fence(): Promise<{ readonly node: string; readonly journal: JournalStore } | undefined> {
    const { leaseMs, openJournalOf, isSteady } = this.#context;
    // Back from an outage, the others may not have come to renew their leases yet.
    if (!isSteady()) return undefined;
    const [dead] = await this.#inPlace(async (client, { node, incarnation }) => {
      // For update: who has something under way there is passed over until it is through.
      const { rows } = await client.query<Writer>(
        `UPDATE nodes SET incarnation = nodes.incarnation + 1, heir = $1, heir_incarnation = $2,
           lease_until = clock_timestamp() + $3 * interval '1 ms'
         FROM (SELECT node_id FROM nodes WHERE node_id <> $1
                 -- One that this node has fenced and not taken over: it failed the last time.
                 AND (lease_until < clock_timestamp() OR (heir = $1 AND heir_incarnation = $2))
               ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED) dead
         WHERE nodes.node_id = dead.node_id
         RETURNING nodes.node_id AS node, nodes.incarnation`,
        [node, incarnation, leaseMs],
      );
      return rows;
    });
    return dead === undefined ? undefined : { node: dead.node, journal: openJournalOf(dead) };
  }

  /** By transaction: numbers that rise do not commit in their order, so one that was seen says nothing of those below. */
  async #retainedBehind(place: RetainedPlace): Promise<readonly RetainedRow[]> {
    const { rows } = await this.#context.pool.query<RetainedRow>(
      `SELECT key, topic, bytes, version FROM retained_messages
       WHERE txid >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(txid, $1::pg_snapshot)
       ORDER BY version`,
      [place],
    );
    return rows;
  }

  /** In one transaction, while the place is this node's. */
  #inPlace<T>(work: (client: pg.PoolClient, writer: Writer) => Promise<T>): Promise<T> {
    const { pool, writer } = this.#context;
    return transaction(pool, async (client) => {
      if (!(await holdsPlace(client, writer))) throw this.#fenced();
      return work(client, writer);
    });
  }

  #fenced(): Error {
    const { onFenced, writer } = this.#context;
    onFenced();
    return new Error(`another server has taken the place of node ${writer.node}`);
  }
}

const nameOf = ({ filter, group }: Interest): string => `${group}\u0000${filter}`;
