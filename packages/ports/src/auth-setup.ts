import type {
  AccessRule,
  AnonymousPolicy,
  ChainSetupEntry,
  SafeDetail,
  TraceStep,
} from '@gatehouse/auth-core';
import type { TryAttempt } from './try-attempt.ts';

/** Settings of an authenticator as written, its secrets among them: it stays in this process and is never printed. */
export type RawAuthenticator = Readonly<Record<string, unknown>> & { readonly type: string };

/** The authenticators, chains and anonymous policy that are in force (auth.md §2). */
export interface AuthSetup {
  readonly authenticators: Readonly<Record<string, RawAuthenticator>>;
  /** Names of authenticators and groups of them, in order. */
  readonly chains: Readonly<Record<string, readonly ChainSetupEntry[]>>;
  readonly anonymous: AnonymousPolicy;
}

/** What the configuration declares and therefore owns; what it leaves open is absent. */
export interface DeclaredAuth {
  readonly authenticators: AuthSetup['authenticators'];
  readonly chains: AuthSetup['chains'];
  readonly anonymous: AnonymousPolicy | undefined;
  /** The global access rules; undefined: they are kept in the store. */
  readonly rules?: readonly AccessRule[] | undefined;
  /** Where a path of the configuration is declared: `gatehouse.yaml:12`, a variable, `--set`. */
  readonly where: (path: string) => string;
}

/** One thing that is wrong with an authenticator's settings. */
export interface AuthenticatorProblem {
  /** Within its settings, dots between levels; empty for the whole. */
  readonly path: string;
  readonly found: string;
  readonly accepted: string;
}

/** The types of authenticators there are, and what they take. */
export interface AuthenticatorCatalogue {
  readonly types: readonly string[];
  /** What is wrong with these settings; empty when they are good. */
  check(raw: RawAuthenticator): readonly AuthenticatorProblem[];
  /** JSON Schema of a type's settings, with `secret: true` at what is never read back; undefined for an unknown type. */
  schema(type: string): Readonly<Record<string, unknown>> | undefined;
}

/** Encrypts what is secret at rest, under the server's secret key. */
export interface SecretBox {
  /** `context` says whose it is, e.g. a record's id; what was sealed for one is opened for no other. */
  seal(text: string, context?: string): string;
  /** Undefined when it was sealed under another key or for another context, or changed since. */
  open(sealed: string, context?: string): string | undefined;
}

/** How a backend is just now. */
export interface BackendStatus {
  readonly breaker: 'closed' | 'open' | 'trying';
  readonly running: number;
  readonly waiting: number;
  readonly pool: {
    readonly open: number;
    readonly idle: number;
    readonly waiting: number;
    readonly max: number;
  } | null;
}

/** Whether a backend could be reached, in words that carry no secret. */
export type BackendProbe =
  { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly problem: string };

/** What trying one authenticator alone gave. */
export interface AuthenticatorTest {
  /** Null where there is no backend. */
  readonly probe: BackendProbe | null;
  /** Null without an attempt. */
  readonly step: TraceStep | null;
  /** What was asked of the backend and what came back, secrets masked. */
  readonly explained: SafeDetail | null;
}

/** What the control plane asks about authenticators. */
export interface AuthenticatorInspection {
  /** Of one in force; null when it has no backend or is not there. */
  authenticatorStatus(name: string): Promise<BackendStatus | null>;
  /** Tries settings, stored or not: reaches the backend, and asks about the client if one is given. */
  testAuthenticator(
    name: string,
    raw: RawAuthenticator,
    attempt: TryAttempt | undefined,
  ): Promise<AuthenticatorTest>;
}
