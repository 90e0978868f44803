import { rawBytes } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server }) {
    await rawBytes(server.ports.tcp, Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n'));
    return { query: 'reason=PROTOCOL_NOT_MQTT' };
  },
};
