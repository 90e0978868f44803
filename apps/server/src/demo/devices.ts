import { connect } from 'node:net';
import { MqttClient, type IClientOptions } from 'mqtt';

/** Where the demo's clients connect. */
export interface Target {
  readonly host: string;
  readonly tcpPort: number;
  readonly wsPort: number | null;
}

/** Who a demo client says it is; `address` is the loopback address it comes from. */
export interface Identity {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly address: string;
}

/** Milliseconds between reconnects of a well client, e.g. after a restart of the server. */
const RECONNECT_MS = 5_000;
const CONNECT_MS_MAX = 10_000;

/** A TCP connection from one of the loopback addresses; some systems have only 127.0.0.1. */
const dial = (target: Target, address: string) =>
  connect({
    host: target.host,
    port: target.tcpPort,
    ...(process.platform === 'linux' ? { localAddress: address } : {}),
  });

/** An MQTT.js client that is connecting. Its errors are expected: a refusal is what many of them are for. */
export function openClient(target: Target, identity: Identity, options: IClientOptions = {}): MqttClient {
  const { address, ...who } = identity;
  const client = new MqttClient(() => dial(target, address), {
    protocolVersion: 5,
    keepalive: 60,
    connectTimeout: CONNECT_MS_MAX,
    reconnectPeriod: RECONNECT_MS,
    reconnectOnConnackError: false,
    clean: true,
    ...who,
    ...options,
  });
  client.on('error', () => undefined);
  return client;
}

/** One CONNECT; resolves when it was answered or the connection ended. */
export async function connectOnce(
  target: Target,
  identity: Identity,
  options: IClientOptions = {},
): Promise<void> {
  const client = openClient(target, identity, { ...options, reconnectPeriod: 0 });
  await new Promise<void>((resolve) => {
    client.once('connect', () => resolve());
    client.once('close', () => resolve());
  });
  await client.endAsync(true).catch(() => undefined);
}

/** Sends bytes and waits until the server closes. */
export async function sendBytes(target: Target, address: string, bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = dial(target, address);
    socket.setTimeout(CONNECT_MS_MAX, () => socket.destroy());
    socket.once('connect', () => socket.write(bytes));
    socket.on('data', () => undefined);
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
}
