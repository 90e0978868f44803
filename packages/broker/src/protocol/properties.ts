import { malformed, protocolError } from './fault.ts';
import type { FrameReader } from './frame-reader.ts';

/** Where a property list stands: decides which properties a client may send there (MQTT 5.0 table 2-4). */
export type PropertyPlace =
  'connect' | 'will' | 'publish' | 'ack' | 'subscribe' | 'unsubscribe' | 'disconnect' | 'auth';

type PropertyType = 'flag' | 'u16' | 'u32' | 'varint' | 'text' | 'topic' | 'binary' | 'pair';

interface PropertySpec {
  readonly name: string;
  readonly type: PropertyType;
  readonly places: readonly PropertyPlace[];
  /** Zero is a protocol error. */
  readonly positive?: true;
}

/** Identifiers used by name elsewhere. */
export const PropertyId = {
  payloadFormat: 1,
  messageExpiry: 2,
  subscriptionId: 11,
  sessionExpiry: 17,
  authMethod: 21,
  authData: 22,
  problemInformation: 23,
  willDelay: 24,
  reasonString: 31,
  receiveMaximum: 33,
  topicAliasMaximum: 34,
  topicAlias: 35,
  user: 38,
  packetBytesMax: 39,
} as const;

/** Bytes before the value of a text or binary property: its identifier and its length. */
export const VALUE_AT = 3;

const MESSAGE: readonly PropertyPlace[] = ['publish', 'will'];

/** The properties a client may send; all others are the server's. */
const PROPERTIES = new Map<number, PropertySpec>([
  [1, { name: 'payload-format', type: 'flag', places: MESSAGE }],
  [2, { name: 'message-expiry', type: 'u32', places: MESSAGE }],
  [3, { name: 'content-type', type: 'text', places: MESSAGE }],
  [8, { name: 'response-topic', type: 'topic', places: MESSAGE }],
  [9, { name: 'correlation-data', type: 'binary', places: MESSAGE }],
  [11, { name: 'subscription-identifier', type: 'varint', places: ['subscribe'], positive: true }],
  [17, { name: 'session-expiry', type: 'u32', places: ['connect', 'disconnect'] }],
  [21, { name: 'auth-method', type: 'text', places: ['connect', 'auth'] }],
  [22, { name: 'auth-data', type: 'binary', places: ['connect', 'auth'] }],
  [23, { name: 'request-problem-information', type: 'flag', places: ['connect'] }],
  [24, { name: 'will-delay', type: 'u32', places: ['will'] }],
  [25, { name: 'request-response-information', type: 'flag', places: ['connect'] }],
  [31, { name: 'reason-string', type: 'text', places: ['ack', 'disconnect', 'auth'] }],
  [33, { name: 'receive-maximum', type: 'u16', places: ['connect'], positive: true }],
  [34, { name: 'topic-alias-maximum', type: 'u16', places: ['connect'] }],
  [35, { name: 'topic-alias', type: 'u16', places: ['publish'], positive: true }],
  [
    38,
    {
      name: 'user-property',
      type: 'pair',
      places: ['connect', 'will', 'publish', 'ack', 'subscribe', 'unsubscribe', 'disconnect', 'auth'],
    },
  ],
  [39, { name: 'maximum-packet-size', type: 'u32', places: ['connect'], positive: true }],
]);

/** A property as it stood in the frame; `start`…`end` includes its identifier. */
export type PropertyVisitor = (id: number, value: number, start: number, end: number) => unknown;

/**
 * Walks one property list and checks all that mqtt-packet does not: unknown or misplaced identifiers, single-use ones
 * that come twice, values out of range, text that is not UTF-8, lengths that do not add up.
 */
export function walkProperties(
  reader: FrameReader,
  place: PropertyPlace,
  userPropertiesMax: number,
  visit?: PropertyVisitor,
): void {
  const length = reader.varint('properties-length');
  const end = reader.position + length;
  if (end > reader.frame.length) reader.fail(malformed('properties-length'));
  const seen = new Set<number>();
  let userProperties = 0;
  while (reader.fault() === undefined && reader.position < end) {
    const start = reader.position;
    const id = reader.varint('property-identifier');
    const spec = PROPERTIES.get(id);
    if (spec === undefined || !spec.places.includes(place)) {
      reader.fail(protocolError('property-not-allowed'));
    } else if (id === PropertyId.user) {
      userProperties += 1;
      if (userProperties > userPropertiesMax) reader.fail(protocolError('too-many-user-properties'));
      reader.utf8('user-property');
      reader.utf8('user-property');
      visit?.(id, 0, start, reader.position);
    } else {
      if (seen.has(id)) reader.fail(protocolError(`${spec.name}-repeated`));
      seen.add(id);
      const value = readValue(reader, spec);
      visit?.(id, value, start, reader.position);
    }
  }
  if (reader.fault() === undefined && reader.position !== end) reader.fail(malformed('properties-length'));
}

function readValue(reader: FrameReader, spec: PropertySpec): number {
  const value = readNumber(reader, spec);
  if (spec.type === 'flag' && value > 1) reader.fail(protocolError(`${spec.name}-invalid`));
  if (spec.positive === true && value === 0) reader.fail(protocolError(`${spec.name}-zero`));
  return value;
}

function readNumber(reader: FrameReader, spec: PropertySpec): number {
  switch (spec.type) {
    case 'flag':
      return reader.u8(spec.name);
    case 'u16':
      return reader.u16(spec.name);
    case 'u32':
      return reader.u32(spec.name);
    case 'varint':
      return reader.varint(spec.name);
    case 'text':
      reader.utf8(spec.name);
      return 0;
    case 'topic':
      // [MQTT-3.3.2-14] a response topic has no wildcards.
      if (/[+#]/.test(reader.text(spec.name))) reader.fail(protocolError(`${spec.name}-wildcard`));
      return 0;
    case 'binary':
    case 'pair':
      reader.binary(spec.name);
      return 0;
  }
}
