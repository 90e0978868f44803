import { type Fault, malformed, protocolError } from './fault.ts';
import { FrameReader } from './frame-reader.ts';
import type { Frame } from './framing.ts';
import type { AuthPacket } from './packets.ts';
import { PropertyId, VALUE_AT, walkProperties } from './properties.ts';
import { ReasonCode } from './reason-codes.ts';

const HEADER = 0xf0;

/** MQTT 5.0 §3.15.2.1: the codes that a client may send. */
const CODES: ReadonlySet<number> = new Set([ReasonCode.continueAuthentication, ReasonCode.reAuthenticate]);

/** Reads an AUTH of a client (MQTT 5.0 §3.15); mqtt-packet would not tell a repeated property. */
export function readAuth({ bytes, header }: Frame, userPropertiesMax: number): AuthPacket | Fault {
  // [MQTT-3.15.1-1] reserved flags.
  if (bytes.readUInt8(0) !== HEADER) return malformed('reserved-flags');
  const reader = new FrameReader(bytes, header);
  const reasonCode = reader.u8('reason-code');
  if (!CODES.has(reasonCode)) reader.fail(protocolError('reason-code-invalid'));
  let method: string | undefined;
  let data: Buffer | undefined;
  walkProperties(reader, 'auth', userPropertiesMax, (id, _value, start, end) => {
    const value = bytes.subarray(start + VALUE_AT, end);
    if (id === PropertyId.authMethod) method = value.toString('utf8');
    // A copy: what it is a view of is the read buffer of the socket.
    if (id === PropertyId.authData) data = Buffer.from(value);
  });
  reader.end();
  const fault = reader.fault();
  if (fault !== undefined) return fault;
  if (method === undefined) return protocolError('auth-method-missing');
  return { cmd: 'auth', reasonCode, method, data };
}
