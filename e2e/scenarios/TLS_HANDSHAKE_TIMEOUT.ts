import { rawBytes } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: ['listeners.tls.handshake_timeout_ms=300'],
  async attempt({ server }) {
    await rawBytes(server.ports.tls, Buffer.from([0x16, 3, 1])); // a record begins, and then nothing
    return { query: 'reason=TLS_HANDSHAKE_TIMEOUT' };
  },
};
