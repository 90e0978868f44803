import type { MessageProperties } from '@gatehouse/ports';
import { PropertyId } from '../protocol/properties.ts';

/** Identifiers of the properties that are forwarded with a message (MQTT 5.0 §3.3.2.3). */
const ID = {
  payloadFormat: 1,
  contentType: 3,
  responseTopic: 8,
  correlationData: 9,
  user: PropertyId.user,
} as const;

const LENGTH_BYTES = 2;

/** The properties as they stand in a PUBLISH; the expiry is not among them, it differs by time. */
export function encodeProperties(properties: MessageProperties): Buffer {
  const { payloadIsText, contentType, responseTopic, correlationData, userProperties = [] } = properties;
  return Buffer.concat([
    ...(payloadIsText === true ? [Buffer.of(ID.payloadFormat, 1)] : []),
    ...(contentType === undefined ? [] : [Buffer.of(ID.contentType), prefixed(Buffer.from(contentType))]),
    ...(responseTopic === undefined
      ? []
      : [Buffer.of(ID.responseTopic), prefixed(Buffer.from(responseTopic))]),
    ...(correlationData === undefined ? [] : [Buffer.of(ID.correlationData), prefixed(correlationData)]),
    ...userProperties.flatMap(([name, value]) => [
      Buffer.of(ID.user),
      prefixed(Buffer.from(name)),
      prefixed(Buffer.from(value)),
    ]),
  ]);
}

/** Two bytes of length, then the bytes. The caller bounds them. */
function prefixed(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads what a message of this broker carries: it was checked when it came in. */
export function decodeProperties(bytes: Buffer): MessageProperties {
  const found: Mutable<MessageProperties> = {};
  const userProperties: [string, string][] = [];
  let at = 0;
  const next = (): Buffer => {
    const start = at + LENGTH_BYTES;
    at = start + bytes.readUInt16BE(at);
    return bytes.subarray(start, at);
  };
  while (at < bytes.length) {
    const id = bytes.readUInt8(at);
    at += 1;
    if (id === ID.payloadFormat) {
      found.payloadIsText = bytes.readUInt8(at) === 1;
      at += 1;
    } else if (id === ID.contentType) found.contentType = next().toString();
    else if (id === ID.responseTopic) found.responseTopic = next().toString();
    else if (id === ID.correlationData) found.correlationData = Uint8Array.from(next());
    else if (id === ID.user) userProperties.push([next().toString(), next().toString()]);
    else break;
  }
  return userProperties.length === 0 ? found : { ...found, userProperties };
}
