import type { ProtocolVersion } from '@gatehouse/auth-core';
import type { EncodedPublish } from '../protocol/packets.ts';
import type { OutboundAliases } from '../protocol/topic-aliases.ts';

/** Why the server ends a connection; the MQTT 5 code is sent where there is one. */
export interface CloseCause {
  readonly code: number;
  readonly what: string;
  /** [MQTT-3.1.2-8] the will is published, unless the client took its leave. */
  readonly publishWill: boolean;
}

/** The connection as its session sees it. */
export interface SessionLink {
  readonly version: ProtocolVersion;
  /** Where it comes from: its address, and the SHA-256 of its certificate if it has one. */
  readonly origin: { readonly ip: string; readonly fingerprint: string | undefined };
  /** Bytes of the largest packet the client takes. */
  readonly packetBytesMax: number;
  /** QoS 1 and 2 messages the client takes at a time. */
  readonly receiveMaximum: number;
  /** The topic aliases in use towards the client; undefined when it takes none. */
  readonly aliases: OutboundAliases | undefined;
  /** More is waiting to be written than `writeBufferBytesMax`: QoS 0 is dropped, the rest waits in the queue. */
  readonly congested: boolean;
  send(bytes: Buffer): void;
  /** Sends a copy of a PUBLISH that others are sent too, with a packet id and flags of its own. */
  sendCopy(encoded: EncodedPublish, packetId: number, flags: number): void;
  /** The session's grant was renewed while it is open: the connection lasts as long as the new one. */
  regranted(expiresAt: number | undefined): void;
  /** Detaches the session, says why (MQTT 5), closes. */
  close(cause: CloseCause): void;
}
