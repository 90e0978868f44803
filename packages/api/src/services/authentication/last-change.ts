import type { AuditEntry, Store } from '@gatehouse/ports';

/** What a change of authentication is made to. */
export type SetupKind = 'chain' | 'authenticator' | 'anonymous';

/** Entries that are looked through: tests and dry runs are audited too, and may be many. */
const ENTRIES_READ = 20;
const NEWEST_FIRST = { limit: ENTRIES_READ, sort: { field: 'at', direction: 'desc' } } as const;

/** What changes who is let in. */
const CHANGING = /\.(?:create|update|delete|revert)$/;

/** The last change that the audit tells of; undefined where it tells of none. */
export async function lastChange(
  { audit }: Pick<Store, 'audit'>,
  targetKind: SetupKind,
  targetId: string,
): Promise<AuditEntry | undefined> {
  const { items } = await audit.page({ targetKind, targetId }, NEWEST_FIRST);
  return items.find(({ action }) => CHANGING.test(action));
}
