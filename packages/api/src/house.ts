import type {
  AclRule,
  AnonymousPolicy,
  BlockPatterns,
  ChainCertificate,
  Clock,
  ConnackOf,
} from '@gatehouse/auth-core';
import type { Role } from '@gatehouse/contract';
import type {
  AlertTester,
  AuthenticatorCatalogue,
  BackupMaker,
  CertificateAuthority,
  DataPlane,
  DeclaredAuth,
  IdentityProvider,
  PasswordHasher,
  SecretBox,
  Store,
} from '@gatehouse/ports';
import type { FastifyBaseLogger } from 'fastify';
import type { LiveHub } from './live/hub.ts';
import type { IdempotencyCache } from './security/idempotency.ts';
import type { LastUses } from './security/last-uses.ts';
import type { LoginThrottle } from './security/login-throttle.ts';
import type { TryBudget } from './security/try-budget.ts';
import type { Turns } from './security/turns.ts';

/** A bound of the broker. */
export interface LimitSetting {
  /** With its unit, as under `limits` of the configuration. */
  readonly name: string;
  readonly value: number;
  readonly default: number;
  readonly text: string;
}

/** The CA that the server made for itself. */
export interface OwnCa {
  /** The listeners whose certificate it signed. */
  readonly listeners: readonly ('tls' | 'wss')[];
  /** Its certificate, PEM; undefined when it is gone. */
  certificate(): Promise<string | undefined>;
}

/** What the API is told at start; nothing of it changes while it runs, save what is a function. */
export interface ApiConfig {
  readonly version: string;
  readonly node: string;
  /** Origins (`scheme://host[:port]`) whose pages may write with a session cookie: the console's. */
  consoleOrigins(): readonly string[];
  /** CIDR ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Written into credentials that are made without rules (auth.md §7). */
  readonly defaultRules: readonly AclRule[];
  /** PBKDF2 iterations of SCRAM passwords that are set from now on. */
  readonly scramIterations: number;
  /** Plain HTTP beyond loopback was asked for: the cookie then goes without `Secure` and `__Host-`. */
  readonly insecure?: boolean;
  /** Lives of a console session (ASVS 7.3). */
  readonly sessions: { readonly idleMs: number; readonly absoluteMs: number };
  /** Whose people must sign in with an authenticator app too. */
  readonly totpRoles: readonly Role[];
  /** Host name that devices should connect to; absent: derived from the listener. */
  readonly mqttHost?: string;
  /** Where the WebSocket listeners are under their ports; absent: `/mqtt`, the default. */
  readonly webSocketPaths?: { readonly ws: string; readonly wss: string };
  /** Absent: every TLS listener serves a certificate of the operator's. */
  readonly ownCa?: OwnCa;
  /** The broker's bounds as they are set, in the order of the configuration. */
  readonly limits: readonly LimitSetting[];
  /** Where the pages of the reasons are, e.g. `https://…/docs/reasons`; `/CODE.md` is appended. */
  readonly docsUrl: string;
  /** Where the configuration file is, or is looked for; absent: nobody knows. */
  readonly configFile?: string;
}

/** What decides who is admitted, as far as it is not stored. */
export interface AuthDeps {
  readonly declared: DeclaredAuth;
  readonly catalogue: AuthenticatorCatalogue;
  readonly box: SecretBox;
  /** What a certificate (PEM) says of itself; undefined when it is none. */
  readonly readCertificate: (pem: string) => ChainCertificate | undefined;
  /** The anonymous policy where nothing is declared or stored. */
  readonly defaultAnonymous: AnonymousPolicy;
  /** The codes that refusals are answered with. */
  readonly connackOf: ConnackOf;
  /** What becomes of what no access rule is about, and of who does what he may not. */
  readonly access: { readonly noMatch: 'allow' | 'deny'; readonly denyAction: 'ignore' | 'disconnect' };
  /** Listeners by the chain that decides for them. */
  readonly listenersOf: Readonly<Record<string, readonly string[]>>;
}

/** How people sign in at an identity provider, as it is configured. */
export interface SsoSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** On the button. */
  readonly label: string;
  readonly scopes: readonly string[];
  /** Who gets an account at the first sign-in: whose verified e-mail was invited, or everybody with a role. */
  readonly accounts: 'invited' | 'auto';
  /** Domains of admitted e-mails, lower case; empty: all. */
  readonly emailDomains: readonly string[];
  readonly roleClaim: string;
  /** Empty: the provider has no say in roles. */
  readonly roles: readonly { readonly value: string; readonly role: Role }[];
  /** Null: who has none of the values is refused. */
  readonly defaultRole: Role | null;
}

export interface Sso {
  readonly provider: IdentityProvider;
  readonly settings: SsoSettings;
}

/** What the API stands on. */
export interface ApiDeps {
  readonly store: Store;
  readonly dataPlane: DataPlane;
  readonly hasher: PasswordHasher;
  /** What reads and runs the patterns of blocks. */
  readonly patterns: BlockPatterns;
  /** The private CA, and what the TLS listeners go by. */
  readonly certificates: CertificateAuthority;
  /** Sends the message that shows whether a channel works. */
  readonly alertTester: AlertTester;
  readonly backups: BackupMaker;
  readonly clock: Clock;
  readonly config: ApiConfig;
  readonly auth: AuthDeps;
  /** Absent: people sign in with passwords only. */
  readonly sso?: Sso;
  /** Ports in use by name (`api`, `console`, `tcp`, `ws` …); those not listening are absent. */
  ports(): Readonly<Record<string, number>>;
  readonly log: FastifyBaseLogger;
}

/** What it takes to tell the data plane of a change that is committed. */
export interface Announcing {
  readonly house: Pick<ApiDeps, 'store' | 'auth' | 'dataPlane' | 'log'>;
}

/** The dependencies with what the API itself keeps in memory; every service works on this. */
export interface House extends ApiDeps {
  readonly live: LiveHub;
  readonly lastUses: LastUses;
  readonly throttle: LoginThrottle;
  readonly tryBudget: TryBudget;
  /** Dry runs of chains: each asks the real backends about hundreds of clients. */
  readonly dryRuns: Turns;
  readonly idempotency: IdempotencyCache;
}
