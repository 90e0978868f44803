import type { IDisconnectPacket, IPingreqPacket, ISubscribePacket, IUnsubscribePacket } from 'mqtt-packet';
import type { ProtocolVersion, ReasonCode, WillFacts } from '@gatehouse/auth-core';

export type QoS = 0 | 1 | 2;

/** A PUBLISH either way. `properties` are the MQTT 5 ones that are forwarded unaltered and in order, as bytes. */
export interface PublishPacket {
  readonly cmd: 'publish';
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
  /** 0 at QoS 0. */
  readonly packetId: number;
  readonly payload: Buffer;
  readonly properties: Buffer;
  readonly expirySeconds: number | undefined;
  readonly topicAlias: number | undefined;
  /** The payload is said to be UTF-8. */
  readonly saysText: boolean;
  /** The packet as it came, where it can go on unaltered: no RETAIN, no DUP, nothing that differs by receiver. */
  readonly encoded: EncodedPublish | undefined;
}

/** A PUBLISH as bytes, without DUP; `packetIdAt` is where the packet id goes (-1 at QoS 0), whatever stands there. */
export interface EncodedPublish {
  readonly bytes: Buffer;
  readonly packetIdAt: number;
}

/** One of the four acknowledgements. */
export interface AckPacket {
  readonly cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';
  readonly packetId: number;
  readonly reasonCode: number;
}

/** An AUTH of a client (MQTT 5.0 §3.15). */
export interface AuthPacket {
  readonly cmd: 'auth';
  readonly reasonCode: number;
  readonly method: string;
  readonly data: Buffer | undefined;
}

/** A will with its payload, as CONNECT brought it. */
export interface Will extends WillFacts {
  readonly payload: Buffer;
  readonly properties: Buffer;
  readonly expirySeconds: number | undefined;
  readonly delaySeconds: number;
}

/** A CONNECT that passed the guard. */
export interface ConnectPacket {
  readonly cmd: 'connect';
  readonly version: ProtocolVersion;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Buffer | undefined;
  readonly cleanStart: boolean;
  readonly keepAliveSeconds: number;
  readonly will: Will | undefined;
  readonly authMethod: string | undefined;
  readonly authData: Buffer | undefined;
  /** Undefined where CONNECT did not say (MQTT 5: 0). */
  readonly sessionExpirySeconds: number | undefined;
  readonly receiveMaximum: number;
  /** Bytes of the largest packet the client takes. */
  readonly packetBytesMax: number;
  /** Topic aliases that the client takes; 0 where CONNECT did not say. */
  readonly topicAliasMaximum: number;
  /** The client wants to be told reasons in words (Request Problem Information). */
  readonly problemInformation: boolean;
}

/** What could be read of a CONNECT, for the record of one that is refused. */
export interface ConnectFacts {
  readonly version: ProtocolVersion | undefined;
  /** Undefined when the packet broke off before it. */
  readonly clientId: string | undefined;
  readonly username: string | undefined;
  readonly passwordProvided: boolean;
  readonly keepAliveSeconds: number | undefined;
  readonly cleanStart: boolean | undefined;
}

/** A CONNECT that was not accepted as a packet. */
export interface ConnectFault {
  readonly reason: ReasonCode;
  /** A stable word: what was wrong. */
  readonly what: string;
  readonly facts: ConnectFacts;
  /** In whose form CONNACK is written; undefined where it is not known and none is sent. */
  readonly answer: ProtocolVersion | undefined;
  /** The MQTT 5 code where the fault has one that says more than that of the reason. */
  readonly code?: number;
}

/** The packets an admitted client may send, by kind. */
export interface ClientPackets {
  publish: PublishPacket;
  puback: AckPacket & { readonly cmd: 'puback' };
  pubrec: AckPacket & { readonly cmd: 'pubrec' };
  pubrel: AckPacket & { readonly cmd: 'pubrel' };
  pubcomp: AckPacket & { readonly cmd: 'pubcomp' };
  subscribe: ISubscribePacket & { readonly messageId: number };
  unsubscribe: IUnsubscribePacket & { readonly messageId: number };
  pingreq: IPingreqPacket;
  disconnect: IDisconnectPacket;
  auth: AuthPacket;
}
export type ClientPacketKind = keyof ClientPackets;
export type ClientPacket = ClientPackets[ClientPacketKind];
