import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import mqtt, { type IDisconnectPacket, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { runProgram } from '../../../../packages/broker/test/listeners/support.ts';
import { configOf, guidePage } from '../support/guide-page.ts';
import { cli, cliJson, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

/** A server takes a second to start; where many tests share two cores, a good deal more. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** How soon a change must be in force (auth.md §7). */
const IN_FORCE_MS = 1_000;
const page = guidePage('access-rules.md');

const opened: MqttClient[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.endAsync(true)));
});

async function connect(
  server: TestServer,
  clientId: string,
  more: { readonly username?: string; readonly password?: string } = {},
): Promise<MqttClient> {
  const options = { clientId, protocolVersion: 5, reconnectPeriod: 0, ...more } as const;
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.ports.tcp}`, options, false);
  client.on('error', () => undefined);
  opened.push(client);
  return client;
}

/** Whether a QoS 1 publish is taken. */
const mayPublish = async (client: MqttClient, topic: string, retain = false): Promise<boolean> => {
  try {
    const packet = await client.publishAsync(topic, 'x', { qos: 1, retain });
    return packet !== undefined && !('reasonCode' in packet && (packet.reasonCode ?? 0) >= 0x80);
  } catch {
    return false;
  }
};

interface Rule {
  readonly id: string;
}

describe('rules of the store', () => {
  let dataDir: string;
  let server: TestServer;
  beforeAll(async () => {
    dataDir = newDataDir();
    server = await startServer(dataDir, ['auth.anonymous=allow', 'auth.deny_action=disconnect']);
  });
  afterAll(async () => {
    await server.end('SIGTERM');
    removeDataDir(dataDir);
  });
  const rules = async () => (await cliJson<{ items: readonly Rule[] }>(['rules', 'list'], { dataDir })).items;
  afterEach(async () => {
    const ids = (await rules()).map(({ id }) => id);
    if (ids.length > 0) await cli(['rules', 'remove', ...ids], { dataDir });
  });

  test('a new rule reaches an open session within a second: its subscription ends, and it is disconnected with 0x87', async () => {
    const victim = await connect(server, 'victim');
    const bystander = await connect(server, 'bystander');
    await victim.subscribeAsync('plant/#');
    let told: number | undefined;
    victim.on('disconnect', (packet: IDisconnectPacket) => (told = packet.reasonCode));
    await cliJson(['rules', 'add', 'deny', 'plant/#', '--client-id', 'victim'], { dataDir });
    await expect.poll(() => told, { timeout: IN_FORCE_MS, interval: 20 }).toBe(0x87);
    expect(bystander.connected).toBe(true);
  });

  test('rules outlive a restart, and bind mosquitto_pub as any other client', async () => {
    await cliJson(['rules', 'add', 'deny', 'plant/#'], { dataDir });
    await server.end('SIGTERM');
    server = await startServer(dataDir, ['auth.anonymous=allow', 'auth.deny_action=disconnect']);
    const publish = async (topic: string): Promise<number | null> => {
      const target = ['-h', '127.0.0.1', '-p', String(server.ports.tcp), '-V', 'mqttv5'];
      return (await runProgram('mosquitto_pub', [...target, '-q', '1', '-t', topic, '-m', 'x'])).code;
    };
    expect(await publish('plant/x')).not.toBe(0);
    expect(await publish('hall/x')).toBe(0);
  });

  test('the commands of the guide do what it says, in their order', async () => {
    const [script = ''] = page.blocks('sh');
    const commands = script.split('\n').filter((line) => line.startsWith('npx gatehouse '));
    expect(commands.length).toBeGreaterThan(3);
    for (const line of commands) {
      const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
      expect(await cli(words.slice(2), { dataDir })).toMatchObject({ code: 0 });
    }
    const [first, , last] = await rules();
    expect([first, last]).toMatchObject([
      { phase: 'before', who: { tag: 'sensor' }, topics: ['plant/+/set'] },
      { phase: 'after', action: 'subscribe', topics: ['news/#'] },
    ]);
    const moved = await cli(['rules', 'move', first?.id ?? '', '--place', '2'], { dataDir });
    expect(moved.code).toBe(0);
    expect(await rules()).toMatchObject([{ who: { ip: '192.0.2.0/24' } }, { who: { tag: 'sensor' } }, {}]);
    expect((await cli(['rules', 'add', 'perhaps', 'x'], { dataDir })).code).toBe(2);
  });
});

/** Starts a server whose `auth` is that of a page's example. */
async function serverOf(yaml: string, change: (yaml: string) => string = (text) => text) {
  const { auth } = await configOf(change(yaml));
  const dataDir = newDataDir();
  const server = await startServer(dataDir, [`auth=${JSON.stringify(auth)}`]);
  return {
    server,
    stop: async () => {
      await server.end('SIGTERM');
      removeDataDir(dataDir);
    },
  };
}

describe('the guide’s configuration', () => {
  test('declared rules decide by name, address, placeholder and RETAIN, and are locked', async () => {
    const [declared = ''] = page.blocks('yaml');
    const { server, stop } = await serverOf(declared);
    try {
      const operator = await connect(server, 'op-1', { username: 'operator' });
      const device = await connect(server, 'pump-7', { username: 'pump' });
      expect(await mayPublish(operator, 'plant/7/set')).toBe(true);
      expect(await mayPublish(device, 'plant/7/set')).toBe(false);
      expect(await mayPublish(device, 'plant/7/report')).toBe(true);
      expect(await mayPublish(device, 'state/pump-7', true)).toBe(true);
      expect(await mayPublish(device, 'state/pump-8', true)).toBe(false);
      expect(await mayPublish(device, 'state/pump-8')).toBe(true);
      const locked = await cli(['rules', 'add', 'deny', 'x'], { dataDir: server.dataDir });
      expect(locked.code).toBe(1);
      expect(locked.stderr).toContain('declared');
    } finally {
      await stop();
    }
  });

  describe('an HTTP service that is asked about each topic', () => {
    const asked: string[] = [];
    let service: Server;
    beforeAll(async () => {
      service = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          const form = new URLSearchParams(body);
          const topic = form.get('topic') ?? '';
          if (request.url === '/mqtt/acl') asked.push(`${form.get('access') ?? ''} ${topic}`);
          const status = request.url === '/mqtt/auth' || topic.startsWith('mine/') ? 200 : 403;
          response.writeHead(status).end(topic === 'mine/ignored' ? 'ignore' : '');
        });
      }).listen(0, '127.0.0.1');
      await once(service, 'listening');
    });
    afterAll(() => service.close());

    test('allows and denies live, is remembered, and what it does not know is denied by default', async () => {
      const [, asking = ''] = page.blocks('yaml');
      const { port } = service.address() as AddressInfo;
      const { server, stop } = await serverOf(asking, (yaml) => yaml.replaceAll(':8090/', `:${port}/`));
      try {
        const client = await connect(server, 'c', { username: 'u', password: 'p' });
        expect(await mayPublish(client, 'mine/a')).toBe(true);
        expect(await mayPublish(client, 'mine/a')).toBe(true);
        expect(await mayPublish(client, 'other')).toBe(false);
        expect(await mayPublish(client, 'mine/ignored')).toBe(false);
        await client.subscribeAsync('mine/#');
        expect(asked).toEqual(['2 mine/a', '2 other', '2 mine/ignored', '1 mine/#']);
        service.closeAllConnections();
        service.close();
        expect(await mayPublish(client, 'mine/b')).toBe(false);
        expect(client.connected).toBe(true);
      } finally {
        await stop();
      }
    });
  });
});
