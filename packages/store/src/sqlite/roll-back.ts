import type { Connection } from './connection.ts';

/**
 * Undoes what a failed transaction has done; what made it fail is left to be told. A full disk may have ended the
 * transaction already, and rolling back then fails as well.
 */
export function rollBack(connection: Connection): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // There is nothing left to roll back.
  }
}
