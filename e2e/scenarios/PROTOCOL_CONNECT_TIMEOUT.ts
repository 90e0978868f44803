import { rawBytes } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: ['limits.connectTimeoutMs=300'],
  async attempt({ server }) {
    await rawBytes(server.ports.tcp, Buffer.from([0x10])); // the first byte of a CONNECT, and then nothing
    return { query: 'reason=PROTOCOL_CONNECT_TIMEOUT' };
  },
};
