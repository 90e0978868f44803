import { rawBytes } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server }) {
    // The header alone says 256 MB; nothing is buffered towards it.
    await rawBytes(server.ports.tcp, Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
    return { query: 'reason=PROTOCOL_PACKET_TOO_LARGE' };
  },
};
