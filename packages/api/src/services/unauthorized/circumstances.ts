import { type Family, familyOf, networkOf, saslprep } from '@gatehouse/auth-core';
import {
  type AuditEntry,
  type Credential,
  type DataPlane,
  isSilence,
  type Store,
  type StoredBlock,
  type StoredCertificate,
  type UnauthorizedClient,
  type UnauthorizedClientDetail,
} from '@gatehouse/ports';
import { z } from 'zod';
import type { AuthDeps } from '../../house.ts';
import { changesBefore, type Revertible, revertibleBy } from './authentication-changes.ts';
import { type Deletion, findDeletion } from './deletion.ts';
import { findNear, type Near } from './near.ts';

interface OthersAdmitted {
  readonly clients: number;
  /** When the latest of them got in, milliseconds since the epoch. */
  readonly lastAt: number;
}

/** What the store knows around a refusal: the matter that `explain` draws its statements from. */
export interface Circumstances {
  /** The credential that goes by the row's identity now. */
  readonly credential: Credential | null;
  /** Where none goes by it: one that has one of its names and wants another of the other. */
  readonly near: Near | null;
  /** The credential remembers the secret before the last change. */
  readonly hasPreviousSecret: boolean;
  readonly secretChangedBy: string | null;
  /** Who disabled it last, if it is disabled. */
  readonly disabledBy: string | null;
  /** A deletion of a credential with this identity, when there is none now. */
  readonly deletion: Deletion | null;
  /** The last change of that credential, or of who decides, before the refusals began. */
  readonly precededBy: AuditEntry | null;
  /** That change can be taken back by one request: what it was made to. */
  readonly revertible: Revertible | null;
  /** The block that the latest refusal names, if it is still there. */
  readonly block: StoredBlock | null;
  /** Until when it is slowed now, milliseconds since the epoch; null: it is not, undefined: nobody looked, or cannot tell. */
  readonly slowedUntil: number | null | undefined;
  /** Whether a session has its client ID now; undefined: nobody looked. */
  readonly sessionHeld: boolean | undefined;
  /** The register's entry of the certificate at fault, where the private CA issued it. */
  readonly certificate: StoredCertificate | null;
  /** Others that are refused for the same credential since that change; a lower bound. */
  readonly othersRefusedSince: number;
  /** Other refused clients of the same address that got in after the last refusal from there; null: none. */
  readonly othersOfIpAdmitted: OthersAdmitted | null;
}

/** Families of reasons that are found before any credential is looked at. */
const BEFORE_CREDENTIALS: ReadonlySet<Family> = new Set(['protocol', 'tls']);
/** A deletion explains refusals that began at most this long after it. */
const DELETION_EXPLAINS_WITHIN_MS = 3_600_000;
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

/** Only where the refusal is about names that a basic credential would have. */
const findNearest = async (store: Store, row: UnauthorizedClientDetail): Promise<Near | null> =>
  row.clientIdTruncated || row.reason !== 'BASIC_NO_CREDENTIALS' ? null : findNear(store, row);

const findBlock = (store: Store, row: UnauthorizedClientDetail): Promise<StoredBlock | null> => {
  const id = row.reason === 'CLIENT_BLOCKED' ? row.detail['block'] : undefined;
  return typeof id === 'string' ? store.blocks.get(id) : Promise.resolve(null);
};

/** Refused before any credential is looked at: no change of one explains it. */
const isBeforeCredentials = ({ reason }: UnauthorizedClientDetail): boolean =>
  reason === 'CLIENT_BLOCKED' || (BEFORE_CREDENTIALS.has(familyOf(reason)) && !reason.startsWith('PSK_'));

const newestFirst = { limit: AUDIT_ENTRIES_READ, sort: { field: 'at', direction: 'desc' } } as const;

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

/** Serial numbers as the register writes them. */
const SERIAL = /^[0-9A-F]{1,64}$/;

/** The certificate that is at fault; the client's own where none is named. */
const findCertificate = async (
  store: Store,
  { certificate, presented = [] }: UnauthorizedClientDetail,
): Promise<StoredCertificate | null> => {
  const shown = presented.find(({ problem }) => problem !== null) ?? certificate;
  if (shown === null || !SERIAL.test(shown.serialNumber)) return null;
  const found = await store.certificates.get(shown.serialNumber);
  // Another CA may have given the same number.
  return found?.fingerprint === shown.fingerprint ? found : null;
};

