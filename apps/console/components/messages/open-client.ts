import type { MessageSessionDto } from '@gatehouse/contract';
import type { IConnackPacket, MqttClient } from 'mqtt';
import { api } from '@/lib/api';
import { toClientOptions, type ConnectDraft } from './connect-draft';
import type { Version } from './values';

export type Connection =
  | { readonly tag: 'idle' }
  | { readonly tag: 'connecting' }
  | {
      readonly tag: 'online';
      /** Empty: the broker chose one and, as MQTT 3.1.1 goes, did not tell. */
      readonly clientId: string;
      readonly version: Version;
      readonly mayPublish: boolean;
      /** Null: it has no end. */
      readonly expiresAt: string | null;
      /** The broker had a session of this client ID, with its subscriptions. */
      readonly isResumed: boolean;
    }
  /** The broker's answer to CONNECT was no. */
  | {
      readonly tag: 'refused';
      readonly code: number;
      readonly version: Version;
      readonly clientId: string;
      readonly username: string;
    }
  /** `code`: what the broker's DISCONNECT said. Both null when the ten minutes were over or the server closed. */
  | { readonly tag: 'ended'; readonly problem: string | null; readonly code: number | null };

interface Identity extends Pick<ConnectDraft, 'clientId' | 'username' | 'password'> {
  readonly mayPublish: boolean;
  readonly expiresAt: string | null;
  /** Ends what was made for the connection. */
  readonly release: () => void;
}

const CONNECT_MS_MAX = 10_000;

/** Where the console's server passes MQTT on to the broker. */
const address = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/mqtt`;

async function identityOf({ identity, clientId, username, password }: ConnectDraft): Promise<Identity> {
  if (identity === 'own') {
    // What its credential may is the broker's to say, message by message.
    return { clientId, username, password, mayPublish: true, expiresAt: null, release: () => undefined };
  }
  const { id, ...session } = await api.post<MessageSessionDto>('/messages/session');
  // The credential's time may not be over: it goes with the connection.
  const release = (): void => void api.delete(`/messages/session/${id}`).catch(() => undefined);
  return { ...session, release };
}

export interface OpenedClient {
  readonly client: MqttClient;
  readonly identity: Identity;
}

/** Starts to connect; what becomes of it is told by `watchClient`. */
export async function openClient(draft: ConnectDraft): Promise<OpenedClient> {
  const [identity, { default: mqtt }] = await Promise.all([identityOf(draft), import('mqtt')]);
  const { clientId, username, password } = identity;
  const client = mqtt.connect(address(), {
    ...toClientOptions(draft),
    clientId,
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    reconnectPeriod: 0,
    connectTimeout: CONNECT_MS_MAX,
    // Its other timers live in a worker made of a blob, which the page's policy forbids.
    timerVariant: 'native',
  });
  return { client, identity };
}

const codeOf = (error: Error): number | null =>
  'code' in error && typeof error.code === 'number' ? error.code : null;

/** Tells what becomes of the connection: online once at most, then how it ended. */
export function watchClient(
  { client, identity }: OpenedClient,
  version: Version,
  onChange: (connection: Connection) => void,
): void {
  const { clientId, username, mayPublish, expiresAt } = identity;
  let isOnline = false;
  let end: Connection = { tag: 'ended', problem: null, code: null };
  client.on('connect', ({ sessionPresent, properties }: IConnackPacket) => {
    isOnline = true;
    const assigned = properties?.assignedClientIdentifier ?? '';
    onChange({
      tag: 'online',
      clientId: clientId === '' ? assigned : clientId,
      version,
      mayPublish,
      expiresAt,
      isResumed: sessionPresent,
    });
  });
  client.on('disconnect', ({ reasonCode }) => {
    end = { tag: 'ended', problem: null, code: reasonCode ?? null };
  });
  client.on('error', (error) => {
    const code = codeOf(error);
    end =
      code === null || isOnline
        ? { tag: 'ended', problem: error.message, code: null }
        : { tag: 'refused', code, version, clientId, username };
  });
  client.on('close', () => {
    identity.release();
    onChange(end);
  });
}
