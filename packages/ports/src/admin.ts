import type { AclRule, BasicCredential, LookupStrategy, StoredCredential } from '@gatehouse/auth-core';
import type { Actor, Page, PageRequest, TextFilter } from './common.ts';
import type {
  CredentialFacts,
  CredentialFactsWrite,
  CredentialType,
  SealedPskKey,
  TypedFound,
  TypedQuery,
} from './credential-types.ts';
import type { Role } from './people.ts';

/** A credential as it is administered. Hashes stay inside; `hasSecret` and `hashFormat` are what may be shown. */
export interface Credential {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  /** What it is proved by, and what only such credentials have. */
  readonly facts: CredentialFacts;
  readonly username: string | null;
  readonly clientId: string | null;
  readonly hasSecret: boolean;
  /** Name of the stored form, e.g. `argon2id`, `sha256-salted`, `bcrypt`; null without a secret. */
  readonly hashFormat: string | null;
  readonly secretKind: 'generated' | 'chosen' | 'imported' | null;
  readonly passwordless: boolean;
  readonly superuser: boolean;
  readonly enabled: boolean;
  readonly expiresAt: number | null;
  readonly description: string;
  readonly tags: readonly string[];
  readonly rules: readonly AclRule[];
  readonly previousSecretValidUntil: number | null;
  readonly secretChangedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastUsedAt: number | null;
  readonly lastUsedIp: string | null;
  /** What declares it: edited in the console, or owned by the configuration file. */
  readonly source: 'api' | 'file';
  /** Why the stored record cannot be read: it admits nobody, and what is unreadable of it is shown empty. */
  readonly unparsable?: string | null;
}

/** What is written; hashes are already made by the caller. */
export interface CredentialWrite {
  /** Given where a secret was sealed for this id; otherwise one is made. */
  readonly id?: string;
  /** Absent: a basic credential. */
  readonly facts?: CredentialFactsWrite;
  readonly name: string;
  readonly username: string | null;
  readonly clientId: string | null;
  /** Of SCRAM its keys as JSON (`scramSecret`), of a pre-shared key the sealed key. */
  readonly secretHash: string | null;
  readonly hashFormat: string | null;
  readonly secretKind: Credential['secretKind'];
  readonly passwordless: boolean;
  readonly superuser: boolean;
  readonly enabled: boolean;
  readonly expiresAt: number | null;
  readonly description: string;
  readonly tags: readonly string[];
  readonly rules: readonly AclRule[];
  readonly source: Credential['source'];
}

/** What a credential is found by within its type: a basic one by its names, others by their facts. */
export type CredentialIdentity = Pick<CredentialWrite, 'facts' | 'username' | 'clientId'>;

export type CredentialPatch = Partial<
  Pick<
    CredentialWrite,
    | 'name'
    | 'username'
    | 'clientId'
    | 'passwordless'
    | 'superuser'
    | 'enabled'
    | 'expiresAt'
    | 'description'
    | 'tags'
    | 'rules'
  >
> & {
  /** Of the credential's own type; replaces what it had. */
  readonly facts?: CredentialFactsWrite;
};

/** A change of one among many; what is not given stays. */
export type CredentialChange = Partial<
  Pick<CredentialWrite, 'name' | 'superuser' | 'enabled' | 'description' | 'tags' | 'rules'>
> & {
  readonly id: string;
  readonly expiresAt?: number;
  /** Of the credential's own type and identity. */
  readonly facts?: CredentialFactsWrite;
  readonly secret?: Pick<SecretWrite, 'hash' | 'hashFormat' | 'secretKind'>;
};

export interface SecretWrite {
  readonly hash: string;
  readonly hashFormat: string;
  readonly secretKind: NonNullable<Credential['secretKind']>;
  /** Until when the secret it replaces is still accepted; null ends it at once. */
  readonly keepPreviousUntil: number | null;
}

export const CREDENTIAL_SORTS = [
  'name',
  'username',
  'clientId',
  'createdAt',
  'updatedAt',
  'lastUsedAt',
  'expiresAt',
] as const;
export type CredentialSort = (typeof CREDENTIAL_SORTS)[number];

