import { connectPacket, rawBytes } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server }) {
    // [MQTT-3.1.3-8] an empty client ID with CleanSession 0 is refused with code 2 in 3.1.1.
    const answer = await rawBytes(server.ports.tcp, connectPacket({ clientId: '', flags: 0 }));
    return { query: 'reason=PROTOCOL_CLIENT_ID_REJECTED', connack: answer[3] ?? 0 };
  },
};
