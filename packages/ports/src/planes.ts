import type {
  AccessRule,
  Attempt,
  Block,
  BlockHits,
  Decision,
  GuessedIdentity,
  GuesserFailures,
  GuessingCounters,
  LookupStrategy,
  StoredCredential,
  Transport,
} from '@gatehouse/auth-core';
import type { AuthenticatorInspection, AuthSetup, BackendStatus } from './auth-setup.ts';
import type { AttemptBatchText, FlushOutcome, RecorderCounters } from './attempts.ts';
import type { CredentialType, PskKey, TypedFound, TypedQuery } from './credential-types.ts';
import type { DenialBatch } from './denials.ts';
import type { DropReason } from './drops.ts';
import type { DryRunRequest, DryRunVerdict } from './dry-run.ts';
import type { GuessingInspection } from './guessing.ts';
import type { Inspection } from './inspection.ts';
import type { JournalStats } from './journal.ts';
import type { TroubledClients } from './troubled.ts';
import type { TryAttempt } from './try-attempt.ts';
import type { Watch, WatchRead, WatchTarget } from './watches.ts';

/** What the data plane asks of the control plane. Calls are batched per tick by the composition. */
export interface ControlPlane {
  lookupCredentials(
    queries: readonly {
      readonly username: string | undefined;
      readonly clientId: string;
      readonly strategy: LookupStrategy;
    }[],
  ): Promise<readonly (readonly StoredCredential[])[]>;
  /** The same for credentials that are not basic. */
  lookupTyped(queries: readonly TypedQuery[]): Promise<readonly TypedFound[]>;
  flushAttempts(batch: AttemptBatchText): Promise<FlushOutcome>;
  rehashed(update: {
    readonly credentialId: string;
    readonly version: number;
    readonly hash: string;
    readonly hashFormat: string;
  }): void;
  /** Adds what the data plane counted to the stored blocks; those that are gone are passed over. */
  countBlockHits(hits: readonly BlockHits[]): Promise<void>;
  /** Tells other servers on the same database which logins have failed here. */
  tellFailures(failures: readonly GuesserFailures[]): Promise<void>;
  /** Stores what clients were denied since the last flush. */
  flushDenials(batch: DenialBatch): Promise<void>;
}

/** What changed, told to the data plane so that caches and open sessions follow within a second. */
export type ControlEvent =
  /** Credentials whose cached lookups are void; sessions they admitted are re-evaluated. */
  | {
      readonly kind: 'credentials-changed';
      readonly changes: readonly {
        readonly id: string;
        /** Absent: basic. */
        readonly type?: CredentialType;
        readonly username: string | null;
        readonly clientId: string | null;
        /** Sessions admitted by it must close: disabled, deleted, secret or identity changed. */
        readonly disconnect: boolean;
      }[];
    }
  /** Pre-shared keys that are new or have changed, and the credentials whose keys are gone. */
  | {
      readonly kind: 'psk-keys-changed';
      readonly put: readonly PskKey[];
      readonly removed: readonly string[];
    }
  /** Authenticators, chains or the anonymous policy: the whole of what is now in force. */
  | { readonly kind: 'auth-changed'; readonly setup: AuthSetup }
  /** Blocks that are new or have changed, and the ids of those that are gone; open sessions that meet one are closed. */
  /** The global access rules: the whole of what is now in force, in order; open sessions are held against them. */
  | { readonly kind: 'access-changed'; readonly rules: readonly AccessRule[] }
  /** What sources answered about topics is void: of this client, or of all (null). */
  | { readonly kind: 'acl-cache-cleared'; readonly clientId: string | null }
  | { readonly kind: 'blocks-changed'; readonly put: readonly Block[]; readonly removed: readonly string[] }
  /** CAs or revocation lists that the server itself writes: the listeners read them again. */
  | { readonly kind: 'trust-changed' }
  /** Failures to be forgotten: of these identities, at this address; null stands for any. */
  | {
      readonly kind: 'failures-forgiven';
      readonly identities: readonly GuessedIdentity[] | null;
      readonly ip: string | null;
      /** A slowed network by itself; then nothing else is forgiven. */
      readonly network?: string | undefined;
    }
  /** Logins that failed at other servers since they last told. */
  | { readonly kind: 'failures-elsewhere'; readonly failures: readonly GuesserFailures[] }
  /**
   * What was changed cannot be told apart any more. All that was asked of the store is void, these are the only blocks and keys, and
   * who was let in by a credential comes back and is asked for it again.
   */
  | {
      readonly kind: 'everything-changed';
      readonly blocks: readonly Block[];
      readonly pskKeys: readonly PskKey[];
    };

