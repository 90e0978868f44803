import { rawBytes } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

/** A whole handshake message that is no ClientHello, in a record of its own. */
const NO_HELLO = Buffer.from([0x16, 3, 1, 0, 8, 2, 0, 0, 4, 3, 3, 0, 0]);

export const scenario: Scenario = {
  async attempt({ server }) {
    await rawBytes(server.ports.tls, NO_HELLO);
    return { query: 'reason=TLS_HANDSHAKE_FAILED' };
  },
};