/** Related clients that are refused for the same credential, or under the same username, since then. */
const refusedSince = (
  row: UnauthorizedClientDetail,
  credential: Credential | null,
  { sameIp, sameUsername }: Awaited<ReturnType<Store['unauthorized']['related']>>,
  at: number,
): number => {
  const others = new Map([...sameIp, ...sameUsername].map((one) => [one.id, one]));
  const isOfIt = ({ username, detail }: UnauthorizedClient): boolean =>
    (credential !== null && detail['credentialId'] === credential.id) ||
    (username !== null && username !== '' && username === row.username);
  return [...others.values()].filter((one) => one.state === 'open' && one.lastAttemptAt >= at && isOfIt(one))
    .length;
};

/** Whether somebody who failed too often is still slowed: what was refused then may have been forgiven since. */
const findSlowed = async (
  dataPlane: Pick<DataPlane, 'listSlowed'>,
  row: UnauthorizedClientDetail,
): Promise<Circumstances['slowedUntil']> => {
  if (row.reason !== 'TOO_MANY_FAILURES') return undefined;
  const { items, complete } = await dataPlane.listSlowed();
  const network = networkOf(row.ip);
  const isIt = ({ kind, ip, identity, network: slowed }: (typeof items)[number]): boolean => {
    if (kind === 'network') return slowed === network;
    const name = identity?.by === 'username' ? row.username : row.clientId;
    return identity?.value === name && (ip === null || ip === row.ip);
  };
  const untils = items.filter(isIt).map(({ until }) => until);
  if (untils.length > 0) return Math.max(...untils);
  return complete ? null : undefined;
};

/** Whether the session that was in the way is still there. */
const findHeld = async (
  dataPlane: Pick<DataPlane, 'getClient'>,
  { reason, clientId, clientIdTruncated }: UnauthorizedClientDetail,
): Promise<boolean | undefined> =>
  reason !== 'SESSION_OWNED_BY_OTHER' || clientId === null || clientId === '' || clientIdTruncated
    ? undefined
    : await dataPlane.getClient(clientId).then(
        (session) => session !== null,
        (error: unknown) => {
          // The node that may have it does not answer.
          if (isSilence(error)) return undefined;
          throw error;
        },
      );

/** What is asked about a row. */
interface Sources {
  readonly store: Store;
  readonly auth: AuthDeps;
  readonly dataPlane: Pick<DataPlane, 'listSlowed' | 'getClient'>;
}

/** Reads the circumstances of a row; a handful of indexed queries. */
export const findCircumstances = async (
  { store, auth, dataPlane }: Sources,
  row: UnauthorizedClientDetail,
): Promise<Circumstances> => {
  const began = beganAt(row);
  const credential = await findCredential(store, row);
  const [near, changes, deletion, stored, related, block, slowedUntil, sessionHeld, certificate, before] =
    await Promise.all([
      credential === null ? findNearest(store, row) : null,
      changesOf(store, credential),
      credential === null ? findDeletion(store, row) : null,
      credential === null ? null : store.credentials.stored(credential.id),
      store.unauthorized.related(row.id, RELATED_READ),
      findBlock(store, row),
      findSlowed(dataPlane, row),
      findHeld(dataPlane, row),
      findCertificate(store, row),
      isBeforeCredentials(row) && row.reason !== 'TLS_CERT_UNTRUSTED'
        ? []
        : changesBefore({ store, auth }, row, credential, began),
    ]);
  const precededBy = precedentOf(row, began, isBeforeCredentials(row) ? null : deletion, before);
  return {
    credential,
    near,
    hasPreviousSecret: stored !== null && stored.previousSecret !== null,
    secretChangedBy: changes.find((entry) => SECRET_ACTIONS.includes(entry.action))?.actor.name ?? null,
    disabledBy: credential?.enabled === false ? (changes.find(disables)?.actor.name ?? null) : null,
    deletion,
    precededBy,
    revertible: await revertibleBy(store, precededBy),
    block,
    slowedUntil,
    sessionHeld,
    certificate,
    othersRefusedSince:
      precededBy === null || !precededBy.action.startsWith('credential.')
        ? 0
        : refusedSince(row, credential, related, precededBy.at),
    othersOfIpAdmitted: othersAdmitted(row, related.sameIp),
  };
};

/** The last change that may be why. Whoever got in after a change was not kept out by it. */
const precedentOf = (
  row: UnauthorizedClientDetail,
  began: number,
  deletion: Deletion | null,
  before: readonly AuditEntry[],
): AuditEntry | null => {
  const lastGoodAt = row.evidence.lastGoodLogin?.at ?? 0;
  const entry = deletion?.entry;
  const isRecent =
    entry !== undefined && entry.at <= began && began - entry.at <= DELETION_EXPLAINS_WITHIN_MS;
  const candidates = [...(isRecent ? [entry] : []), ...before].filter(({ at }) => at > lastGoodAt);
  return candidates.toSorted((a, b) => b.at - a.at)[0] ?? null;
};
