import type { AccessAnswer, BlockTarget, Qos } from '@gatehouse/auth-core';
import type { TextFilter } from './common.ts';

/** Which part of a list that lives in memory is asked for; its order is that of one text key. */
export interface ScanRequest {
  /** 1 … 200. */
  readonly limit: number;
  readonly direction: 'asc' | 'desc';
  /** Begin behind this key, in the order asked for; or end before it. */
  readonly edge?: { readonly side: 'after' | 'before'; readonly key: string } | undefined;
}

/** One page found by looking through a list in memory, a slice per turn of the event loop. */
export interface Scan<T> {
  readonly items: readonly T[];
  /** By which each item is in its place. */
  readonly keys: readonly string[];
  /** Keys of the edges of the pages beside this one; null where there is none. */
  readonly next: string | null;
  readonly prev: string | null;
  /** What matched, of all that was looked at. */
  readonly total: number;
  /** False when the question ended at the bound of what one may look at: there may be more, before and after. */
  readonly complete: boolean;
  /** All nodes whose entries belong here, this one among them. */
  readonly nodes: readonly string[];
  /** Those of them that did not answer: what they hold is not here. */
  readonly missing: readonly string[];
}

const NODES_SILENT = 'NODES_SILENT';

/**
 * Something is not where it could be looked for, and may be at a node that did not answer. Its message names the nodes; it
 * crosses threads by its code.
 */
export class NodesSilentError extends Error {
  override readonly name = 'NodesSilentError';
  readonly code = NODES_SILENT;
  constructor(nodes: readonly string[]) {
    super(`No answer from ${nodes.join(', ')}.`);
  }
}
/** Whether it is a `NodesSilentError`; by its code, as it may come from another thread. */
export const isSilence = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === NODES_SILENT;

/** As many questions as are answered at a time are being answered. */
export type ScanResult<T> = Scan<T> | 'busy';

/** A session as an operator sees it. Its times are milliseconds since the epoch. */
export interface ClientSession {
  readonly clientId: string;
  /** The node that holds it. */
  readonly node: string;
  readonly username: string | null;
  readonly credentialId: string | null;
  /** Whose it is: `namespace:subject`. */
  readonly principal: string;
  readonly anonymous: boolean;
  readonly superuser: boolean;
  readonly online: boolean;
  /** How it is connected, or was last; null for a session that was restored and has not been resumed. */
  readonly connection: {
    readonly listener: string;
    readonly ip: string;
    readonly tls: boolean;
    /** As OpenSSL names them; null without TLS. */
    readonly tlsVersion: string | null;
    readonly tlsCipher: string | null;
    readonly protocol: 3 | 4 | 5;
    readonly keepAliveSeconds: number;
    readonly cleanStart: boolean;
    readonly connectedAt: number;
  } | null;
  readonly disconnectedAt: number | null;
  /** Seconds that it outlives its connection; 0: it ends with it. */
  readonly expirySeconds: number;
  readonly subscriptions: number;
  readonly inflight: number;
  readonly queued: number;
  readonly queuedBytes: number;
  /** Messages that it should have had and lost, since it began. */
  readonly dropped: number;
  /** As the client wrote it. */
  readonly willTopic: string | null;
  /** Precedes every topic that the client names; null where nothing does. */
  readonly mountpoint: string | null;
}

export interface ClientFilter {
  /** Contained in client ID or username, whatever the case. */
  readonly search?: string | undefined;
  readonly clientId?: TextFilter | undefined;
  readonly username?: TextFilter | undefined;
  readonly credentialId?: string | undefined;
  /** An address, or a network as `address/prefix`; anything else finds nothing. */
  readonly ip?: string | undefined;
  readonly tls?: boolean | undefined;
  readonly listener?: string | undefined;
  readonly protocol?: 3 | 4 | 5 | undefined;
  readonly online?: boolean | undefined;
  /** The node that holds it. */
  readonly node?: string | undefined;
}

/** What sessions are put in order by; the client ID decides between those that are alike. */
export type ClientOrder =
  'clientId' | 'username' | 'listener' | 'subscriptions' | 'inflight' | 'queued' | 'dropped';

/** A part of the list of sessions, by client ID where nothing else is said. */
export interface ClientScanRequest extends ScanRequest {
  readonly order?: ClientOrder;
}

export interface ClientSubscription {
  readonly clientId: string;
  /** The node that holds the session. */
  readonly node: string;
  readonly online: boolean;
  /** As the client wrote it, `$share/{group}/` included. */
  readonly filter: string;
  /** Precedes it, for everybody else; null where nothing does. */
  readonly mountpoint: string | null;
  readonly group: string | null;
  readonly qos: 0 | 1 | 2;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly identifier: number | null;
}

export interface SubscriptionFilter {
  readonly clientId?: TextFilter | undefined;
  readonly filter?: TextFilter | undefined;
  /** Those that a message to this topic would reach. */
  readonly topic?: string | undefined;
  readonly shared?: boolean | undefined;
  readonly qos?: 0 | 1 | 2 | undefined;
  /** The node that holds the session. */
  readonly node?: string | undefined;
}

/** What subscriptions are put in order by; client ID and filter decide between those that are alike. */
export type SubscriptionOrder = 'clientId' | 'topicFilter' | 'qos';

