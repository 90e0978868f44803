import type { AuditEntry, Credential, Store, UnauthorizedClientDetail } from '@gatehouse/ports';
import type { AuthDeps } from '../../house.ts';
import { lastChange, type SetupKind } from '../authentication/last-change.ts';
import { readStored } from '../authentication/stored.ts';
import { explainsRefusal } from './explains.ts';

/** What a change of authentication was made to, and can be reverted. */
export interface Revertible {
  readonly kind: SetupKind;
  readonly name: string;
}

/** A change of who decides explains refusals that began at most this long after it; one of the client's credential, an hour. */
const EXPLAINED_WITHIN_MS = 900_000;
const CREDENTIAL_EXPLAINS_WITHIN_MS = 3_600_000;
/** Entries of that hour that are looked through, the newest first. */
const HOUR_ENTRIES_READ = 200;
const KINDS: readonly Revertible['kind'][] = ['chain', 'authenticator', 'anonymous'];
const REPLACING = /\.update$/;

const NEWEST_FIRST = { limit: HOUR_ENTRIES_READ, sort: { field: 'at', direction: 'desc' } } as const;

const isInTime = ({ action, at }: AuditEntry, began: number): boolean =>
  at <= began &&
  began - at <= (action.startsWith('credential.') ? CREDENTIAL_EXPLAINS_WITHIN_MS : EXPLAINED_WITHIN_MS);

/** Changes just before refusals began that may be why; the newest first. One query, by time. */
export async function changesBefore(
  { store, auth }: { readonly store: Store; readonly auth: AuthDeps },
  row: UnauthorizedClientDetail,
  credential: Credential | null,
  began: number,
): Promise<readonly AuditEntry[]> {
  // `to` is exclusive.
  const range = { from: began - CREDENTIAL_EXPLAINS_WITHIN_MS, to: began + 1 };
  const { items } = await store.audit.page(range, NEWEST_FIRST);
  const refused = { row, credential, listenersOf: auth.listenersOf };
  return items.filter((entry) => isInTime(entry, began) && explainsRefusal(entry, refused));
}

/** What one request would take back of this change: nothing has changed since, and what it replaced is kept. */
export async function revertibleBy(store: Store, entry: AuditEntry | null): Promise<Revertible | null> {
  const kind = KINDS.find((one) => one === entry?.target?.kind);
  if (entry === null || kind === undefined || !REPLACING.test(entry.action)) return null;
  const name = entry.target?.id ?? '';
  const [last, stored] = await Promise.all([lastChange(store, kind, name), readStored(store)]);
  if (last?.id !== entry.id) return null;
  const kept = {
    chain: stored.chains[name]?.previous,
    authenticator: stored.authenticators[name]?.previous,
    anonymous: stored.anonymous?.previous,
  }[kind];
  return kept === undefined ? null : { kind, name };
}
