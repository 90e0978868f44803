import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** As EMQX 4.3 asks it: everybody gets a space of the username's, but `outside`. */
const service: HttpServer = createServer((request, response) => {
  void text(request).then((body) => {
    const username = new URLSearchParams(body).get('username') ?? '';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(username === 'outside' ? '' : JSON.stringify({ mountpoint: 'tenants/%u/' }));
  });
});

let server: Server;
let settings: readonly string[];
const clients: MqttClient[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((service.address() as AddressInfo).port)}/mqtt/auth`;
  settings = [
    `auth.authenticators.service={type: http, contract: status, url: "${url}"}`,
    'auth.chains.default=[service]',
  ];
  server = await startServer({ set: settings });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.endAsync(true)));
  await server.stop();
  rmSync(server.dataDir, { recursive: true, force: true });
  service.close();
});

async function connect(username: string, clientId: string, options: IClientOptions = {}) {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
    username,
    clientId,
    password: 'any',
    reconnectPeriod: 0,
    ...options,
  });
  clients.push(client);
  return client;
}

/** The next messages of a client, as `topic payload`. */
function heard(client: MqttClient, count: number): Promise<readonly string[]> {
  const messages: string[] = [];
  return new Promise((resolve) => {
    client.on('message', (topic, payload) => {
      messages.push(`${topic} ${payload.toString()}`);
      if (messages.length === count) resolve(messages);
    });
  });
}

describe.each([4, 5] as const)('a tenant of a service that answers with a mountpoint, MQTT %i', (version) => {
  const name = `v${String(version)}`;
  const join = (username: string, clientId: string, options: IClientOptions = {}) =>
    connect(username, `${name}-${clientId}`, { protocolVersion: version, ...options });

  test('lives under its own names, which others know in full: live, retained, shared and by its will', async () => {
    const outside = await join('outside', 'watcher');
    await outside.subscribeAsync(`tenants/${name}/#`, { qos: 1 });
    const outsideHears = heard(outside, 3);
    const will = { topic: 'gone', payload: Buffer.from('w'), qos: 1, retain: false } as const;
    const inside = await join(name, 'a', { will });
    await inside.publishAsync('state', 'kept', { qos: 1, retain: true });

    const peer = await join(name, 'b');
    const peerHears = heard(peer, 4);
    await peer.subscribeAsync('#', { qos: 1 });
    await peer.subscribeAsync('$share/workers/jobs/+', { qos: 1 });
    await outside.publishAsync('elsewhere', 'no', { qos: 1 });
    await outside.publishAsync('tenants', 'no', { qos: 1 });
    await inside.publishAsync('jobs/1', 'live', { qos: 1 });
    inside.stream.destroy();

    const told = await peerHears;
    expect([...told].sort()).toEqual(['gone w', 'jobs/1 live', 'jobs/1 live', 'state kept']);
    expect(await outsideHears).toEqual([
      `tenants/${name}/state kept`,
      `tenants/${name}/jobs/1 live`,
      `tenants/${name}/gone w`,
    ]);
  });

  test('is seen with its mountpoint in the API', async () => {
    const inside = await join(name, 'seen');
    await inside.subscribeAsync('x/#');
    const api = new Api(server);
    expect(await api.ok('GET', `/clients/${name}-seen`)).toMatchObject({ mountpoint: `tenants/${name}/` });
    expect(
      await api.ok('GET', `/subscriptions?topic=tenants/${name}/x/1&clientId=eq:${name}-seen`),
    ).toMatchObject({
      items: [{ filter: 'x/#', mountpoint: `tenants/${name}/` }],
    });
  });

  test('is refused with a username that would reach into another space', async () => {
    for (const username of ['a/b', '+', '#']) {
      await expect(join(username, `hostile-${username}`)).rejects.toMatchObject({
        code: version === 5 ? 0x87 : 5,
      });
    }
    const recorded = await until('three refusals are recorded', async () => {
      const { items } = await new Api(server).refused(`clientId=contains:${name}-hostile`);
      return items.length === 3 ? items : undefined;
    });
    expect(recorded.map(({ reason }) => reason)).toEqual(['HTTP_DENIED', 'HTTP_DENIED', 'HTTP_DENIED']);
    expect(recorded[0]?.detail).toMatchObject({ problem: expect.stringContaining('mountpoint') as string });
  });
});

test('what waits for a tenant outlives kill -9, and comes under its own name', async () => {
  const stay: IClientOptions = { clean: false };
  const first = await connect('kept', 'kept-device', stay);
  await first.subscribeAsync('x/#', { qos: 1 });
  await first.endAsync();
  const outside = await connect('outside', 'kept-sender');
  await outside.publishAsync('tenants/kept/x/1', 'waits', { qos: 1 });
  await server.kill('SIGKILL');
  server = await startServer({ dataDir: server.dataDir, set: settings });
  const again = mqtt.connect(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
    username: 'kept',
    clientId: 'kept-device',
    password: 'any',
    reconnectPeriod: 0,
    ...stay,
  });
  clients.push(again);
  expect(await heard(again, 1)).toEqual(['x/1 waits']);
});
