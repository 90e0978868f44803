import mqtt, { type IConnackPacket } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { startServer, type Server } from '../support/server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer({ set: ['unauthorized.attempt_reference=false'] });
});
afterAll(() => server.stop());

/** The CONNACK of a client that is refused. */
function refusal(clientId: string): Promise<IConnackPacket> {
  const client = mqtt.connect(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
    clientId,
    username: 'nobody',
    password: 'any',
    protocolVersion: 5,
    reconnectPeriod: 0,
  });
  return new Promise((resolve, reject) => {
    client.on('packetreceive', (packet) => {
      if (packet.cmd === 'connack') resolve(packet);
    });
    client.on('error', () => undefined); // it is refused
    client.once('close', () => {
      reject(new Error('closed without a CONNACK'));
    });
  });
}

test('with unauthorized.attempt_reference: false a refused MQTT 5 client is told its code and no reference, and search finds none', async () => {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const connack = await refusal('untold');
    expect(connack.reasonCode).toBe(0x86);
    expect(connack.properties).toBeUndefined();
  }
  const api = new Api(server);
  const row = await api.row('clientId=untold', ({ attempts }) => attempts === 2);
  const { ref } = await api.detail(row.id);
  const { items } = await api.ok<{ items: readonly { ref: string }[] }>(
    'GET',
    `/unauthorized-clients/${row.id}/attempts`,
  );
  expect(items).toHaveLength(2);
  for (const known of [ref, ...items.map((item) => item.ref)]) {
    expect((await api.refused(`search=${known}`)).items).toEqual([]);
  }
});
