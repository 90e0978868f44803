import type {
  AcceptedLogin,
  AttemptSink,
  Clock,
  Bus,
  ClusterStore,
  JournalStore,
  RetainedLeft,
  SharedJournalStore,
} from '@gatehouse/ports';
import type { SecureVersion } from 'node:tls';
import type {
  Attempt,
  BlockGate,
  ChainStage,
  ConnackOf,
  Decision,
  Grant,
  MaybePromise,
  PskOrigin,
  Secret,
  Transport,
} from '@gatehouse/auth-core';
import type { DenialBook } from './access/denials.ts';
import type { WatchTap } from './recorder/watches.ts';

/** Every bound of the broker, each with its unit in its name. `LIMITS` holds the defaults. */
export interface Limits {
  /** Milliseconds from accept to a complete CONNECT; then `PROTOCOL_CONNECT_TIMEOUT`. */
  readonly connectTimeoutMs: number;
  /** Milliseconds the chain may take in all before the client is told "busy" (0x89/3). */
  readonly authenticateTimeoutMs: number;
  /** Milliseconds a refusal for an unknown user is delayed at most, so that it takes as long as a wrong password. */
  readonly unknownUserDelayMsMax: number;
  /** Milliseconds a refusal is held back at most while the event loop is busy, so that good clients come first. */
  readonly refusalDelayMsMax: number;
  /** Bytes of a packet before the client is admitted, and of what it may send ahead of CONNACK. */
  readonly preAuthPacketBytesMax: number;
  /** Bytes of a packet after admission; told to MQTT 5 clients as Maximum Packet Size. */
  readonly packetBytesMax: number;
  /** Seconds of keep-alive; a longer or absent one is set to this, and MQTT 5 clients are told (Server Keep Alive). */
  readonly keepAliveSecondsMax: number;
  /** Messages of QoS 1 and 2 in flight per direction and session; told to MQTT 5 clients as Receive Maximum. */
  readonly inflightMax: number;
  /** Messages waiting for one session beyond its in-flight window; the oldest is dropped. */
  readonly queueMessagesMax: number;
  /** Bytes (topic, payload, properties) waiting and in flight for one session; the oldest that waits is dropped. */
  readonly queueBytesMax: number;
  /** Bytes waiting and in flight for all sessions together; who holds most loses its oldest. */
  readonly queueBytesTotalMax: number;
  /** Sessions, online and offline together. */
  readonly sessionsMax: number;
  /** Persistent sessions of one principal, a quarter of `sessionsMax`: a fleet that shares one username counts as one principal; 0 sets no bound. */
  readonly sessionsPerPrincipalMax: number;
  /** Seconds an offline session is kept, whatever it asked for; MQTT 3 clients without Clean Session get this. */
  readonly sessionExpirySecondsMax: number;
  /** Subscriptions of one session. */
  readonly subscriptionsPerClientMax: number;
  /** Subscriptions of all sessions together. */
  readonly subscriptionsMax: number;
  /** Filters in one SUBSCRIBE or UNSUBSCRIBE. */
  readonly filtersPerPacketMax: number;
  /** Levels of a topic or filter. */
  readonly topicLevelsMax: number;
  /** Bytes of a topic or filter in UTF-8. */
  readonly topicBytesMax: number;
  /** Bytes of a client ID in UTF-8. */
  readonly clientIdBytesMax: number;
  /** Characters of a client ID of MQTT 3.1, whose standard allows 23; later versions are not held to it. */
  readonly clientIdCharactersMaxV31: number;
  /** User properties of one packet. */
  readonly userPropertiesMax: number;
  /** Topic aliases of one connection, each way; told to MQTT 5 clients as Topic Alias Maximum. */
  readonly topicAliasesMax: number;
  /** Bytes up to which a payload that says it is UTF-8 is checked to be so, and refused (0x99); 0 checks none. */
  readonly payloadFormatCheckBytesMax: number;
  /** Retained messages. */
  readonly retainedMax: number;
  /** Bytes of all retained messages and of the topic levels that lead to them. */
  readonly retainedBytesMax: number;
  /** Retained messages that one SUBSCRIBE is given, over all its filters; the rest is not looked for. */
  readonly retainedPerSubscribeMax: number;
  /** Bytes waiting in one connection's write buffer: beyond it QoS 0 is dropped, at twice that the client is cut (0x97). */
  readonly writeBufferBytesMax: number;
  /** Milliseconds a connection may stay beyond `writeBufferBytesMax` before it is cut (0x97). */
  readonly slowConsumerMsMax: number;
  /** Open connections in all. */
  readonly connectionsMax: number;
  /** Open connections of one address; 0 sets no bound. */
  readonly connectionsPerIpMax: number;
  /** Connections that have not been admitted yet. */
  readonly halfOpenMax: number;
  /** Connections of one address that have not been admitted yet; 0 sets no bound. */
  readonly halfOpenPerIpMax: number;
  /** New connections per second; a burst of one second's worth is let in. */
  readonly acceptRatePerSecondMax: number;
  /** Milliseconds a closing connection may take to send its last bytes. */
  readonly closeTimeoutMs: number;
  /** Connects of one client ID per minute, a sixth of them at once; more are refused; 0 sets no bound. */
  readonly connectsPerClientPerMinuteMax: number;
  /** PUBLISH packets of one client per second, and a burst of one second's worth; faster ones wait; 0 sets no bound. */
  readonly publishRatePerSecondMax: number;
  /** Bytes waiting for the journal's disk; beyond it clients that publish durable messages are read no further. */
  readonly journalBacklogBytesMax: number;
  /** Bytes the journal has at least before it is written anew; then when it has twice what the last time left. */
  readonly journalSnapshotBytesMin: number;
  /** Milliseconds between pings to WebSocket clients; one that is silent for as long after a ping is cut. 0: none. */
  readonly webSocketPingMs: number;
}

