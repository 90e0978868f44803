import type { IClientPublishOptions } from 'mqtt';
import { BOUNDS, bytesOfHex, hasWildcard, isNoNumber, type QoS, type Version } from './values';

/** A message as it goes out. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties?: NonNullable<IClientPublishOptions['properties']>;
}

/** What the payload's field holds; the property that says so goes with it. */
export const PAYLOAD_FORMATS = ['text', 'bytes'] as const;

/** The form of a message to send; every field is text until it is sent. */
export interface MessageDraft {
  readonly topic: string;
  readonly payload: string;
  readonly format: (typeof PAYLOAD_FORMATS)[number];
  readonly qos: QoS;
  readonly retain: boolean;
  readonly contentType: string;
  readonly responseTopic: string;
  readonly correlationData: string;
  readonly expirySeconds: string;
  /** `name=value`, one a line. */
  readonly userProperties: string;
}

export const NEW_DRAFT: MessageDraft = {
  topic: '',
  payload: '',
  format: 'text',
  qos: 0,
  retain: false,
  contentType: '',
  responseTopic: '',
  correlationData: '',
  expirySeconds: '',
  userProperties: '',
};

/** Names with all their values, as MQTT.js takes them; a line without `=` is a name with an empty value. */
function userPropertiesOf(text: string): Record<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const at = line.indexOf('=');
    const name = at < 0 ? line : line.slice(0, at);
    found.set(name, [...(found.get(name) ?? []), at < 0 ? '' : line.slice(at + 1)]);
  }
  return Object.fromEntries(found);
}

const PROPERTY_FIELDS = [
  'contentType',
  'responseTopic',
  'correlationData',
  'expirySeconds',
  'userProperties',
] as const;

/** How many properties the form sets. */
export const propertyCount = (draft: MessageDraft): number =>
  PROPERTY_FIELDS.filter((name) => draft[name].trim() !== '').length;

export type MessageProblems = Partial<
  Readonly<Record<'topic' | 'payload' | 'responseTopic' | 'expirySeconds', string>>
>;

function topicProblem(topic: string): MessageProblems {
  if (topic === '') return { topic: 'problems.noTopic' };
  return hasWildcard(topic) ? { topic: 'problems.wildcard' } : {};
}

/** What cannot be sent as it stands: the key of its text by field. */
export function messageProblems(draft: MessageDraft, version: Version): MessageProblems {
  const { topic, payload, format, responseTopic, expirySeconds } = draft;
  return {
    ...topicProblem(topic),
    ...(format === 'bytes' && bytesOfHex(payload) === null ? { payload: 'problems.hex' } : {}),
    ...(version === 5 && hasWildcard(responseTopic) ? { responseTopic: 'problems.wildcard' } : {}),
    ...(version === 5 && isNoNumber(expirySeconds, BOUNDS.seconds)
      ? { expirySeconds: 'problems.seconds' }
      : {}),
  };
}

function propertiesOf(draft: MessageDraft): NonNullable<OutgoingMessage['properties']> {
  const { format, contentType, responseTopic, correlationData, expirySeconds } = draft;
  const userProperties = userPropertiesOf(draft.userProperties);
  return {
    payloadFormatIndicator: format === 'text',
    ...(contentType === '' ? {} : { contentType }),
    ...(responseTopic === '' ? {} : { responseTopic }),
    // MQTT.js has Node's Buffer in mind; in a browser these bytes are what it writes.
    ...(correlationData === ''
      ? {}
      : { correlationData: new TextEncoder().encode(correlationData) as Buffer }),
    ...(expirySeconds.trim() === '' ? {} : { messageExpiryInterval: Number(expirySeconds) }),
    ...(Object.keys(userProperties).length === 0 ? {} : { userProperties }),
  };
}

/** What the form stands for; empty fields are no properties, and MQTT 3.1.1 has none at all. */
export function toMessage(draft: MessageDraft, version: Version): OutgoingMessage {
  const { topic, payload, format, qos, retain } = draft;
  const bytes = format === 'bytes' ? bytesOfHex(payload) : null;
  return {
    topic,
    payload: bytes ?? new TextEncoder().encode(payload),
    qos,
    retain,
    ...(version === 5 ? { properties: propertiesOf(draft) } : {}),
  };
}
