import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { certificate, type RunningListener, runProgram, startListener, TLS } from './support.ts';

/** Publishes to itself and prints what came back. */
const PAHO = `
import sys, paho.mqtt.client as mqtt
port, version, transport, ca = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
client = mqtt.Client(client_id="paho", protocol=version, transport=transport)
if ca != "-": client.tls_set(ca_certs=ca)
if transport == "websockets": client.ws_set_options(path="/mqtt")
def on_connect(c, u, flags, rc, properties=None): c.subscribe("a/b", 1)
def on_subscribe(c, u, mid, granted, properties=None): c.publish("a/b", "hello", 1)
def on_message(c, u, message): print(message.payload.decode()); c.disconnect()
client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
client.connect("localhost", port, 60)
client.loop_forever()
`;

let home: string;
let ca: string;
let running: RunningListener | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-clients-'));
  ca = join(home, 'ca.pem');
  writeFileSync(ca, certificate.cert);
});
afterEach(async () => {
  await running?.broker.stop();
  running = undefined;
  rmSync(home, { recursive: true, force: true });
});

async function start(transport: 'tcp' | 'tls' | 'ws' | 'wss'): Promise<RunningListener> {
  const isSecure = transport === 'tls' || transport === 'wss';
  running = await startListener({ transport, ...(isSecure ? { tls: TLS } : {}) });
  return running;
}

const transports = ['tcp', 'tls', 'ws', 'wss'] as const;
const versions = [3, 4, 5] as const;
const all = transports.flatMap((transport) => versions.map((version) => ({ transport, version })));

test.each(all)('Python paho of version $version gets its message back over $transport', async (one) => {
  const { port, attempts, sink } = await start(one.transport);
  const kind = one.transport.startsWith('ws') ? 'websockets' : 'tcp';
  const isSecure = one.transport === 'tls' || one.transport === 'wss';
  const args = ['-c', PAHO, String(port), String(one.version), kind, isSecure ? ca : '-'];
  const { stdout, stderr } = await runProgram('/usr/bin/python3', args);
  expect([stdout, stderr]).toEqual(['hello\n', '']);
  expect(attempts[0]).toMatchObject({ protocolVersion: one.version, transport: one.transport });
  expect(sink.refusals).toEqual([]);
});

test.each(all)('MQTT.js of version $version gets its message back over $transport', async (one) => {
  const { port, attempts } = await start(one.transport);
  const [scheme, path] = {
    tcp: ['mqtt', ''],
    tls: ['mqtts', ''],
    ws: ['ws', '/mqtt'],
    wss: ['wss', '/mqtt'],
  }[one.transport] as [string, string];
  const client = await connectAsync(`${scheme}://127.0.0.1:${port}${path}`, {
    ca: certificate.cert,
    protocolVersion: one.version,
    ...(one.version === 3 ? { protocolId: 'MQIsdp' } : {}),
  });
  const arrived = new Promise<string>((resolve) => {
    client.once('message', (_topic, payload) => {
      resolve(payload.toString());
    });
  });
  await client.subscribeAsync('a/b', { qos: 1 });
  await client.publishAsync('a/b', 'hello', { qos: 2 });
  expect(await arrived).toBe('hello');
  await client.endAsync();
  expect(attempts[0]).toMatchObject({ protocolVersion: one.version, transport: one.transport });
});

test.each(['mqttv31', 'mqttv311', 'mqttv5'])(
  'mosquitto of %s publishes and subscribes over TLS',
  async (version) => {
    const { port, broker } = await start('tls');
    const common = [
      '-h',
      'localhost',
      '-p',
      String(port),
      '--cafile',
      ca,
      '-V',
      version,
      '-t',
      'a/b',
      '-q',
      '1',
    ];
    const subscriber = runProgram('mosquitto_sub', [...common, '-C', '1']);
    await expect.poll(() => broker.stats().subscriptions).toBe(1);
    expect((await runProgram('mosquitto_pub', [...common, '-m', 'hello'])).code).toBe(0);
    expect((await subscriber).stdout).toBe('hello\n');
  },
);