/** The defaults of every bound; the documentation's table is made from it. */
export const LIMITS: Limits = {
  connectTimeoutMs: 5_000,
  authenticateTimeoutMs: 10_000,
  unknownUserDelayMsMax: 250,
  refusalDelayMsMax: 250,
  preAuthPacketBytesMax: 65_536,
  packetBytesMax: 1_048_576,
  keepAliveSecondsMax: 3_600,
  inflightMax: 100,
  queueMessagesMax: 10_000,
  queueBytesMax: 16_777_216,
  queueBytesTotalMax: 268_435_456,
  sessionsMax: 200_000,
  sessionsPerPrincipalMax: 50_000,
  sessionExpirySecondsMax: 604_800,
  subscriptionsPerClientMax: 1_000,
  subscriptionsMax: 1_000_000,
  filtersPerPacketMax: 256,
  topicLevelsMax: 64,
  topicBytesMax: 4_096,
  clientIdBytesMax: 65_535,
  clientIdCharactersMaxV31: 23,
  userPropertiesMax: 64,
  topicAliasesMax: 32,
  payloadFormatCheckBytesMax: 0,
  retainedMax: 100_000,
  retainedBytesMax: 268_435_456,
  retainedPerSubscribeMax: 100_000,
  writeBufferBytesMax: 4_194_304,
  slowConsumerMsMax: 15_000,
  connectionsMax: 100_000,
  connectionsPerIpMax: 0,
  halfOpenMax: 10_000,
  halfOpenPerIpMax: 1_000,
  acceptRatePerSecondMax: 10_000,
  closeTimeoutMs: 2_000,
  connectsPerClientPerMinuteMax: 6_000,
  publishRatePerSecondMax: 0,
  journalBacklogBytesMax: 67_108_864,
  journalSnapshotBytesMin: 67_108_864,
  webSocketPingMs: 30_000,
};

/** Certificate and private key of a TLS listener, both PEM. */
export interface ServerCertificate {
  readonly key: Secret<string>;
  /** The server's own certificate first, then those that lead to its root. */
  readonly cert: string;
}

/** A value that its owner may replace while the broker runs. */
export interface Replaceable<T> {
  readonly value: T;
  /** Calls back with each new value before it is in force; what the callback throws keeps the one before. */
  onReplace(run: (next: T) => void): void;
}

/** Whose word a listener takes for a client's certificate; both PEM. */
export interface ClientTrust {
  /** Certificates of the CAs that clients' have to lead to, roots included. */
  readonly ca: string;
  /** Revocation lists, one for each CA of a path; empty: revocation is not checked. */
  readonly crl: string;
  /**
   * Only CAs that have a list here are checked by it, others are trusted without; absent: every CA of a path needs one.
   * The lists are then taken as they are, for files that nobody else writes.
   */
  readonly listedOnly?: boolean;
}

/**
 * What a listener does with a client whose certificate does not verify: answers its CONNECT (0x87/5) without asking the
 * chain, so that its client ID is known; closes right after the handshake; or lets the chain decide, whose `x509` step
 * then says what is wrong.
 */
export type RejectManner = 'connack' | 'handshake' | 'chain';

/** Client certificates of a listener. */
export interface ClientCertificates {
  readonly trust: Replaceable<ClientTrust>;
  /** Refuse clients that present none. */
  readonly required: boolean;
  /** Certificates between a client's own and the root. */
  readonly depthMax: number;
  readonly reject: RejectManner;
}

