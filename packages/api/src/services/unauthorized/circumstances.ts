import { type Family, familyOf, saslprep } from '@gatehouse/auth-core';
import type {
  AuditEntry,
  Credential,
  Store,
  StoredBlock,
  UnauthorizedClient,
  UnauthorizedClientDetail,
} from '@gatehouse/ports';
import { z } from 'zod';
import type { AuthDeps } from '../../house.ts';
import { authenticationChanges, type Revertible, revertibleBy } from './authentication-changes.ts';

interface OthersAdmitted {
  readonly clients: number;
  /** When the latest of them got in, milliseconds since the epoch. */
  readonly lastAt: number;
}

/** What the store knows around a refusal: the matter that `explain` draws its statements from. */
export interface Circumstances {
  /** The credential that goes by the row's identity now. */
  readonly credential: Credential | null;
  /** The credential remembers the secret before the last change. */
  readonly hasPreviousSecret: boolean;
  readonly secretChangedBy: string | null;
  /** Who disabled it last, if it is disabled. */
  readonly disabledBy: string | null;
  /** A deletion of a credential with this identity, when there is none now. */
  readonly deletion: AuditEntry | null;
  /** The last change of that credential, or of who decides, before the refusals began. */
  readonly precededBy: AuditEntry | null;
  /** That change can be taken back by one request: what it was made to. */
  readonly revertible: Revertible | null;
  /** The block that the latest refusal names, if it is still there. */
  readonly block: StoredBlock | null;
  /** Other refused clients of the same address that got in after the last refusal from there; null: none. */
  readonly othersOfIpAdmitted: OthersAdmitted | null;
}

/** Families of reasons that are found before any credential is looked at. */
const BEFORE_CREDENTIALS: ReadonlySet<Family> = new Set(['protocol', 'tls']);
const PRECEDED_BY_MS_MAX = 3_600_000;
const AUDIT_ENTRIES_READ = 50;
const RELATED_READ = 20;
const SECRET_ACTIONS: readonly string[] = [
  'credential.reset-secret',
  'credential.create',
  'credential.import',
];

/** When the refusals that are not settled yet began. */
export const beganAt = (row: UnauthorizedClientDetail): number => {
  const open = row.signatures
    .filter((signature) => !signature.resolved)
    .map((signature) => signature.firstAt);
  return open.length === 0 ? row.firstAttemptAt : Math.min(...open);
};

/** The credential of the type that the reason is about; undefined where that is a basic one. */
const findTyped = async (
  { credentials }: Store,
  { reason, detail, username, pskIdentity }: UnauthorizedClientDetail,
): Promise<Credential | null | undefined> => {
  const told = detail['credentialId'];
  const named = typeof told === 'string' ? await credentials.get(told) : null;
  if (named !== null && named.facts.type !== 'basic') return named;
  if (reason.startsWith('X509_')) return null;
  if (reason.startsWith('SCRAM_')) {
    const name = saslprep(username ?? '') ?? '';
    return name === '' ? null : credentials.findByFacts({ facts: { type: 'scram' }, username: name });
  }
  if (!reason.startsWith('PSK_')) return undefined;
  return pskIdentity === null || pskIdentity === ''
    ? null
    : credentials.findByFacts({ facts: { type: 'psk', identity: pskIdentity }, username: null });
};

/** The identity as the chain looked it up; a client ID that was cut finds nothing. */
const findCredential = async (store: Store, row: UnauthorizedClientDetail): Promise<Credential | null> => {
  const typed = await findTyped(store, row);
  if (typed !== undefined) return typed;
  const clientId = row.clientIdTruncated ? '' : (row.clientId ?? '');
  const username = row.username === null || row.username === '' ? undefined : row.username;
  if (clientId === '' && username === undefined) return null;
  const [found = []] = await store.credentials.lookup([{ username, clientId, strategy: 'both' }]);
  const told = row.detail['credentialId'];
  const best = found.find((one) => one.id === told) ?? found[0];
  return best === undefined ? null : store.credentials.get(best.id);
};

const findBlock = (store: Store, row: UnauthorizedClientDetail): Promise<StoredBlock | null> => {
  const id = row.reason === 'CLIENT_BLOCKED' ? row.detail['block'] : undefined;
  return typeof id === 'string' ? store.blocks.get(id) : Promise.resolve(null);
};

