import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './support/broker.ts';

let running: TestBroker;
const clients: MqttClient[] = [];

beforeEach(async () => {
  running = await startBroker({ anonymous: 'deny', credentials: [{ username: 'pump', password: 'right' }] });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  await running.broker.stop();
});

describe.each([
  ['TCP', (): string => `mqtt://127.0.0.1:${running.port}`],
  ['WebSocket', (): string => `ws://127.0.0.1:${running.wsPort}/mqtt`],
])('MQTT.js over %s', (_transport, url) => {
  describe.each([4, 5] as const)('version %i', (protocolVersion) => {
    const connect = async (options: IClientOptions = {}): Promise<MqttClient> => {
      const client = await connectAsync(url(), {
        protocolVersion,
        username: 'pump',
        password: 'right',
        reconnectPeriod: 0,
        ...options,
      });
      clients.push(client);
      return client;
    };

    test.each([0, 1, 2] as const)('messages of 200 kB arrive whole and in order at QoS %i', async (qos) => {
      const subscriber = await connect();
      await subscriber.subscribeAsync('big/#', { qos });
      const received: string[] = [];
      const all = new Promise<void>((resolve) => {
        subscriber.on('message', (topic, payload) => {
          expect(payload.length).toBe(200_000);
          received.push(topic);
          if (received.length === 10) resolve();
        });
      });
      const publisher = await connect();
      const payload = Buffer.alloc(200_000, 7);
      const topics = Array.from({ length: 10 }, (_, index) => `big/${index}`);
      await Promise.all(topics.map((topic) => publisher.publishAsync(topic, payload, { qos })));
      await all;
      expect(received).toEqual(topics);
    });

    test('a wrong password is refused and recorded with its listener', async () => {
      await expect(connect({ password: 'wrong', clientId: 'device-9' })).rejects.toThrow(
        /bad user ?name or password/i,
      );
      expect(running.sink.refusals).toEqual([
        expect.objectContaining({ clientId: 'device-9', reason: 'BASIC_PASSWORD_MISMATCH' }),
      ]);
      expect(running.sink.refusals[0]?.listener).toBe(_transport === 'TCP' ? 'tcp' : 'ws');
    });

    test('request and response with correlation data', async () => {
      if (protocolVersion !== 5) return;
      const responder = await connect();
      const requester = await connect();
      await responder.subscribeAsync('ask');
      await requester.subscribeAsync('answer');
      responder.on('message', (_topic, payload, packet) => {
        const { responseTopic = '', correlationData } = packet.properties ?? {};
        responder.publish(responseTopic, payload, correlationData ? { properties: { correlationData } } : {});
      });
      const answered = new Promise<Buffer | undefined>((resolve) => {
        requester.on('message', (_topic, _payload, packet) => resolve(packet.properties?.correlationData));
      });
      const correlationData = Buffer.from('42');
      await requester.publishAsync('ask', 'x', { properties: { responseTopic: 'answer', correlationData } });
      expect(await answered).toEqual(correlationData);
    });
  });
});
