import { connect as netConnect, type Socket } from 'node:net';
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { runProgram } from './server.ts';

export interface Device {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
}

/** `mosquitto_pub`, as in the guides: one message to `gatehouse/e2e`. */
export function mosquittoPub(port: number, device: Device, extra: readonly string[] = []) {
  const identity = [
    ...(device.username === undefined ? [] : ['-u', device.username]),
    ...(device.password === undefined ? [] : ['-P', device.password]),
  ];
  const target = [
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-i',
    device.clientId,
    '-t',
    'gatehouse/e2e',
    '-m',
    'hello',
  ];
  return runProgram('mosquitto_pub', [...target, ...identity, ...extra]);
}

/** Connects with MQTT.js; resolves to the CONNACK code it got (0 is in). */
export function mqttJs(
  url: string,
  options: IClientOptions,
): Promise<{ code: number; reason?: string; client: MqttClient }> {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(url, { reconnectPeriod: 0, connectTimeout: 20_000, ...options });
    client.once('connect', () => {
      resolve({ code: 0, client });
    });
    client.once('error', (error) => {
      const code = (error as { code?: unknown }).code;
      if (typeof code === 'number') resolve({ code, reason: error.message, client });
      else reject(error);
    });
    client.once('close', () => {
      reject(new Error('closed without a CONNACK'));
    });
  });
}

const PAHO = `
import sys, paho.mqtt.client as mqtt
port, client_id, version = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
username = sys.argv[4] if len(sys.argv) > 4 else None
password = sys.stdin.read() or None
client = mqtt.Client(client_id=client_id, protocol={3: mqtt.MQTTv31, 4: mqtt.MQTTv311, 5: mqtt.MQTTv5}[version])
if username is not None: client.username_pw_set(username, password)
def on_connect(c, u, flags, rc, properties=None):
    print(rc if isinstance(rc, int) else rc.value); c.disconnect(); sys.stdout.flush(); import os; os._exit(0)
client.on_connect = on_connect
client.connect("127.0.0.1", port, 60)
client.loop_forever()
`;

/** Python paho; resolves to the CONNACK code it printed. */
export async function paho(port: number, device: Device, version: 3 | 4 | 5 = 4): Promise<number> {
  const args = ['-c', PAHO, String(port), device.clientId, String(version)];
  const result = await runProgram(
    '/usr/bin/python3',
    device.username === undefined ? args : [...args, device.username],
    device.password,
  );
  const code = Number.parseInt(result.stdout, 10);
  if (Number.isNaN(code)) throw new Error(`paho printed no code: ${result.stderr}`);
  return code;
}

/** Sends raw bytes; resolves to all that came back until the server closed the connection. */
export function rawBytes(port: number, bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket: Socket = netConnect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data: Buffer) => received.push(data));
    socket.on('error', () => undefined); // a reset is an answer too
    socket.on('close', () => {
      resolve(Buffer.concat(received));
    });
  });
}

/** Tries a TLS handshake; resolves when the connection is closed, however far it came. */
export function openTls(port: number, options: ConnectionOptions): Promise<void> {
  return new Promise((resolve) => {
    const socket = tlsConnect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
    socket.on('error', () => undefined); // the handshake is meant to fail
    socket.on('secureConnect', () => socket.end());
    socket.on('close', () => {
      resolve();
    });
  });
}

const text = (value: string | Uint8Array) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
};

/** A CONNECT packet byte by byte, so that it can be wrong in any way. */
export function connectPacket(packet: {
  readonly protocolName?: string;
  readonly level?: number;
  readonly flags?: number;
  readonly keepAlive?: number;
  readonly clientId?: string | Uint8Array;
  readonly username?: string;
  readonly password?: string;
}): Buffer {
  const level = packet.level ?? 4;
  const flags =
    packet.flags ??
    0x02 | (packet.username === undefined ? 0 : 0x80) | (packet.password === undefined ? 0 : 0x40);
  const body = Buffer.concat([
    text(packet.protocolName ?? 'MQTT'),
    Buffer.from([level, flags, 0, packet.keepAlive ?? 60]),
    ...(level === 5 ? [Buffer.from([0])] : []),
    text(packet.clientId ?? 'raw'),
    ...(packet.username === undefined ? [] : [text(packet.username)]),
    ...(packet.password === undefined ? [] : [text(packet.password)]),
  ]);
  return Buffer.concat([Buffer.from([0x10, ...remainingLength(body.length)]), body]);
}

function remainingLength(length: number): number[] {
  const bytes: number[] = [];
  let rest = length;
  do {
    const byte = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? byte | 0x80 : byte);
  } while (rest > 0);
  return bytes;
}