export interface CredentialFilter {
  readonly search?: string;
  readonly type?: CredentialType;
  readonly name?: TextFilter;
  readonly username?: TextFilter;
  readonly clientId?: TextFilter;
  /** What a credential that is not basic is found by: `cn:…`, a SCRAM username, a PSK identity. */
  readonly identity?: TextFilter;
  readonly enabled?: boolean;
  readonly superuser?: boolean;
  readonly tag?: string;
  readonly expired?: boolean;
}

/**
 * `conflict`: another credential of its type has this identity (of a basic one the pair of username and client ID).
 * `full`: as many as there may be of its kind (`CREDENTIAL_LIMITS`).
 */
export type CredentialWriteResult =
  | { readonly result: 'ok'; readonly credential: Credential }
  | { readonly result: 'conflict'; readonly existing: Credential }
  | { readonly result: 'full'; readonly max: number }
  | { readonly result: 'not-found' }
  | { readonly result: 'version-mismatch'; readonly current: Credential };

export interface CredentialRepository {
  page(filter: CredentialFilter, request: PageRequest<CredentialSort>): Promise<Page<Credential>>;
  get(id: string): Promise<Credential | null>;
  /** Those of them that are there, in no order. */
  getEach(ids: readonly string[]): Promise<readonly Credential[]>;
  /** Names by ID; those that are not there are left out. */
  names(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** A basic credential by its names. */
  findByIdentity(identity: { username: string | null; clientId: string | null }): Promise<Credential | null>;
  /** A credential of another type by what it is found by. */
  findByFacts(identity: {
    readonly facts: CredentialFactsWrite;
    readonly username: string | null;
  }): Promise<Credential | null>;
  /**
   * Basic credentials that name one of the two as it is and want another value of the other, so that no lookup finds
   * them; those of the username first, at most `limit` of either kind.
   */
  findNear(
    identity: { readonly username: string | null; readonly clientId: string | null },
    limit: number,
  ): Promise<readonly Credential[]>;
  /** Many at once, in the order asked; null where there is none. */
  findEach(identities: readonly CredentialIdentity[]): Promise<readonly (Credential | null)[]>;
  /** What authenticators other than `builtin` need; many at once, in the order asked. Must be fast. */
  lookupTyped(queries: readonly TypedQuery[]): Promise<readonly TypedFound[]>;
  /** The pre-shared keys that are stored, or those of these credentials; at most `CREDENTIAL_LIMITS.pskMax`. */
  pskKeys(ids?: readonly string[]): Promise<readonly SealedPskKey[]>;
  /** What the chain needs, by lookup strategy; many at once, in the order asked. Must be fast: prepared statements. */
  lookup(
    queries: readonly {
      readonly username: string | undefined;
      readonly clientId: string;
      readonly strategy: LookupStrategy;
    }[],
  ): Promise<readonly (readonly StoredCredential[])[]>;
  create(write: CredentialWrite, now: number): Promise<CredentialWriteResult>;
  /**
   * Makes all of them, or none where there is no room. Their identities must differ and be free: `findEach` says so
   * within the same transaction.
   */
  createEach(
    writes: readonly CredentialWrite[],
    now: number,
  ): Promise<
    | { readonly result: 'ok'; readonly credentials: readonly Credential[] }
    | Extract<CredentialWriteResult, { readonly result: 'full' }>
  >;
  /**
   * Changes all of them, each once; the credentials as they are then, in the order asked, undefined for one that is not
   * there. Identities stay: of facts only what is not part of the identity may differ. A hash that is replaced is kept,
   * ended as of now (`acceptPrevious`).
   */
  updateEach(changes: readonly CredentialChange[], now: number): Promise<readonly (Credential | undefined)[]>;
  /** `ifVersion` guards against a lost update; undefined writes regardless. */
  update(
    id: string,
    patch: CredentialPatch,
    ifVersion: number | undefined,
    now: number,
  ): Promise<CredentialWriteResult>;
  setSecret(id: string, write: SecretWrite, now: number): Promise<CredentialWriteResult>;
  /** Makes the previous secret acceptable (again) until then; `not-found` when there is none. */
  acceptPrevious(id: string, until: number, now: number): Promise<CredentialWriteResult>;
  /** A better hash of the same secret, after a good login; does not raise the version. No-op when it changed meanwhile. */
  rehash(id: string, version: number, hash: string, hashFormat: string): Promise<void>;
  remove(ids: readonly string[]): Promise<readonly Credential[]>;
  setEnabled(ids: readonly string[], enabled: boolean, now: number): Promise<readonly Credential[]>;
  touch(uses: readonly { readonly id: string; readonly at: number; readonly ip: string }[]): Promise<void>;
  /**
   * The stored record with its hashes: for `accept previous` hints and the tester; never leaves the server. Null:
   * there is none, it is not basic, or it cannot be read.
   */
  stored(id: string): Promise<BasicCredential | null>;
  /**
   * The stored form of a credential's secret, for making the next one like it; never leaves the server. Null: there is
   * none.
   */
  secretHash(id: string): Promise<string | null>;
  count(): Promise<number>;
  stream(filter: CredentialFilter, chunk: number): AsyncIterable<readonly Credential[]>;
  tags(): Promise<readonly string[]>;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Exclude<Role, 'owner'>;
  /** Empty: all the role allows. */
  readonly scopes: readonly string[];
  /** First characters of the key, to recognise it. */
  readonly prefix: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly lastUsedIp: string | null;
}

export interface ApiKeyRepository {
  list(): Promise<readonly ApiKey[]>;
  create(
    key: ApiKey & { readonly keyHash: string },
  ): Promise<{ result: 'ok'; key: ApiKey } | { result: 'conflict' }>;
  findByHash(keyHash: string): Promise<ApiKey | null>;
  remove(id: string): Promise<ApiKey | null>;
  touch(id: string, at: number, ip: string): Promise<void>;
}

/** One line of the audit; `hash` chains it to the line before (append-only). */
export interface AuditEntry {
  readonly id: string;
  readonly at: number;
  readonly actor: Actor;
  /** `noun.verb`, e.g. `credential.create`, `unauthorized.delete`, `session.login`. */
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string; readonly name: string } | null;
  /** Without secrets. */
  readonly before: unknown;
  readonly after: unknown;
  readonly ip: string;
  readonly requestId: string;
  readonly previousHash: string;
  readonly hash: string;
}
export type AuditWrite = Omit<AuditEntry, 'id' | 'previousHash' | 'hash'>;

