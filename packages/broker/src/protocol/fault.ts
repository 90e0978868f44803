import { ReasonCode } from './reason-codes.ts';

/** Why a peer's bytes cannot be accepted: the MQTT 5 code to answer, and a stable word for logs and details. */
export interface Fault {
  readonly code: number;
  readonly what: string;
}

/** Bytes that are no valid packet (MQTT 5.0 §4.13, 0x81). */
export const malformed = (what: string): Fault => ({ code: ReasonCode.malformedPacket, what });

/** An authentication method that is not the one in use: for CONNACK alone, DISCONNECT has no such code (MQTT 5.0 §2.4, 0x8C). */
export const methodChanged: Fault = { code: ReasonCode.badAuthenticationMethod, what: 'auth-method-changed' };

/** A valid packet that must not come here or now (MQTT 5.0 §4.13, 0x82). */
export const protocolError = (what: string): Fault => ({ code: ReasonCode.protocolError, what });
