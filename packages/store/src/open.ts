import type { Clock, Store } from '@gatehouse/ports';
import { createRepositories, joined } from './repositories/all.ts';
import { openSqlite, type OpenDatabase } from './sqlite/database.ts';
import { openPostgresql } from './postgresql/database.ts';
import { inspectPostgresql } from './postgresql/migrate.ts';
import { inspectFile } from './sqlite/open.ts';
import type { Inspection } from './migrations.ts';

/** Where the store is and what time it goes by. */
export interface StoreOptions {
  /** Empty for SQLite in `dataDir`, else `postgresql://…`. */
  readonly url: string;
  /** Made when it is missing; used by SQLite only. */
  readonly dataDir: string;
  readonly clock: Clock;
}

/**
 * Opens the store and brings its schema up to date.
 * @throws StoreOpenError when it cannot be used; nothing was changed then.
 * @example const store = await openStore({ url: '', dataDir: './data', clock });
 */
export async function openStore({ url, dataDir, clock }: StoreOptions): Promise<Store> {
  const database = await openDatabase(url, dataDir);
  return {
    ...createRepositories(database, clock),
    dialect: database.dialect,
    changeFeed: database.changeFeed,
    transaction: (work) => database.write((session) => work(createRepositories(joined(session), clock))),
    ping: () =>
      database.read(async ({ sql }) => {
        await sql.all('SELECT 1 AS one');
      }),
    dump: () => database.dump(),
    close: () => database.close(),
  };
}

/**
 * Applies pending migrations and closes again; returns their names. For `gatehouse migrate`.
 * @throws StoreOpenError as {@link openStore}
 */
export async function migrate({ url, dataDir }: Omit<StoreOptions, 'clock'>): Promise<readonly string[]> {
  const database = await openDatabase(url, dataDir);
  await database.close();
  return database.applied;
}

/**
 * What opening would do: nothing is made, migrated or locked. For `gatehouse check`.
 * @throws StoreOpenError as {@link openStore}
 */
export function inspectStore({ url, dataDir }: Omit<StoreOptions, 'clock'>): Promise<Inspection> {
  return url === '' ? inspectFile(dataDir) : inspectPostgresql(url);
}

function openDatabase(url: string, dataDir: string): Promise<OpenDatabase> {
  return url === '' ? openSqlite(dataDir) : openPostgresql(url);
}