export interface AuditFilter {
  readonly action?: string;
  readonly actorId?: string;
  readonly targetKind?: string;
  readonly targetId?: string;
  readonly from?: number;
  readonly to?: number;
  readonly search?: string;
  /** Actions that are found by `search` whatever their codes say. */
  readonly named?: readonly string[];
}

export interface AuditRepository {
  append(entry: AuditWrite): Promise<AuditEntry>;
  /** Newest first. */
  page(filter: AuditFilter, request: PageRequest<'at'>): Promise<Page<AuditEntry>>;
  get(id: string): Promise<AuditEntry | null>;
  stream(filter: AuditFilter, chunk: number): AsyncIterable<readonly AuditEntry[]>;
  /** Walks the hash chain; `brokenAt` names the first entry that does not fit. */
  verify(): Promise<{ readonly entries: number; readonly brokenAt: string | null }>;
}

/** Small named values: setup token, retention, anonymous policy, saved views. JSON. */
export interface SettingsRepository {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Points of the overview's charts, one of each node per `SERIES_STEP_MS`. */
export interface SeriesPoint {
  readonly at: number;
  /** Who counted; empty: a version that did not write that down. */
  readonly node: string;
  readonly values: Readonly<Record<string, number>>;
}
/** Counters added up over a range. */
export interface SeriesSums {
  /** When the range's first point is of; null: it has none. */
  readonly firstAt: number | null;
  readonly sums: Readonly<Record<string, number>>;
}
export interface SeriesRepository {
  /** Of two nodes' points of one millisecond the later one is moved on; a node's own is replaced. */
  append(points: readonly SeriesPoint[]): Promise<void>;
  /** Of all nodes, oldest first. */
  range(from: number, to: number): Promise<readonly SeriesPoint[]>;
  /** What counters add up to over a range; of as many points as there are. */
  sums(names: readonly string[], range: { readonly from: number; readonly to: number }): Promise<SeriesSums>;
  /** When the oldest point is of; null: there is none. */
  oldest(): Promise<number | null>;
  sweep(before: number): Promise<number>;
}
