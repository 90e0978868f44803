import { rawBytes } from '../support/clients.ts';
import { SHORT_WAITS_AND_ORIGINS, type Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: SHORT_WAITS_AND_ORIGINS,
  async attempt({ server }) {
    await rawBytes(server.ports.tcp, Buffer.from([0x10])); // the first byte of a CONNECT, and then nothing
    return { query: 'reason=PROTOCOL_CONNECT_TIMEOUT' };
  },
};
