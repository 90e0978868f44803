import type { AuditEntry, Store, UnauthorizedClientDetail } from '@gatehouse/ports';
import type { AuthDeps } from '../../house.ts';
import { readStored } from '../authentication/stored.ts';

/** What a change of authentication was made to, and can be reverted. */
export interface Revertible {
  readonly kind: 'chain' | 'authenticator' | 'anonymous';
  readonly name: string;
}

/** A change of authentication explains refusals that began at most this long after it. */
const EXPLAINED_WITHIN_MS = 900_000;
const ENTRIES_READ = 20;
const KINDS: readonly Revertible['kind'][] = ['chain', 'authenticator', 'anonymous'];
/** What changes who is let in; tests and dry runs are audited too. */
const CHANGING = /\.(?:create|update|delete|revert)$/;
const REPLACING = /\.(?:update|revert)$/;

const newestFirst = { limit: ENTRIES_READ, sort: { field: 'at', direction: 'desc' } } as const;

/** Changes of who decides about this client, just before its refusals began; the newest first. */
export async function authenticationChanges(
  { store, auth }: { readonly store: Store; readonly auth: AuthDeps },
  row: UnauthorizedClientDetail,
  began: number,
): Promise<readonly AuditEntry[]> {
  const range = { from: began - EXPLAINED_WITHIN_MS, to: began };
  const pages = await Promise.all(
    KINDS.map((targetKind) => store.audit.page({ targetKind, ...range }, newestFirst)),
  );
  return pages
    .flatMap(({ items }) => items)
    .filter((entry) => entry.at <= began && isAbout(entry, row, auth));
}

function isAbout({ action, target }: AuditEntry, row: UnauthorizedClientDetail, auth: AuthDeps): boolean {
  if (target === null || !CHANGING.test(action)) return false;
  if (target.kind === 'chain') return auth.listenersOf[target.id]?.includes(row.listener) === true;
  if (target.kind === 'authenticator') return row.trace.some((step) => step.authenticator === target.id);
  return target.kind === 'anonymous';
}

/** What one request would take back of this change: nothing has changed since, and what it replaced is kept. */
export async function revertibleBy(store: Store, entry: AuditEntry | null): Promise<Revertible | null> {
  const kind = KINDS.find((one) => one === entry?.target?.kind);
  if (entry === null || kind === undefined || !REPLACING.test(entry.action)) return null;
  const name = entry.target?.id ?? '';
  const [{ items }, stored] = await Promise.all([
    store.audit.page({ targetKind: kind, targetId: name }, newestFirst),
    readStored(store),
  ]);
  if (items.find(({ action }) => CHANGING.test(action))?.id !== entry.id) return null;
  const kept = {
    chain: stored.chains[name]?.previous,
    authenticator: stored.authenticators[name]?.previous,
    anonymous: stored.anonymous?.previous,
  }[kind];
  return kept === undefined ? null : { kind, name };
}