/** Numbers of the data plane, for /stats, /metrics and the overview. All counters count since start. */
export interface BrokerStats {
  readonly startedAt: number;
  /** False while it is drained, or cannot say that it lives: clients are sent away. */
  readonly letsIn: boolean;
  /** Whether messages cross between all nodes that live; null: there are no others. */
  readonly isBusWell: boolean | null;
  readonly connections: {
    readonly open: number;
    readonly mqtt: number;
    readonly halfOpen: number;
    readonly byListener: Readonly<Record<string, number>>;
  };
  readonly sessions: { readonly online: number; readonly persistent: number };
  readonly auth: {
    readonly accepted: number;
    readonly acceptedAnonymous: number;
    readonly refused: number;
    readonly busy: number;
    readonly refusedByFamily: Readonly<Record<string, number>>;
    readonly refusedByReason: Readonly<Record<string, number>>;
    readonly authenticators: readonly AuthenticatorStats[];
  };
  readonly messages: {
    readonly received: number;
    readonly sent: number;
    readonly dropped: number;
    readonly droppedBy: Readonly<Record<DropReason, number>>;
    readonly bytesReceived: number;
    readonly bytesSent: number;
  };
  /** Publishes and subscriptions that the access rules forbade. */
  readonly denied: number;
  /** How often each named limit was met, since start; those never met are absent. */
  readonly bounds: Readonly<Record<string, number>>;
  readonly subscriptions: number;
  readonly retained: number;
  readonly journal: JournalStats;
  readonly recorder: RecorderCounters;
  readonly hashing: {
    readonly queued: number;
    readonly queueMs: number;
    readonly verified: number;
    readonly cacheHits: number;
    readonly cacheEntries: number;
  };
  readonly guessing: GuessingCounters;
  readonly eventLoopLagMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly memory: { readonly rssBytes: number; readonly heapUsedBytes: number };
}

/** What an authenticator answered since start. */
export interface AuthenticatorCounts {
  readonly name: string;
  readonly type: string;
  readonly allow: number;
  readonly deny: number;
  readonly ignore: number;
  readonly error: number;
  /** Milliseconds over the last minutes' samples; null before the first. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly lastError: { readonly at: number; readonly text: string } | null;
}

/** One that is in force, whether it was ever asked or not. */
export interface AuthenticatorStats extends AuthenticatorCounts {
  readonly enabled: boolean;
  /** Null where there is no backend. */
  readonly backend: BackendStatus | null;
}

export interface ListenerStatus {
  readonly name: string;
  readonly transport: Transport;
  readonly enabled: boolean;
  /** Of a Unix socket, its path. */
  readonly host: string;
  readonly port: number | null;
  readonly connections: number;
}

/** A node, as any other sees it. */
export interface NodeReport {
  readonly node: string;
  readonly version: string;
  /** The machine it runs on. */
  readonly host: string;
  readonly startedAt: number;
  /** `draining`: it lets nobody in. `silent`: it did not answer. `gone`: its lease has ended, another takes its place. */
  readonly state: 'active' | 'draining' | 'silent' | 'gone';
  /** Of those that answered. */
  readonly stats: BrokerStats | null;
}

/** What the control plane asks of the data plane. */
export interface DataPlane extends Inspection, AuthenticatorInspection, GuessingInspection {
  /** Of this node; what else is asked and done here is about all nodes, where nothing else is said. */
  stats(): Promise<BrokerStats>;
  /** All nodes, this one too, in the order of their names. */
  listNodes(): Promise<readonly NodeReport[]>;
  listeners(): Promise<readonly ListenerStatus[]>;
  /** Runs the chain on a made-up attempt; nothing is recorded, no budget is used. */
  tryAttempt(attempt: TryAttempt): Promise<{ readonly attempt: Attempt; readonly decision: Decision }>;
  /** Asks a draft of a chain about known clients; spends no budget, records nothing, sends no secret anywhere. Never rejects. */
  dryRunChain(request: DryRunRequest): Promise<readonly DryRunVerdict[]>;
  /** Writes what the recorder still holds and resolves when it is stored; before a deletion. */
  flushRecorder(): Promise<void>;
  /** Writes the denials that wait, as far as the store takes them; before they are read. */
  flushDenials(): Promise<void>;
  /** Forgets the denials that wait; before those that are stored are forgotten. */
  discardDenials(): Promise<void>;
  /** Whether recording can happen at all, for the page's banner. */
  authState(): Promise<{
    readonly anonymous: 'deny' | 'allow' | 'quick_deny';
    readonly enabledAuthenticators: readonly string[];
    readonly recording: boolean;
  }>;
  /** Open sessions by the credential that admitted them. */
  sessionsOf(credentialIds: readonly string[]): Promise<Readonly<Record<string, number>>>;
  /** Ends the session of this client ID, whoever owns it; the console's *release session*. */
  releaseSession(clientId: string): Promise<boolean>;
  /** Sends every client to other nodes and lets nobody in, or lets them in again; returns how many were connected. */
  drain(isDraining: boolean): Promise<number>;
  /** Clients that are let in and fail all the same: takeover wars, connect loops. */
  listTroubled(): Promise<TroubledClients>;
  startWatch(target: WatchTarget): Promise<Watch | null>;
  listWatches(): Promise<readonly Watch[]>;
  readWatch(id: string, after: number): Promise<WatchRead | null>;
  stopWatch(id: string): Promise<boolean>;
  publish(event: ControlEvent): void;
  /** Resolves when all that was published before holds for whoever connects from now on. */
  inForce(): Promise<void>;
}
