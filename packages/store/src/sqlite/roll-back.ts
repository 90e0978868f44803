import type { Connection } from './connection.ts';

/**
 * Undoes what a failed transaction has done; what made it fail is left to be told. A full disk may have ended the
 * transaction already, and rolling back then fails as well.
 */
export function rollBack(connection: Connection): void {
  attempt(connection, 'ROLLBACK');
}

/** The same for what was done since a savepoint, which ends. */
export function rollBackTo(connection: Connection, savepoint: string): void {
  attempt(connection, `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
}

function attempt(connection: Connection, sql: string): void {
  try {
    connection.exec(sql);
  } catch {
    // There is nothing left to roll back.
  }
}
