import type { BackupSummary } from './summary.ts';

/** What a backup holds, for programs. */
export const backupFacts = ({ head, store, migrations, tables, segments, files }: BackupSummary) => ({
  gatehouse: head.gatehouse,
  createdAt: head.createdAt,
  store,
  schema: migrations.at(-1) ?? null,
  tables,
  journalSegments: segments,
  files: Object.keys(files),
  withKey: head.withKey,
});

const NAMED = {
  credentials: 'credentials',
  users: 'accounts',
  blocks: 'blocked clients',
  access_rules: 'access rules',
  certificates: 'certificates',
  unauthorized_clients: 'refused clients',
  audit_entries: 'audit entries',
} as const;

/** The same for people. */
export function backupLines({ head, store, tables, segments, files }: BackupSummary): readonly string[] {
  const counts = Object.entries(NAMED).map(([table, name]) => `${tables[table] ?? 0} ${name}`);
  return [
    `Made by Gatehouse ${head.gatehouse} at ${head.createdAt} from ${store === 'sqlite' ? 'SQLite' : 'PostgreSQL'}.`,
    counts.join(', '),
    `sessions and messages: ${segments} batches of the journal; ${Object.keys(files).length} files of the authority; ${head.withKey ? 'with' : 'without'} the secret key`,
  ];
}
