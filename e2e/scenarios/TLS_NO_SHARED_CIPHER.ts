import { openTls } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server }) {
    await openTls(server.ports.wss, { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA256' });
    return { query: 'reason=TLS_NO_SHARED_CIPHER' };
  },
};
