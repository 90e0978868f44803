import { connectPacket, rawBytes } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server }) {
    const answer = await rawBytes(server.ports.tcp, connectPacket({ level: 9, clientId: 'from-the-future' }));
    const code = answer[3];
    return { query: 'reason=PROTOCOL_VERSION_UNSUPPORTED', ...(code === undefined ? {} : { connack: code }) };
  },
};