/** A part of the list of subscriptions, by client ID where nothing else is said. */
export interface SubscriptionScanRequest extends ScanRequest {
  readonly order?: SubscriptionOrder;
}

/** MQTT 5 properties that travel with a message. */
export interface MessageProperties {
  /** The payload is said to be UTF-8 text. */
  readonly payloadIsText?: boolean | undefined;
  readonly contentType?: string | undefined;
  readonly responseTopic?: string | undefined;
  readonly correlationData?: Uint8Array | undefined;
  readonly expirySeconds?: number | undefined;
  /** In the order in which they were sent; a name may come more than once. */
  readonly userProperties?: readonly (readonly [name: string, value: string])[] | undefined;
}

export interface RetainedSummary {
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  /** Client ID of who published it; empty: the server itself. */
  readonly publisher: string;
  readonly payloadBytes: number;
  /** The first bytes of the payload. */
  readonly preview: Uint8Array;
  /** Null: it does not expire. */
  readonly expiresInSeconds: number | null;
  /** When it was retained, milliseconds since the epoch; null: a version that did not write that down kept it. */
  readonly updatedAt: number | null;
}

/** What retained messages are put in order by; the topic decides between those that are alike. */
export type RetainedOrder = 'topic' | 'size' | 'qos' | 'updatedAt';

/** A part of the list of retained messages, by topic where nothing else is said. */
export interface RetainedScanRequest extends ScanRequest {
  readonly order?: RetainedOrder;
}

export interface RetainedMessage extends RetainedSummary {
  /** Shorter than `payloadBytes` when it was cut at the bound. */
  readonly payload: Uint8Array;
  readonly properties: MessageProperties;
}

/** Retained messages to remove: of one topic, or of all that a filter matches. */
export type RetainedTarget =
  { readonly kind: 'topic'; readonly topic: string } | { readonly kind: 'filter'; readonly filter: string };

/** A message that the server itself publishes, on behalf of who manages it. */
export interface ServerMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties: MessageProperties;
}

/** What the server says of an alert, at QoS 1 below `$SYS/gatehouse/alerts/`, where no client can publish. */
export interface AlertMessage {
  /** One or more levels, without wildcards. */
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
}

export type PublishOutcome =
  | { readonly outcome: 'published'; readonly receivers: number }
  | { readonly outcome: 'retained-full' }
  /** The topic is no topic name within the limits, or begins with `$`. */
  | { readonly outcome: 'bad-topic' }
  | { readonly outcome: 'too-large'; readonly bytesMax: number }
  /** No PUBLISH can be made of it, e.g. a response topic with wildcards. */
  | { readonly outcome: 'bad-message'; readonly what: string };

/** The open sessions that a block would close. */
export interface BlockedSessions {
  readonly sessions: number;
  /** Client IDs of the first few. */
  readonly examples: readonly string[];
  /** False when the question ended at the bound of what one may look at. */
  readonly complete: boolean;
}

/** "May this client do that?" */
export interface AccessQuestion {
  readonly clientId: string;
  readonly action: 'publish' | 'subscribe';
  readonly topic: string;
  readonly qos: Qos;
  readonly retain: boolean;
}

/** Answers of sources about topics that are remembered and still count. */
export interface RememberedAnswers {
  readonly answers: number;
  /** Whose. */
  readonly clients: number;
  /** False: there are more sessions than were looked through. */
  readonly complete: boolean;
}

/** What is asked about, and done to, that which lives in the broker's memory. */
export interface Inspection {
  readonly listClients: (
    filter: ClientFilter,
    request: ClientScanRequest,
  ) => Promise<ScanResult<ClientSession>>;
  readonly getClient: (clientId: string) => Promise<ClientSession | null>;
  /** Closes the connections of these clients, and with `end` ends their sessions; returns how many there were. */
  readonly disconnectClients: (clientIds: readonly string[], end: boolean) => Promise<number>;
  readonly listSubscriptions: (
    filter: SubscriptionFilter,
    request: SubscriptionScanRequest,
  ) => Promise<ScanResult<ClientSubscription>>;
  /** Whose connections such a block would close; nothing is done. */
  readonly previewBlock: (target: BlockTarget) => Promise<BlockedSessions | 'busy'>;
  /** False when there was none. */
  readonly removeSubscription: (clientId: string, filter: string) => Promise<boolean>;
  /** `filter` as MQTT has it: wildcards at the beginning do not match topics that begin with `$`. */
  readonly listRetained: (
    filter: string,
    request: RetainedScanRequest,
  ) => Promise<ScanResult<RetainedSummary>>;
  readonly getRetained: (topic: string) => Promise<RetainedMessage | null>;
  /** Subscribers are not told. */
  readonly deleteRetained: (
    target: RetainedTarget,
  ) => Promise<{ readonly deleted: number; readonly complete: boolean } | 'busy'>;
  /** What is remembered of sources that are asked about each topic. */
  readonly countAnswers: () => Promise<RememberedAnswers | 'busy'>;
  /** What the rules say about a client's session as it is; null when it has none. Its source is not asked. */
  readonly askAccess: (question: AccessQuestion) => Promise<AccessAnswer | null>;
  readonly publishMessage: (message: ServerMessage) => Promise<PublishOutcome>;
  readonly publishAlert: (message: AlertMessage) => Promise<PublishOutcome>;
}
