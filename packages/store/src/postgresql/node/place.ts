import type pg from 'pg';
import {
  StoreOpenError,
  type ClusterStore,
  type JournalStore,
  type NodePlace,
  type RetainedLeft,
  type SharedJournalStore,
} from '@gatehouse/ports';
import { openError } from '../migrate.ts';
import { claimPlace } from './claim-place.ts';
import { PostgresqlCluster } from './cluster-store.ts';
import { PostgresqlJournal, type Writer } from './journal.ts';
import { Lease } from './lease.ts';
import { openLink } from './link.ts';
import { retainedLeft } from './retained-rows.ts';
import { SharedPostgresqlJournal } from './shared-journal.ts';
import { checkClock } from './wall-clock.ts';

/** How long a lease holds, milliseconds, by the database's clock. */
const LEASE_MS = 10_000;
/** Settings of PostgreSQL without which what was committed may be lost when it or its machine fails. */
const SAFE_SETTINGS = ['fsync', 'full_page_writes', 'synchronous_commit'];
const ISOLATION = 'default_transaction_isolation';
/** What sessions of the node set for themselves. */
const OVERRULED = [
  { found: 'synchronous_commit=off', by: '-c synchronous_commit=on' },
  ...['repeatable read', 'serializable'].map((level) => ({
    found: `${ISOLATION}=${level}`,
    by: String.raw`-c ${ISOLATION}=read\ committed`,
  })),
];

/** Who wants a place. */
export interface PlaceOptions {
  readonly url: string;
  readonly node: string;
  /** A mark that the server keeps: who held the place with it is itself, before a crash. */
  readonly holder: string;
  readonly version: string;
  /** Where it runs, for people. */
  readonly host: string;
  /** Others may run on the database beside this node, all of which must say so. */
  readonly several?: boolean | undefined;
  /** How long the lease holds, milliseconds; 10 000 unless told. */
  readonly leaseMs?: number | undefined;
  /** Another server has taken the place: nothing can be acknowledged any more. Told once. */
  readonly onFenced: (error: StoreOpenError) => void;
  /** The lease cannot be renewed for now. Told once until it can be again. */
  readonly onTrouble: (problem: string) => void;
  /** 80 % of the lease has passed since it was renewed: others may take the place soon. Told once until `onLeaseSafe`. */
  readonly onLeaseAtRisk?: (() => void) | undefined;
  /** It was renewed again. */
  readonly onLeaseSafe?: (() => void) | undefined;
  /** The clock of this machine has left the database's. Told once until it is near again. */
  readonly onClockApart?: ((problem: string) => void) | undefined;
  /** The clock of this machine, milliseconds since the epoch; the system's unless told. */
  readonly now?: (() => number) | undefined;
}

/**
 * Takes the place of a node, waiting for the lease of who was killed there. The schema is current: the store is open.
 * @throws StoreOpenError `locked` when a server runs there, or one on the database that does not go with this; `clock` when
 *   this machine's is far from the database's
 */
export async function takePlace(options: PlaceOptions): Promise<NodePlace> {
  const { several = false, leaseMs = LEASE_MS, now = Date.now } = options;
  const pool = openLink(options.url, `gatehouse lease ${options.node}`);
  try {
    await checkClock(pool, now);
    const { incarnation, askedAt } = await claimPlace(pool, { ...options, several, leaseMs });
    const facts = { node: options.node, incarnation, unsafeSettings: await unsafeSettings(pool) };
    return new LeasedPlace(pool, { ...options, leaseMs, now }, facts, askedAt);
  } catch (error) {
    await pool.end();
    throw openError(error);
  }
}

async function unsafeSettings(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
    [[...SAFE_SETTINGS, ISOLATION]],
  );
  // `local`, `remote_write` and `remote_apply` are synced here as `on` is.
  return rows
    .filter(({ name, setting }) => (name === ISOLATION ? setting !== 'read committed' : setting === 'off'))
    .map(({ name, setting }) => `${name}=${setting}`);
}

type SettledOptions = PlaceOptions & { readonly leaseMs: number; readonly now: () => number };

