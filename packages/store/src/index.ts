export { inspectStore, migrate, openStore, type StoreOptions } from './open.ts';
export type { Inspection } from './migrations.ts';
export { UNDO_WINDOW_MS } from './unauthorized/deletions.ts';
export { HISTORY_MAX, IPS_MAX, SIGNATURES_MAX } from './unauthorized/merge.ts';
export {
  checkBackupSchema,
  restorePostgresql,
  restoreSqlite,
  type PostgresqlRestore,
} from './backup/restore.ts';
