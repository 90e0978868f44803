import { join } from 'node:path';
import Database from 'libsql';
import type { Server } from './server.ts';

const BUSY_MS_MAX = 10_000;

function inDatabase<T>(server: Server, work: (database: Database.Database) => T): T {
  const database = new Database(join(server.dataDir, 'main.db'), { timeout: BUSY_MS_MAX });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** Writes to the server's database behind its back, as damage or an operator with a shell would. */
function behindItsBack(server: Server, sql: string, ...values: string[]): void {
  inDatabase(server, (database) => database.prepare(sql).run(...values));
}

/** How many denials are in the file; the server is not asked. */
export function storedDenials(server: Server): number {
  return inDatabase(server, (database) => {
    const row: unknown = database.prepare('SELECT coalesce(sum(attempts), 0) AS n FROM access_denials').get();
    return (row as { readonly n: number }).n;
  });
}

/** Leaves a credential in a state that cannot be read. */
export function damageCredential(server: Server, id: string): void {
  behindItsBack(server, 'UPDATE credentials SET rules = ? WHERE id = ?', '{not json', id);
}

/** Leaves the keys of a SCRAM credential in a state that cannot be read. */
export function damageScramKeys(server: Server, id: string): void {
  behindItsBack(server, 'UPDATE credentials SET secret_hash = ? WHERE id = ?', '{not json', id);
}

/** Runs something while the store cannot look credentials up. */
export async function withoutCredentialTable<T>(server: Server, run: () => Promise<T>): Promise<T> {
  behindItsBack(server, 'ALTER TABLE credentials RENAME TO credentials_hidden');
  try {
    return await run();
  } finally {
    behindItsBack(server, 'ALTER TABLE credentials_hidden RENAME TO credentials');
  }
}
