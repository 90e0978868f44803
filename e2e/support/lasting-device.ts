import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Server } from './server.ts';

export interface LastingDevice {
  readonly client: MqttClient;
  /** Whether the server still had its session. */
  readonly present: boolean;
  /** The latest payload of each topic that it was sent. */
  readonly got: ReadonlyMap<string, string>;
}

/** Connects a device with a lasting session that keeps what it is sent; rejects where it is refused. */
export async function lastingDevice({ ports }: Server, options: IClientOptions): Promise<LastingDevice> {
  const client = mqtt.connect(`mqtt://127.0.0.1:${String(ports.tcp)}`, {
    clean: false,
    reconnectPeriod: 0,
    ...options,
  });
  const got = new Map<string, string>();
  client.on('message', (topic, payload) => got.set(topic, payload.toString()));
  const present = await new Promise<boolean>((resolve, reject) => {
    client.once('connect', (packet) => {
      resolve(packet.sessionPresent);
    });
    client.once('error', reject);
  });
  return { client, present, got };
}
