import type { AuditEntry, Store, UnauthorizedClientDetail } from '@gatehouse/ports';
import { z } from 'zod';

/** Deletions of one credential, and of many, that are looked through; an entry about many may have 150 kB. */
const SINGLE_READ = 50;
const BULK_READ = 10;

/** The deletion of the credential that a client went by. */
export interface Deletion {
  readonly entry: AuditEntry;
  /** The name that the credential had. */
  readonly name: string;
}

const named = z.object({ username: z.string().nullable(), clientId: z.string().nullable() });
const typed = z.object({
  facts: z.union([
    z.object({ type: z.literal('psk'), identity: z.string() }),
    z.object({ type: z.literal('x509'), match: z.looseObject({ by: z.string() }) }),
    z.object({ type: z.string() }),
  ]),
});
const many = z.object({ credentials: z.array(z.looseObject({ name: z.string() })) });

/** Whether what the audit kept of a credential is what this client goes by. */
const goesBy = (before: unknown, row: UnauthorizedClientDetail): boolean => {
  const parsed = named.safeParse(before);
  if (!parsed.success) return false;
  const { username, clientId } = parsed.data;
  const { facts } = typed.safeParse(before).data ?? {};
  if (facts !== undefined && 'identity' in facts) return facts.identity === row.pskIdentity;
  if (facts !== undefined && 'match' in facts) {
    const { by, value } = facts.match;
    const { commonName, fingerprint } = row.certificate ?? {};
    return typeof value === 'string' && value === (by === 'fingerprint' ? fingerprint : commonName);
  }
  if (username === null && clientId === null) return false;
  return (username ?? row.username) === row.username && (clientId ?? row.clientId) === row.clientId;
};

const deletionIn = (entry: AuditEntry, row: UnauthorizedClientDetail): Deletion[] => {
  if (entry.action === 'credential.delete') {
    return goesBy(entry.before, row) ? [{ entry, name: entry.target?.name ?? '' }] : [];
  }
  const one = many.safeParse(entry.before).data?.credentials.find((kept) => goesBy(kept, row));
  return one === undefined ? [] : [{ entry, name: one.name }];
};

/**
 * The latest deletion of a credential that had this identity, alone or among many: found by what the audit kept, among
 * the newest entries.
 */
export const findDeletion = async (
  { audit }: Pick<Store, 'audit'>,
  row: UnauthorizedClientDetail,
): Promise<Deletion | null> => {
  const newest = (action: string, limit: number) =>
    audit.page({ action }, { limit, sort: { field: 'at', direction: 'desc' } });
  const [single, bulk] = await Promise.all([
    newest('credential.delete', SINGLE_READ),
    newest('credential.delete-many', BULK_READ),
  ]);
  const found = [single, bulk].flatMap(
    ({ items }) => items.flatMap((entry) => deletionIn(entry, row))[0] ?? [],
  );
  return found.toSorted((a, b) => b.entry.at - a.entry.at)[0] ?? null;
};
