import { withoutCredentialTable } from '../support/database.ts';
import { paho } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, api, tag }) {
    // A credential that exists: nobody is asked about a stranger (docs/adr/0015).
    await api.createCredential({ username: tag });
    const device = { clientId: tag, username: tag, password: 'any' };
    const connack = await withoutCredentialTable(server, () => paho(server.ports.tcp, device));
    return { query: `clientId=${tag}`, connack };
  },
};
