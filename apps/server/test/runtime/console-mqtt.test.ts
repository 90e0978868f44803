import type { ListenerStatus } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { mqttForConsole } from '../../src/runtime/console-mqtt.ts';

const listening = (transport: 'ws' | 'wss', port: number): ListenerStatus => ({
  name: transport,
  transport,
  enabled: true,
  host: '0.0.0.0',
  port,
  connections: 0,
});
const WS = listening('ws', 8083);
const WSS = listening('wss', 8084);
const NONE = { GATEHOUSE_MQTT_URL: '', GATEHOUSE_MQTT_CA_FILE: '' };

test('the console goes through the plain WebSocket listener where it is on', () => {
  expect(mqttForConsole(configSchema.parse({}), [WS, WSS], 'ca.crt')).toEqual({
    GATEHOUSE_MQTT_URL: 'http://127.0.0.1:8083/mqtt',
    GATEHOUSE_MQTT_CA_FILE: '',
  });
});

test('it goes through the secure one, with the CA to verify it, where only that is on', () => {
  expect(mqttForConsole(configSchema.parse({}), [WSS], 'ca.crt')).toEqual({
    GATEHOUSE_MQTT_URL: 'https://127.0.0.1:8084/mqtt',
    GATEHOUSE_MQTT_CA_FILE: 'ca.crt',
  });
});

test('it goes nowhere where the certificate is one that it cannot verify, or nothing listens', () => {
  const foreign = configSchema.parse({ listeners: { wss: { key: 'a.key', cert: 'a.crt' } } });
  expect(mqttForConsole(foreign, [WSS], 'ca.crt')).toEqual(NONE);
  expect(mqttForConsole(configSchema.parse({}), [], 'ca.crt')).toEqual(NONE);
});
