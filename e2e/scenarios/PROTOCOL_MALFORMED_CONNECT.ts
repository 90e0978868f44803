import { connectPacket, rawBytes } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server }) {
    const invalidUtf8 = Buffer.from([0x70, 0xff, 0xfe, 0x37]);
    await rawBytes(server.ports.tcp, connectPacket({ clientId: invalidUtf8 }));
    return { query: 'reason=PROTOCOL_MALFORMED_CONNECT' };
  },
};
