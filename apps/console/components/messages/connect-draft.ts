import type { IClientOptions } from 'mqtt';
import { BOUNDS, hasWildcard, isNoNumber, wholeNumberOf, type QoS, type Version } from './values';

/** Whose credential the page connects with: one made for it, or one that the person types in. */
export const IDENTITIES = ['page', 'own'] as const;

/** The form of a connection. It lives in the page's memory alone: the password is neither stored nor in an address. */
export interface ConnectDraft {
  readonly identity: (typeof IDENTITIES)[number];
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  readonly version: Version;
  readonly cleanStart: boolean;
  readonly sessionExpirySeconds: string;
  readonly keepAliveSeconds: string;
  readonly hasWill: boolean;
  readonly willTopic: string;
  readonly willPayload: string;
  readonly willQos: QoS;
  readonly willRetain: boolean;
}

export const NEW_CONNECT: ConnectDraft = {
  identity: 'page',
  clientId: '',
  username: '',
  password: '',
  version: 5,
  cleanStart: true,
  sessionExpirySeconds: '',
  keepAliveSeconds: '60',
  hasWill: false,
  willTopic: '',
  willPayload: '',
  willQos: 0,
  willRetain: false,
};

export type ConnectProblems = Partial<Readonly<Record<keyof ConnectDraft, string>>>;

/** What only a client with a name and a password of its own chooses. */
function ownProblems(draft: ConnectDraft): ConnectProblems {
  const { clientId, username, password, version, cleanStart, sessionExpirySeconds } = draft;
  return {
    ...(clientId === '' && !cleanStart ? { clientId: 'problems.clientId' } : {}),
    // [MQTT-3.1.2-22] in 3.1.1; MQTT 5 allows it.
    ...(version !== 5 && username === '' && password !== '' ? { username: 'problems.username' } : {}),
    ...(version === 5 && isNoNumber(sessionExpirySeconds, BOUNDS.seconds)
      ? { sessionExpirySeconds: 'problems.seconds' }
      : {}),
  };
}

function willProblem(topic: string): ConnectProblems {
  if (topic === '') return { willTopic: 'problems.topic' };
  return hasWildcard(topic) ? { willTopic: 'problems.wildcard' } : {};
}

/** What cannot be sent as it stands: the key of its text by field. */
export const connectProblems = (draft: ConnectDraft): ConnectProblems => ({
  ...(draft.identity === 'own' ? ownProblems(draft) : {}),
  ...(wholeNumberOf(draft.keepAliveSeconds, BOUNDS.keepAliveSeconds) === null
    ? { keepAliveSeconds: 'problems.keepAlive' }
    : {}),
  ...(draft.hasWill ? willProblem(draft.willTopic) : {}),
});

/** Messages on their way to the page at a time. */
const RECEIVE_MAXIMUM = 50;

/** A session outlives its connection only where its credential does. */
function sessionOptions(draft: ConnectDraft): IClientOptions {
  const { identity, version, cleanStart, sessionExpirySeconds } = draft;
  const expiry = identity === 'own' ? sessionExpirySeconds.trim() : '';
  return {
    clean: identity === 'page' || cleanStart,
    ...(version === 5
      ? {
          properties: {
            receiveMaximum: RECEIVE_MAXIMUM,
            ...(expiry === '' ? {} : { sessionExpiryInterval: Number(expiry) }),
          },
        }
      : {}),
  };
}

/** The form as MQTT.js takes it, all but who connects. */
export function toClientOptions(draft: ConnectDraft): IClientOptions {
  const { version, keepAliveSeconds, hasWill, willTopic, willPayload, willQos, willRetain } = draft;
  return {
    protocolVersion: version,
    keepalive: Number(keepAliveSeconds),
    ...sessionOptions(draft),
    ...(hasWill
      ? {
          will: {
            topic: willTopic,
            payload: new TextEncoder().encode(willPayload) as Buffer,
            qos: willQos,
            retain: willRetain,
          },
        }
      : {}),
  };
}

/** What the fields of a connect show and change. */
export interface ConnectFieldsProps {
  readonly draft: ConnectDraft;
  readonly errorOf: (path: string) => string | undefined;
  readonly onChange: (part: Partial<ConnectDraft>) => void;
}
