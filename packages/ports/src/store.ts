import type {
  ApiKeyRepository,
  AuditRepository,
  CredentialRepository,
  SeriesRepository,
  SettingsRepository,
} from './admin.ts';
import type { AccessRuleRepository } from './access-rules.ts';
import type { AlertRepository, AlertSetupRepository } from './alerts.ts';
import type { StoreRecord } from './backup.ts';
import type { BlockRepository } from './blocks.ts';
import type { CertificateRepository } from './certificates.ts';
import type { ChangeFeed, ChangeNotes } from './changes.ts';
import type { UserIdentityRepository } from './identities.ts';
import type { InvitationRepository, UserRepository, UserSessionRepository } from './people.ts';
import type { DenialRepository } from './denials.ts';
import type { UnauthorizedRepository } from './unauthorized.ts';

/** The repositories that take part in a transaction. */
export interface Repositories {
  readonly credentials: CredentialRepository;
  readonly unauthorized: UnauthorizedRepository;
  readonly accessRules: AccessRuleRepository;
  readonly blocks: BlockRepository;
  readonly denials: DenialRepository;
  readonly alertSetup: AlertSetupRepository;
  readonly alerts: AlertRepository;
  readonly certificates: CertificateRepository;
  readonly users: UserRepository;
  readonly userSessions: UserSessionRepository;
  readonly userIdentities: UserIdentityRepository;
  readonly invitations: InvitationRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly audit: AuditRepository;
  readonly settings: SettingsRepository;
  readonly series: SeriesRepository;
  readonly changeNotes: ChangeNotes;
}

/** The store: SQLite or PostgreSQL behind one contract. */
export interface Store extends Repositories {
  readonly dialect: 'sqlite' | 'postgresql';
  /** What other servers change; undefined where no other can. */
  readonly changeFeed: ChangeFeed | undefined;
  /** All or nothing, durable when it resolves; serialised with every other write. */
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /** Everything that it keeps as of the first record that is asked for, for a backup. Waits for nobody and holds up nobody. */
  dump(): AsyncIterable<StoreRecord>;
  /** A trivial query, for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What may be wrong with a store at start: each with its own words and nothing changed. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
  readonly code:
    | 'not-writable'
    | 'locked'
    | 'damaged'
    | 'newer-schema'
    | 'unreachable'
    | 'migration-failed'
    | 'foreign'
    | 'clock';
  constructor(code: StoreOpenError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
