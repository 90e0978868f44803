import mqtt, { type IConnackPacket, type IDisconnectPacket, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cliJson, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

/** A server takes a second to start; where many tests share two cores, a good deal more. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** How soon a change must be in force (auth.md §7). */
const IN_FORCE_MS = 1_000;
const ADMINISTRATIVE_ACTION = 0x98;

interface Blocked {
  readonly id: string;
  readonly hits: number;
  readonly lastHitAt: string | null;
}

let dataDir: string;
let server: TestServer;
const settings = ['auth.anonymous=allow'];
beforeAll(async () => {
  dataDir = newDataDir();
  server = await startServer(dataDir, settings);
});
afterAll(async () => {
  await server.end('SIGKILL');
  removeDataDir(dataDir);
});

const block = (...options: readonly string[]) =>
  cliJson<Blocked>(['blocked', 'add', ...options], { dataDir });
const unblock = (id: string) => cliJson(['blocked', 'remove', id], { dataDir });
const blocked = async (id: string): Promise<Blocked | undefined> =>
  (await cliJson<{ items: readonly Blocked[] }>(['blocked', 'list'], { dataDir })).items.find(
    (one) => one.id === id,
  );

const connect = (clientId: string, protocolVersion: 4 | 5 = 5, username?: string): Promise<MqttClient> =>
  mqtt.connectAsync(
    `mqtt://127.0.0.1:${server.ports.tcp}`,
    { clientId, protocolVersion, reconnectPeriod: 0, ...(username === undefined ? {} : { username }) },
    false,
  );

/** The code of CONNACK; 0: it was let in. */
async function connack(clientId: string, protocolVersion: 4 | 5 = 5): Promise<number> {
  const client = mqtt.connect(`mqtt://127.0.0.1:${server.ports.tcp}`, {
    clientId,
    protocolVersion,
    reconnectPeriod: 0,
  });
  const packet = await new Promise<IConnackPacket>((resolve) => {
    client.on('error', () => undefined);
    client.on('packetreceive', (received) => {
      if (received.cmd === 'connack') resolve(received);
    });
  });
  await client.endAsync(true);
  return (protocolVersion === 5 ? packet.reasonCode : packet.returnCode) ?? 0;
}

describe('a new block', () => {
  test.each([
    ['--client-id', 'victim-id', 'victim-id', undefined],
    ['--username', 'victim-name', 'any-1', 'victim-name'],
    ['--pattern', 'victim-[a-z]+', 'victim-pattern', undefined],
  ])(
    'by %s closes the open session that it meets within a second, with 0x98, and no other',
    async (option, value, clientId, username) => {
      const victim = await connect(clientId, 5, username);
      const bystander = await connect(`bystander${option}`);
      let told: number | undefined;
      let isLost = false;
      victim.on('disconnect', (packet: IDisconnectPacket) => (told = packet.reasonCode));
      victim.on('close', () => (isLost = true));
      const { id } = await block(option, value);
      await expect.poll(() => isLost, { timeout: IN_FORCE_MS, interval: 20 }).toBe(true);
      expect(told).toBe(ADMINISTRATIVE_ACTION);
      expect(bystander.connected).toBe(true);
      await unblock(id);
      await Promise.all([victim.endAsync(true), bystander.endAsync(true)]);
    },
  );

  test('publishes the will of whom it closes', async () => {
    const watcher = await connect('will-watcher');
    await watcher.subscribeAsync('wills');
    const heard = new Promise<string>((resolve) => {
      watcher.on('message', (_topic, payload) => resolve(payload.toString()));
    });
    const victim = await mqtt.connectAsync(
      `mqtt://127.0.0.1:${server.ports.tcp}`,
      {
        clientId: 'willing',
        reconnectPeriod: 0,
        will: { topic: 'wills', payload: Buffer.from('gone'), qos: 0 },
      },
      false,
    );
    const { id } = await block('--client-id', 'willing');
    expect(await heard).toBe('gone');
    await unblock(id);
    await Promise.all([victim.endAsync(true), watcher.endAsync(true)]);
  });

  test('refuses with 0x8A, before MQTT 5 with 5, until it is removed or ends', async () => {
    const { id } = await block('--client-id', 'kept-out');
    expect(await connack('kept-out', 5)).toBe(0x8a);
    expect(await connack('kept-out', 4)).toBe(5);
    expect(await connack('let-in', 5)).toBe(0);
    await unblock(id);
    await expect.poll(() => connack('kept-out'), { timeout: IN_FORCE_MS, interval: 20 }).toBe(0);
    await block('--client-id', 'soon-free', '--expires', '2s');
    expect(await connack('soon-free')).toBe(0x8a);
    await expect.poll(() => connack('soon-free'), { timeout: 10_000, interval: 100 }).toBe(0);
  });

  test('counts what it refuses', async () => {
    const { id } = await block('--client-id', 'counted');
    for (let attempt = 0; attempt < 3; attempt += 1) await connack('counted');
    await expect.poll(async () => (await blocked(id))?.hits, { timeout: 10_000, interval: 100 }).toBe(3);
    expect((await blocked(id))?.lastHitAt).not.toBeNull();
  });
});

describe('blocks and the end of a server', () => {
  test('what was blocked is blocked from the first connection after a restart, and no hit is lost', async () => {
    const { id } = await block('--cidr', '127.0.0.0/8');
    expect(await connack('anybody')).toBe(0x8a);
    await server.end('SIGTERM');
    expect((await blocked(id))?.hits).toBe(1);
    server = await startServer(dataDir, settings);
    expect(await connack('anybody')).toBe(0x8a);
    await unblock(id);
    await expect.poll(() => connack('anybody'), { timeout: IN_FORCE_MS, interval: 20 }).toBe(0);
  });
});
