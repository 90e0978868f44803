import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StoreOpenError } from '@gatehouse/ports';
import { nullableText, text, type Dialect, type SqlValue, type Row } from './sql.ts';

/** A migration as it is committed under prisma/<dialect>/migrations. */
export interface Migration {
  readonly name: string;
  readonly script: string;
  /** SHA-256 of the file, hex, as Prisma computes it. */
  readonly checksum: string;
}

/** Where migrations are applied. `atomically` runs its work in one exclusive transaction. */
export interface MigrationTarget {
  readonly dialect: Dialect;
  script(sql: string): Promise<void>;
  all(sql: string, values?: readonly SqlValue[]): Promise<Row[]>;
  run(sql: string, values: readonly SqlValue[]): Promise<void>;
  /** All of its schema, but for those that belong to extensions. */
  tables(): Promise<readonly string[]>;
  atomically(work: () => Promise<void>): Promise<void>;
}

/** A database as it stands, and the migrations that opening it would apply. */
export interface Inspection {
  readonly state: 'missing' | 'older' | 'current';
  readonly pending: readonly string[];
  /** The records of `settings` by key, as JSON. */
  readonly settings: Readonly<Record<string, string>>;
}

export const inspected = async (
  target: MigrationTarget,
  pending: readonly Migration[],
): Promise<Inspection> => ({
  state: pending.length === 0 ? 'current' : 'older',
  pending: pending.map(({ name }) => name),
  settings: await settingsOf(target),
});

async function settingsOf(target: MigrationTarget): Promise<Inspection['settings']> {
  if (!(await target.tables()).includes('settings')) return {};
  const rows = await target.all('SELECT "key", "value" FROM "settings"');
  return Object.fromEntries(rows.map((row) => [text(row, 'key'), text(row, 'value')]));
}

const TABLE = '_prisma_migrations';
/** Tables that a message names, so that one sees whose they are. */
const TABLES_NAMED_MAX = 5;
const CREATE_TABLE: Readonly<Record<Dialect, string>> = {
  sqlite: `CREATE TABLE IF NOT EXISTS "${TABLE}" (
    "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
    "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`,
  postgresql: `CREATE TABLE IF NOT EXISTS "${TABLE}" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`,
};

/** The committed migrations of a provider, in order. */
export function readMigrations(dialect: Dialect): readonly Migration[] {
  const folder = fileURLToPath(new URL(`../../../prisma/${dialect}/migrations/`, import.meta.url));
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const script = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
    });
}

/**
 * What is still to be applied.
 * @throws StoreOpenError `newer-schema` when the database knows migrations that this version does not,
 *   `migration-failed` when one was left unfinished by another tool or is not the one that was applied,
 *   `foreign` when what is there is somebody else's: nothing is put beside it.
 */
export async function pendingMigrations(
  target: MigrationTarget,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const tables = await target.tables();
  if (!tables.includes(TABLE)) {
    if (tables.length > 0) throw foreign(tables);
    return migrations;
  }
  const rows = await target.all(
    `SELECT "migration_name", "checksum", CAST("finished_at" AS TEXT) AS "finished" FROM "${TABLE}" WHERE "rolled_back_at" IS NULL`,
  );
  const applied = new Map(rows.map((row) => [text(row, 'migration_name'), row]));
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  // Other programs write their migrations into a table of that name, too.
  const [first] = migrations;
  if (first !== undefined && !applied.has(first.name) && tables.length > 1) throw foreign(tables);
  for (const [name, row] of applied) {
    const migration = known.get(name);
    if (migration === undefined) {
      throw new StoreOpenError(
        'newer-schema',
        `The database was upgraded by a newer version of Gatehouse (migration ${name}). Start that version, or restore a backup made before the upgrade.`,
      );
    }
    if (nullableText(row, 'finished') === null || text(row, 'checksum') !== migration.checksum) {
      throw new StoreOpenError(
        'migration-failed',
        `Migration ${name} was left unfinished or was changed after it had been applied. Restore a backup.`,
      );
    }
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

function foreign(tables: readonly string[]): StoreOpenError {
  const named = tables
    .filter((name) => name !== TABLE)
    .toSorted()
    .slice(0, TABLES_NAMED_MAX);
  return new StoreOpenError(
    'foreign',
    `The database belongs to another program (its tables: ${named.join(', ')}${tables.length > named.length + 1 ? ', …' : ''}). Nothing was changed. Give Gatehouse a database of its own.`,
  );
}

/** Applies what is pending, each migration and its record in one transaction: killed half-way, it is as if never begun. */
export async function applyMigrations(
  target: MigrationTarget,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const done: string[] = [];
  for (const candidate of await pendingMigrations(target, migrations)) {
    await target.atomically(async () => {
      await target.script(CREATE_TABLE[target.dialect]);
      // Another node may have applied it while this one waited for the lock.
      const pending = await pendingMigrations(target, migrations);
      if (!pending.some(({ name }) => name === candidate.name)) return;
      await target.script(candidate.script);
      await record(target, candidate);
      done.push(candidate.name);
    });
  }
  return done;
}

async function record(target: MigrationTarget, migration: Migration): Promise<void> {
  const now = target.dialect === 'sqlite' ? `CAST(unixepoch('subsec') * 1000 AS INTEGER)` : 'now()';
  await target.run(
    `INSERT INTO "${TABLE}" ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
     VALUES (?, ?, ?, ${now}, ${now}, 1)`,
    [randomUUID(), migration.checksum, migration.name],
  );
}

/** The error of a migration that was rolled back. */
export function migrationFailed(error: unknown): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreOpenError('migration-failed', `A migration failed and was undone: ${reason}`, {
    cause: error,
  });
}