/** Refused before any credential is looked at: no change of one explains it. */
const isBeforeCredentials = ({ reason }: UnauthorizedClientDetail): boolean =>
  reason === 'CLIENT_BLOCKED' || BEFORE_CREDENTIALS.has(familyOf(reason));

const newestFirst = { limit: AUDIT_ENTRIES_READ, sort: { field: 'at', direction: 'desc' } } as const;

const identity = z.object({ username: z.string().nullable(), clientId: z.string().nullable() });

/** A credential that had this identity and was deleted: found by what the audit kept of it. */
const findDeletion = async (store: Store, row: UnauthorizedClientDetail): Promise<AuditEntry | null> => {
  const { items } = await store.audit.page({ action: 'credential.delete' }, newestFirst);
  const isThis = ({ before }: AuditEntry): boolean => {
    const parsed = identity.safeParse(before);
    if (!parsed.success) return false;
    const { username, clientId } = parsed.data;
    return (username ?? row.username) === row.username && (clientId ?? row.clientId) === row.clientId;
  };
  return items.find(isThis) ?? null;
};

const changesOf = async (store: Store, credential: Credential | null): Promise<readonly AuditEntry[]> =>
  credential === null
    ? []
    : (await store.audit.page({ targetKind: 'credential', targetId: credential.id }, newestFirst)).items;

const disables = ({ action, after }: AuditEntry): boolean =>
  action === 'credential.update' && z.object({ enabled: z.literal(false) }).safeParse(after).success;

/** Who got in before somebody was refused from there again says nothing about the address as it is now. */
const othersAdmitted = (
  row: UnauthorizedClientDetail,
  sameIp: readonly UnauthorizedClient[],
): OthersAdmitted | null => {
  if (row.reason === 'CLIENT_BLOCKED') return null;
  const lastRefusalAt = Math.max(row.lastAttemptAt, ...sameIp.map((other) => other.lastAttemptAt));
  const admitted = sameIp.flatMap(({ state, resolvedAt }) =>
    state === 'resolved' && resolvedAt !== null && resolvedAt > lastRefusalAt ? [resolvedAt] : [],
  );
  return admitted.length === 0 ? null : { clients: admitted.length, lastAt: Math.max(...admitted) };
};

/** Reads the circumstances of a row; a handful of indexed queries. */
export const findCircumstances = async (
  { store, auth }: { readonly store: Store; readonly auth: AuthDeps },
  row: UnauthorizedClientDetail,
): Promise<Circumstances> => {
  const began = beganAt(row);
  const credential = await findCredential(store, row);
  const [changes, deletion, stored, related, block, deciding] = await Promise.all([
    changesOf(store, credential),
    credential === null ? findDeletion(store, row) : null,
    credential === null ? null : store.credentials.stored(credential.id),
    store.unauthorized.related(row.id, RELATED_READ),
    findBlock(store, row),
    isBeforeCredentials(row) ? [] : authenticationChanges({ store, auth }, row, began),
  ]);
  // Whoever got in after a change was not kept out by it, nor was who did not speak MQTT as it must be spoken.
  const lastGoodAt = row.evidence.lastGoodLogin?.at ?? 0;
  const candidates = isBeforeCredentials(row)
    ? []
    : [...(deletion === null ? changes : [deletion]), ...deciding]
        .filter(({ at }) => at > lastGoodAt)
        .toSorted((a, b) => b.at - a.at);
  const precededBy =
    candidates.find((entry) => entry.at <= began && began - entry.at <= PRECEDED_BY_MS_MAX) ?? null;
  return {
    credential,
    hasPreviousSecret: stored !== null && stored.previousSecret !== null,
    secretChangedBy: changes.find((entry) => SECRET_ACTIONS.includes(entry.action))?.actor.name ?? null,
    disabledBy: credential?.enabled === false ? (changes.find(disables)?.actor.name ?? null) : null,
    deletion,
    precededBy,
    revertible: await revertibleBy(store, precededBy),
    block,
    othersOfIpAdmitted: othersAdmitted(row, related.sameIp),
  };
};