/** Pre-shared keys of a listener, which then speaks TLS 1.2 at most and with no client without one. */
export interface PreSharedKeys {
  /** OpenSSL list of PSK suites. */
  readonly ciphers: string;
  /** The keys of the listener's file, by identity. */
  readonly keys: Replaceable<ReadonlyMap<string, Secret<Uint8Array>>>;
  /** The keys of stored credentials, asked before those of the file. */
  readonly stored?: PskLookup | undefined;
}

/** The key of a stored credential that has this identity. */
export type PskLookup = (
  identity: string,
) => { readonly key: Secret<Uint8Array>; readonly origin: PskOrigin } | undefined;

/**
 * A part of a certificate as text: its common name, its subject (RFC 4514), the certificate itself in base64 (`crt` and
 * `pem`), or the MD5 of its DER as hex.
 */
export type CertificatePart = 'cn' | 'dn' | 'crt' | 'pem' | 'md5';

/** What names a client beside CONNECT; a value wins over that of CONNECT (auth.md §1). */
export interface IdentityMapping {
  /** Of a certificate that verified. */
  readonly certificateAsUsername?: CertificatePart | undefined;
  readonly certificateAsClientId?: CertificatePart | undefined;
  readonly pskAsUsername?: boolean;
  readonly pskAsClientId?: boolean;
}

/** The TLS layer of a listener (auth.md §6). */
export interface TlsSettings {
  readonly certificate: ServerCertificate;
  readonly minVersion: SecureVersion;
  /** Absent: the newest there is; with pre-shared keys TLS 1.2 at most. */
  readonly maxVersion?: SecureVersion;
  /** OpenSSL cipher list; empty: Mozilla's intermediate list. Names that `readCiphers` does not know are left out. */
  readonly ciphers: string;
  /** Milliseconds from the first byte that is expected to the end of the handshake; then `TLS_HANDSHAKE_TIMEOUT`. */
  readonly handshakeTimeoutMs: number;
  /** Absent: clients are not asked for certificates. */
  readonly clientCertificates?: ClientCertificates | undefined;
  /** Excludes `clientCertificates` and `ciphers`. */
  readonly preSharedKeys?: PreSharedKeys | undefined;
  readonly identity?: IdentityMapping | undefined;
}

/** Where a Unix socket lies, and who may open it (0600: its owner, 0660: its group too). */
export interface UnixSocket {
  readonly path: string;
  readonly mode: number;
}

/** One listener. `name` is what attempts and metrics show. */
export interface ListenerConfig {
  readonly name: string;
  readonly transport: Transport;
  readonly host: string;
  /** 0 picks a free port; `Broker.listeners()` tells which. */
  readonly port: number;
  /** The authenticator chain that decides here. */
  readonly chain: string;
  /**
   * Who may come, by the client's address (`parseAccessList`); absent or empty: everybody. A proxy is not asked about,
   * but whom it speaks for.
   */
  readonly access?: readonly string[];
  /** Precedes the topics of every client here that its credential gives no mountpoint: as `readMountpoint` reads it. */
  readonly mountpoint?: string;
  /** The username is the client ID too, whatever else would name the client; one without a username is refused. */
  readonly usernameAsClientId?: boolean;
  /** Each connection begins with a PROXY header, of a trusted proxy; the client's address is what that says. */
  readonly proxyProtocol?: boolean;
  /** The common name of a certificate that the proxy verified and its header (version 2) tells becomes the name. */
  readonly proxiedCommonName?: { readonly asUsername: boolean; readonly asClientId: boolean };
  /** `tls` and `wss`, which need it. */
  readonly tls?: TlsSettings;
  /** `unix`, which needs it; `host` and `port` mean nothing there. */
  readonly socket?: UnixSocket;
  /** WebSocket only: the path of the handshake. Default `/mqtt`. */
  readonly path?: string;
  /** WebSocket only: accepted `Origin` headers; absent or empty accepts any, and a client without one always passes. */
  readonly origins?: readonly string[];
}

/** The authenticator chain as the broker sees it. */
export interface DecidingChain {
  /** Decides an attempt; an answer that is at hand comes without a promise. */
  decide(attempt: Attempt): MaybePromise<Decision>;
  /**
   * The same for a client that named an authentication method, with its data: it can be asked (MQTT 5.0 §4.12). Without
   * it `decide` is used.
   */
  begin?(attempt: Attempt, data: Uint8Array | undefined): MaybePromise<ChainStage>;
  /** The same for a made-up attempt: spends no guessing budget. Without it `decide` is used. */
  dryRun?(attempt: Attempt): MaybePromise<Decision>;
}

