import { rawBytes } from '../support/clients.ts';
import { SHORT_WAITS_AND_ORIGINS, type Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: SHORT_WAITS_AND_ORIGINS,
  async attempt({ server }) {
    await rawBytes(server.ports.tls, Buffer.from([0x16, 3, 1])); // a record begins, and then nothing
    return { query: 'reason=TLS_HANDSHAKE_TIMEOUT' };
  },
};
