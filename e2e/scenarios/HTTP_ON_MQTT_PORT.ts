import { rawBytes } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server }) {
    await rawBytes(server.ports.tcp, Buffer.from('GET / HTTP/1.1\r\nHost: broker\r\n\r\n'));
    return { query: 'reason=HTTP_ON_MQTT_PORT' };
  },
};
