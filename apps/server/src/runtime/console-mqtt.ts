import type { ListenerStatus } from '@gatehouse/ports';
import type { Config } from '../config/schema.ts';
import { portOf } from '../data/data-plane.ts';
import { webSocketUrl } from './addresses.ts';
import { listenersOfOwnCa } from './certificate-files.ts';

/** What the console is told of the listener that its own MQTT client uses; empty where there is none that it can. */
export interface MqttForConsole {
  readonly GATEHOUSE_MQTT_URL: string;
  readonly GATEHOUSE_MQTT_CA_FILE: string;
}

/** The plain listener where it is on, else the secure one, if its certificate is one that the console can verify: our own. */
export function mqttForConsole(
  config: Config,
  listeners: readonly ListenerStatus[],
  ownCaFile: string | undefined,
): MqttForConsole {
  const ws = portOf(listeners, 'ws');
  const wss = portOf(listeners, 'wss');
  if (ws !== null) return { GATEHOUSE_MQTT_URL: webSocketUrl(config, 'ws', ws), GATEHOUSE_MQTT_CA_FILE: '' };
  if (wss === null || ownCaFile === undefined || !listenersOfOwnCa(config).includes('wss')) {
    return { GATEHOUSE_MQTT_URL: '', GATEHOUSE_MQTT_CA_FILE: '' };
  }
  return { GATEHOUSE_MQTT_URL: webSocketUrl(config, 'wss', wss), GATEHOUSE_MQTT_CA_FILE: ownCaFile };
}
