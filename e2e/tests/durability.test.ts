import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, expect, test } from 'vitest';
import { type Server, startServer } from '../support/server.ts';

const run = promisify(execFile);

let server: Server | undefined;

afterEach(async () => {
  await server?.kill('SIGKILL');
  if (server !== undefined) rmSync(server.dataDir, { recursive: true, force: true });
});

/** A device that stays away from the broker for some time and wants what it missed. */
async function device(port: number, secret: string, protocolVersion: 4 | 5): Promise<MqttClient> {
  return mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: `device-${protocolVersion}`,
    username: 'fleet',
    password: secret,
    protocolVersion,
    clean: false,
    reconnectPeriod: 0,
    ...(protocolVersion === 5 ? { properties: { sessionExpiryInterval: 3_600 } } : {}),
  });
}

test.each([4, 5] as const)(
  'what mosquitto_pub was told is stored reaches an MQTT.js client of level %i after kill -9, as do retained messages and wills',
  async (level) => {
    server = await startServer();
    const added = await server.cli(['credentials', 'add', '--username', 'fleet', '--json'], '');
    const { secret } = JSON.parse(added.stdout) as { secret: string };
    const first = await device(server.ports.tcp, secret, level);
    await first.subscribeAsync('news/#', { qos: 2 });
    await first.endAsync(true);
    const publish = (...args: string[]) =>
      run('mosquitto_pub', [
        ...['-h', '127.0.0.1', '-p', String(server?.ports.tcp), '-u', 'fleet', '-P', secret, '-V', 'mqttv5'],
        ...args,
      ]);
    await publish('-i', 'p1', '-q', '1', '-t', 'news/one', '-m', 'at least once');
    await publish('-i', 'p2', '-q', '2', '-t', 'news/two', '-m', 'exactly once');
    await publish('-i', 'p3', '-q', '1', '-r', '-t', 'state', '-m', 'kept');
    const mortal = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.ports.tcp}`, {
      clientId: 'mortal',
      username: 'fleet',
      password: secret,
      reconnectPeriod: 0,
      will: { topic: 'news/will', payload: Buffer.from('died with the server'), qos: 1, retain: false },
    });
    await server.kill('SIGKILL');
    mortal.end(true);
    const { dataDir } = server;
    server = await startServer({ dataDir });
    const received = new Map<string, string>();
    const back = mqtt.connect(`mqtt://127.0.0.1:${server.ports.tcp}`, {
      clientId: `device-${level}`,
      username: 'fleet',
      password: secret,
      protocolVersion: level,
      clean: false,
      reconnectPeriod: 0,
      ...(level === 5 ? { properties: { sessionExpiryInterval: 3_600 } } : {}),
    });
    back.on('message', (topic, payload) => received.set(topic, payload.toString()));
    const present = await new Promise<boolean>((resolve) => {
      back.on('connect', ({ sessionPresent }) => {
        resolve(sessionPresent);
      });
    });
    expect(present).toBe(true);
    await back.subscribeAsync('state', { qos: 1 });
    await expect
      .poll(() => Object.fromEntries(received), { timeout: 10_000 })
      .toEqual({
        'news/one': 'at least once',
        'news/two': 'exactly once',
        'news/will': 'died with the server',
        state: 'kept',
      });
    await back.endAsync(true);
  },
);