/** The part of a pino logger that the broker uses. Never given a secret. */
export interface BrokerLog {
  info(facts: object, text: string): void;
  warn(facts: object, text: string): void;
  error(facts: object, text: string): void;
}

/** Whose permissions are asked again after a change of its credential. */
export interface RegrantQuery {
  readonly credentialId: string;
  readonly username: string | undefined;
  readonly clientId: string;
  /** What it has so far. */
  readonly grant: Grant;
}

/** A topic that a client's source is asked about. */
export interface AclQuestion {
  /** The authenticator's name, as `Grant.asks` has it. */
  readonly source: string;
  /** Who asks, as at its login; its password is not kept. */
  readonly attempt: Attempt;
  readonly action: 'publish' | 'subscribe';
  /** A topic name, or the filter, as the client wrote it. */
  readonly topic: string;
  /** What precedes it, where the client's topics are mounted. */
  readonly mountpoint: string | undefined;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/**
 * `ignore`: it has no opinion, and the rules decide; `unknown`: they decide because it could not be asked; `error`: it could
 * not, and what it was asked about is denied. Neither of the last two is remembered.
 */
export type AskSource = (question: AclQuestion) => Promise<'allow' | 'deny' | 'ignore' | 'unknown' | 'error'>;

/** What access rules are decided with beside the rules themselves (auth.md §7). */
export interface AccessOptions {
  /** What becomes of a client that does what it may not: nothing but the answer, or its connection ends (0x87). */
  readonly denyAction?: 'ignore' | 'disconnect';
  /** What becomes of what no rule is about; default `deny`. */
  readonly noMatch?: 'allow' | 'deny';
  /** What is remembered of a source's answers, for each session. */
  readonly cache?: { readonly enabled: boolean; readonly entriesMax: number; readonly ttlMs: number };
  readonly ask?: AskSource;
}

/** What a node needs of the others beside its journal. */
export interface ClusterLinks {
  readonly journal: SharedJournalStore;
  readonly store: ClusterStore;
  readonly bus: Bus;
  /** What this node holds in memory is another's by now: it has to end, and start anew. */
  readonly onFatal: (error: Error) => void;
}

/** What a broker needs. */
export interface BrokerOptions {
  readonly listeners: readonly ListenerConfig[];
  /** Overrides of `LIMITS`. */
  readonly limits?: Partial<Limits>;
  /** The chain of that name; listeners name theirs. */
  readonly chains: (name: string) => DecidingChain;
  /** Who may not connect at all: asked before the chain, and once more of whom it admits. Absent: nobody is blocked. */
  readonly blocks?: BlockGate | undefined;
  readonly access?: AccessOptions | undefined;
  readonly attempts: AttemptSink;
  readonly clock: Clock;
  readonly log: BrokerLog;
  /** This node's name. */
  readonly node: string;
  /** What `$SYS/broker/version` says. */
  readonly version?: string;
  /** Addresses and CIDR ranges whose `X-Forwarded-For` is believed on WebSocket listeners. */
  readonly trustedProxies?: readonly string[];
  /** MQTT 5: put the attempt reference, and nothing else, into a refusing CONNACK. Default true. */
  readonly attemptReference?: boolean;
  /** The codes that refusals are answered with; default: those of the reason catalogue (auth.md §3). */
  readonly connackOf?: ConnackOf;
  /** Told of every attempt of a client or address that somebody watches (`WatchBook`). */
  readonly watches?: WatchTap | undefined;
  /** Where what clients were denied is written down, for whoever stores it. */
  readonly denials?: DenialBook | undefined;
  /**
   * Opens the journal, when the broker starts: sessions, queued and retained messages are durable before they are
   * acknowledged. Without it they end with the process.
   */
  readonly openJournal?: (() => Promise<JournalStore>) | undefined;
  /** Retained messages of nodes that ran beside this one, which runs by itself now; they come into its journal. */
  readonly retainedLeft?: (() => RetainedLeft) | undefined;
  /** The other nodes; asked for when the journal is open, which is then a `SharedJournalStore` (ADR 0039). */
  readonly cluster?: (() => Promise<ClusterLinks>) | undefined;
  /** Share of the time since it was last asked that the event loop was busy; default: this thread's (tests). */
  readonly load?: () => number;
  /** Called for each admitted client, after the attempt sink was told. */
  readonly onAccepted?: (login: AcceptedLogin, grant: Grant) => void;
  /**
   * The grant that a live session's credential gives today; undefined ends the session. Without it a session whose
   * credential changed is closed, so that the client comes back and gets its new rules.
   */
  readonly regrant?: (query: RegrantQuery) => MaybePromise<Grant | undefined>;
}
