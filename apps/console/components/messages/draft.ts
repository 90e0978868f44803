import type { OutgoingMessage } from './use-mqtt';

/** The form of a message to send; every field is text until it is sent. */
export interface MessageDraft {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1 | 2;
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

/** What the form stands for; empty fields are no properties. */
export function toMessage(draft: MessageDraft): OutgoingMessage {
  const { topic, payload, qos, retain, contentType, responseTopic, correlationData, expirySeconds } = draft;
  const userProperties = userPropertiesOf(draft.userProperties);
  return {
    topic,
    payload,
    qos,
    retain,
    properties: {
      payloadFormatIndicator: true,
      ...(contentType === '' ? {} : { contentType }),
      ...(responseTopic === '' ? {} : { responseTopic }),
      // MQTT.js has Node's Buffer in mind; in a browser these bytes are what it writes.
      ...(correlationData === ''
        ? {}
        : { correlationData: new TextEncoder().encode(correlationData) as Buffer }),
      ...(expirySeconds === '' ? {} : { messageExpiryInterval: Number(expirySeconds) }),
      ...(Object.keys(userProperties).length === 0 ? {} : { userProperties }),
    },
  };
}
