import type { MessagePropertiesDto } from '@gatehouse/contract';

/** Bounds of what the page keeps: a broker says more than a person can read. */
export const MESSAGE_LOG = { messagesMax: 500, payloadBytesMax: 65_536 } as const;

/** A message that came in, or that was sent from here. */
export interface LoggedMessage {
  /** Counts up; the page's own. */
  readonly id: number;
  readonly at: string;
  readonly direction: 'in' | 'out';
  readonly topic: string;
  /** The first `payloadBytesMax` bytes. */
  readonly payload: Uint8Array;
  readonly payloadBytes: number;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** Sent again, since the first time may not have arrived. */
  readonly dup: boolean;
  /** Of the subscriptions that it came by, where they have any. */
  readonly subscriptionIds: readonly number[];
  readonly properties: MessagePropertiesDto;
}

/** What is shown, newest first, and how many have gone out at the end. */
export interface MessageLog {
  readonly messages: readonly LoggedMessage[];
  readonly forgotten: number;
}

export const EMPTY_LOG: MessageLog = { messages: [], forgotten: 0 };

/** Adds what came since the last time, oldest first; the oldest of all make room. */
export function addMessages(log: MessageLog, arrived: readonly LoggedMessage[]): MessageLog {
  const all = [...arrived.toReversed(), ...log.messages];
  const messages = all.slice(0, MESSAGE_LOG.messagesMax);
  return { messages, forgotten: log.forgotten + all.length - messages.length };
}

/** MQTT.js' properties in the contract's words; user properties lose their order there, not their values. */
export function fromMqttProperties(properties: {
  readonly payloadFormatIndicator?: boolean;
  readonly contentType?: string;
  readonly responseTopic?: string;
  readonly correlationData?: Uint8Array;
  readonly messageExpiryInterval?: number;
  readonly userProperties?: Readonly<Record<string, string | readonly string[]>>;
}): MessagePropertiesDto {
  const userProperties = Object.entries(properties.userProperties ?? {}).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one) => ({ name, value: one })),
  );
  return {
    ...(properties.payloadFormatIndicator === true ? { payloadIsText: true } : {}),
    ...(properties.contentType === undefined ? {} : { contentType: properties.contentType }),
    ...(properties.responseTopic === undefined ? {} : { responseTopic: properties.responseTopic }),
    ...(properties.correlationData === undefined
      ? {}
      : { correlationData: base64Of(properties.correlationData) }),
    ...(properties.messageExpiryInterval === undefined
      ? {}
      : { expirySeconds: properties.messageExpiryInterval }),
    ...(userProperties.length === 0 ? {} : { userProperties }),
  };
}

const base64Of = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
