import type {
  Attempt,
  Authenticator,
  BackendGuard,
  BuiltinHooks,
  Clock,
  GuessingBudget,
  HttpAclAnswer,
  HttpAclQuestion,
  PasswordVerifier,
  SafeDetail,
  ScramCrypto,
} from '@gatehouse/auth-core';
import type { z } from 'zod';
import type { Config } from '../../config/schema.ts';
import type { CachedCredentialSource } from '../credential-source.ts';
import type { StoredCredentials } from '../stored-credentials.ts';

/** What every type has (`stepShape` of the contract). */
export interface StepSettings {
  readonly type: string;
  readonly enabled: boolean;
  readonly on_mismatch: 'deny' | 'ignore';
  readonly on_error: 'deny' | 'ignore';
  readonly timeout_ms: number;
}

/** What a setting says that the schema alone cannot judge, such as a query that does not parse. */
export interface SettingProblem {
  /** Within the authenticator's settings, dots between levels. */
  readonly path: string;
  readonly found: string;
  readonly accepted: string;
}

/** What authenticators are made of. */
export interface AuthenticatorNeeds {
  readonly clock: Clock;
  readonly source: CachedCredentialSource;
  /** Credentials of the store that are not basic. */
  readonly stored: Pick<StoredCredentials, 'x509' | 'scram' | 'psk'>;
  readonly scram: {
    readonly crypto: ScramCrypto;
    /** Of new credentials, and of those that are made up for unknown users. */
    readonly iterations: number;
    /** What salts of unknown users are made with, the same for all nodes and after a restart. */
    readonly secret: () => Uint8Array;
  };
  readonly verifier: PasswordVerifier;
  readonly budget: GuessingBudget;
  /** Another system's result matrix, where a setting does not say otherwise. */
  readonly preset: Config['auth']['preset'];
  /** Where the server itself may call out to. */
  readonly outbound: Config['outbound'];
  /** Ports of the server's own API and console: what calls out must not be led to them. */
  readonly ownPorts?: () => readonly number[];
  readonly hooks?: BuiltinHooks;
}

/** Whether the backend could be reached, in words that carry no secret. */
export type Probe =
  { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly problem: string };

/** Connections to the backend. */
interface PoolState {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

/** An authenticator with what it holds open. */
export interface RunningAuthenticator {
  readonly authenticator: Authenticator;
  /** The same for dry runs: it spends no guessing budget and leaves no evidence. */
  readonly rehearsal: Authenticator;
  /** Reaches the backend once; absent where there is none. */
  readonly probe?: () => Promise<Probe>;
  /**
   * What is asked of the backend for this attempt and what came back, secrets masked, with the hash rule used and other
   * rules that would have matched: for the "test" of the console. Never throws.
   */
  readonly explain?: (attempt: Attempt) => Promise<SafeDetail>;
  /** Asks about one topic, where the type does that; never rejects. `onError`: what it means that it cannot be asked. */
  readonly aboutTopic?: {
    readonly ask: (attempt: Attempt, question: HttpAclQuestion) => Promise<HttpAclAnswer>;
    readonly onError: 'deny' | 'ignore';
  };
  /** Authentication methods of several steps that it serves; a test of it takes the first where none is named. */
  readonly methods?: readonly string[];
  readonly pool?: () => PoolState;
  /** Bulkhead and breaker before the backend; the composition puts them there. */
  readonly guard?: BackendGuard['state'];
  /** Gives back what is held open. */
  readonly close: () => Promise<void>;
}

/** A type of authenticator: its settings, and how one is made of them. */
export interface AuthenticatorKind<S extends StepSettings> {
  readonly settings: z.ZodType<S>;
  readonly problems?: (settings: S) => readonly SettingProblem[];
  readonly create: (name: string, settings: S, needs: AuthenticatorNeeds) => RunningAuthenticator;
}
