import type { Clock } from '@gatehouse/ports';
import type { Principal, ProtocolVersion } from '@gatehouse/auth-core';
import type { Ticket } from '../journal/ticket.ts';
import type { EncodedPublish, QoS } from '../protocol/packets.ts';
import { encodePublish } from '../protocol/publish.ts';
import type { SentAlias } from '../protocol/topic-aliases.ts';

/** Bytes a message takes besides its topic, payload and properties; an estimate for the bounds. */
const MESSAGE_OVERHEAD_BYTES = 128;

/** Bytes from which a copy gets memory of its own, instead of a piece of Node's pool. */
const OWN_MEMORY_BYTES = 1_024;

/** An application message inside the broker. Its content never changes; where its bytes live may. */
export interface Message {
  readonly topic: string;
  /** A view into a read chunk until `keep` is called. */
  payload: Buffer;
  kept: boolean;
  readonly qos: QoS;
  /** The RETAIN flag as published. */
  readonly retain: boolean;
  /** Forwarded MQTT 5 properties as bytes; a part of `came` once it is kept. */
  properties: Buffer;
  /** Client ID of who published it. */
  readonly publisher: string;
  /** Whose it is: what a principal left retained can be told apart after it was revoked. */
  readonly principal: Principal | undefined;
  /** Monotonic milliseconds; undefined never expires. Monotonic, so that setting the clock expires nothing. */
  readonly expiresAt: number | undefined;
  /** Accounted bytes. */
  readonly bytes: number;
  /** The packet that it came in, where receivers may be sent that; `payload` is a part of it. */
  came: EncodedPublish | undefined;
  /** Which receivers `came` serves (`encodingOf`). */
  cameAs: number;
  /** Shared by the receivers while the message is handed out, and only then: they would hold its payload again. */
  encodings: (EncodedPublish | undefined)[] | undefined;
  /** When it was retained, milliseconds since the epoch; 0: it is not, or that is not known any more. */
  retainedAt: number;
  /** Its number in the journal; 0 until something durable names it. */
  journalId: number;
  /** The journal's epoch in which its content was written last. */
  journalEpoch: number;
}

export interface MessageFields {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties: Buffer;
  readonly publisher: string;
  readonly principal?: Principal | undefined;
  readonly expirySeconds: number | undefined;
}

export function createMessage(
  { topic, payload, qos, retain, properties, publisher, principal, expirySeconds }: MessageFields,
  clock: Clock,
): Message {
  // Field by field, on the way of every message: a spread makes an object that is slow to make and to read.
  return {
    topic,
    payload,
    qos,
    retain,
    properties,
    publisher,
    principal,
    kept: false,
    expiresAt: expirySeconds === undefined ? undefined : clock.monotonic() + expirySeconds * 1_000,
    bytes: MESSAGE_OVERHEAD_BYTES + topic.length + payload.length + properties.length,
    came: undefined,
    cameAs: 0,
    encodings: undefined,
    retainedAt: 0,
    journalId: 0,
    journalEpoch: 0,
  };
}

/** Before a message is held on to: a view into a read chunk would hold the whole chunk in memory. */
export function keep(message: Message): void {
  if (message.kept) return;
  message.kept = true;
  const { came, payload, properties } = message;
  if (came === undefined) {
    message.payload = copyOf(payload);
    return;
  }
  // The packet, which ends with the payload: whoever is sent it later needs no other encoding.
  const bytes = copyOf(came.bytes);
  message.came = { bytes, packetIdAt: came.packetIdAt };
  const payloadAt = bytes.length - payload.length;
  message.payload = bytes.subarray(payloadAt);
  // A packet is passed on as it came only if all of its properties are.
  if (properties.length > 0) message.properties = bytes.subarray(payloadAt - properties.length, payloadAt);
}

function copyOf(bytes: Buffer): Buffer {
  const own =
    bytes.length < OWN_MEMORY_BYTES ? Buffer.allocUnsafe(bytes.length) : Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}

export const isExpired = (message: Message, clock: Clock): boolean =>
  message.expiresAt !== undefined && message.expiresAt <= clock.monotonic();

/** What a receiver is sent of a message. */
export interface Copy {
  readonly message: Message;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly subscriptionIds: readonly number[];
}

/** One message on its way to one session. */
export interface Delivery extends Copy {
  /** The version of the session's permissions under which the delivery gate let it pass. */
  readonly accessVersion: number;
  /** Counts the session's QoS 1 and 2 messages from 1; set when it is queued. */
  sequence: number;
  /** The batch of the journal that it waits for before it is sent; 0: for none. */
  ticket: Ticket;
  /** It came back with a restart and may have been sent before: it goes with DUP set. */
  perhapsSent: boolean;
}

/** Which of a message's encodings serves a receiver. */
const encodingOf = (version: ProtocolVersion, qos: QoS, retain: boolean): number =>
  (version === 5 ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);

/** The packet that a message came in serves receivers of the same version, QoS and no RETAIN as it is. */
export function cameAs(
  message: Message,
  encoded: EncodedPublish | undefined,
  version: ProtocolVersion,
): void {
  message.came = encoded;
  message.cameAs = encodingOf(version, message.qos, false);
}

/**
 * The PUBLISH for a receiver, its packet id still to be set. The same bytes serve every receiver of one (version, QoS,
 * retain) unless a property differs by receiver or by time.
 */
export function encodeCopy(
  copy: Copy,
  version: ProtocolVersion,
  clock: Clock,
  alias: SentAlias | undefined,
): EncodedPublish {
  const { message, qos, retain, subscriptionIds } = copy;
  const isOwn = alias !== undefined || message.expiresAt !== undefined || subscriptionIds.length > 0;
  if (version === 5 && isOwn) return encodeOwn(copy, version, clock, { topic: message.topic, alias });
  const key = encodingOf(version, qos, retain);
  if (message.came !== undefined && message.cameAs === key) return message.came;
  const cached = message.encodings?.[key];
  if (cached !== undefined) return cached;
  const { topic, payload, properties } = message;
  const encoded = encodePublish({ topic, payload, properties, qos, retain }, version);
  if (message.encodings !== undefined) message.encodings[key] = encoded;
  return encoded;
}

/** The PUBLISH for one receiver alone, who knows the message by this topic. */
export function encodeOwn(
  { message, qos, retain, subscriptionIds }: Copy,
  version: ProtocolVersion,
  clock: Clock,
  { topic: known, alias }: { readonly topic: string; readonly alias: SentAlias | undefined },
): EncodedPublish {
  const { payload, properties } = message;
  const topic = alias?.isKnown === true ? '' : known;
  const expirySeconds = secondsLeft(message, clock);
  const own = { subscriptionIds, expirySeconds, topicAlias: alias?.alias };
  return encodePublish({ topic, payload, properties, qos, retain, ...own }, version);
}

/** [MQTT-3.3.2-6] the expiry sent on is what is left of it. */
function secondsLeft({ expiresAt }: Message, clock: Clock): number | undefined {
  return expiresAt === undefined
    ? undefined
    : Math.max(0, Math.ceil((expiresAt - clock.monotonic()) / 1_000));
}