class LeasedPlace implements NodePlace {
  readonly node: string;
  readonly incarnation: number;
  readonly unsafeSettings: readonly string[];
  readonly #pool: pg.Pool;
  readonly #options: SettledOptions;
  readonly #lease: Lease;
  readonly #onFenced = (): void => {
    this.#lost();
  };
  #cluster: pg.Pool | undefined;
  #isOver = false;

  constructor(
    pool: pg.Pool,
    options: SettledOptions,
    facts: Pick<NodePlace, 'node' | 'incarnation' | 'unsafeSettings'>,
    askedAt: number,
  ) {
    this.node = facts.node;
    this.incarnation = facts.incarnation;
    this.unsafeSettings = facts.unsafeSettings;
    this.#pool = pool;
    this.#options = options;
    const events = {
      onLost: this.#onFenced,
      onTrouble: options.onTrouble,
      onRisk: () => options.onLeaseAtRisk?.(),
      onSafe: () => options.onLeaseSafe?.(),
      onClockApart: (problem: string) => options.onClockApart?.(problem),
    };
    this.#lease = new Lease(pool, this.#writer, options, events, askedAt);
  }

  async journalBytes(): Promise<number> {
    const { rows } = await this.#pool.query<{ bytes: number }>(
      'SELECT coalesce(sum(octet_length(bytes)), 0)::float8 AS bytes FROM journal_segments WHERE node_id = $1',
      [this.node],
    );
    return rows[0]?.bytes ?? 0;
  }

  openJournal(): Promise<JournalStore> {
    return Promise.resolve(new PostgresqlJournal(this.#link('journal'), this.#writer, this.#onFenced));
  }

  openSharedJournal(): Promise<SharedJournalStore> {
    const context = {
      pool: this.#link('journal'),
      reader: this.#link('mail'),
      writer: this.#writer,
      leaseMs: this.#options.leaseMs,
      onFenced: this.#onFenced,
    };
    return Promise.resolve(new SharedPostgresqlJournal(context));
  }

  async cluster(): Promise<ClusterStore> {
    const pool = (this.#cluster ??= this.#link('cluster'));
    const { rows } = await pool.query<{ mark: string }>('SELECT mark FROM cluster');
    const [row] = rows;
    if (row === undefined) throw new Error('the database has lost its mark');
    return new PostgresqlCluster({
      pool,
      mark: row.mark,
      writer: this.#writer,
      leaseMs: this.#options.leaseMs,
      onFenced: this.#onFenced,
      isSteady: () => this.#lease.isSteady,
      openJournalOf: (of: Writer) => new PostgresqlJournal(this.#link('heir'), of, () => undefined),
    });
  }

  retainedLeft(): RetainedLeft {
    return retainedLeft(this.#pool);
  }

  async leave(): Promise<void> {
    this.#isOver = true;
    await this.#lease.end();
    await this.#pool
      .query('UPDATE nodes SET lease_until = clock_timestamp() WHERE node_id = $1 AND incarnation = $2', [
        this.node,
        this.incarnation,
      ])
      // It ends by itself.
      .catch(() => undefined);
    await this.#pool.end();
    await this.#cluster?.end();
  }

  get #writer(): Writer {
    return { node: this.node, incarnation: this.incarnation };
  }

  #link(purpose: string): pg.Pool {
    // A database that answers before it has synced is overruled, and one that shows a transaction nothing of what was
    // committed while it waited for a lock: such settings are the session's to make.
    const overruled = OVERRULED.filter(({ found }) => this.unsafeSettings.includes(found)).map(
      ({ by }) => by,
    );
    return openLink(
      this.#options.url,
      `gatehouse ${purpose} ${this.node}`,
      overruled.length > 0 ? overruled.join(' ') : undefined,
    );
  }

  #lost(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onFenced(
      new StoreOpenError(
        'locked',
        `Another server has taken the place of node ${JSON.stringify(this.node)}: this one can acknowledge nothing any more and stops. Give each server a \`node_id\` of its own.`,
      ),
    );
  }
}
