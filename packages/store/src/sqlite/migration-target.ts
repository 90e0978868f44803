import { migrationFailed, type MigrationTarget } from '../migrations.ts';
import { text } from '../sql.ts';
import type { Connection } from './connection.ts';
import { rollBack } from './roll-back.ts';

/** Migrations on the writing connection of a file. */
export function sqliteTarget(connection: Connection): MigrationTarget {
  const { runner } = connection;
  return {
    dialect: 'sqlite',
    all: (sql, values) => runner.all(sql, values),
    run: async (sql, values) => {
      await runner.run(sql, values);
    },
    script: (sql) => {
      connection.exec(sql);
      return Promise.resolve();
    },
    tables: async () =>
      (
        await runner.all(
          `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
        )
      ).map((row) => text(row, 'name')),
    atomically: async (work) => {
      connection.exec('BEGIN IMMEDIATE');
      try {
        await work();
        connection.exec('COMMIT');
      } catch (error) {
        rollBack(connection);
        throw migrationFailed(error);
      }
    },
  };
}
