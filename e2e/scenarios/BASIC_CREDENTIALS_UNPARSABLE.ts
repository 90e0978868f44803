import { damageCredential } from '../support/database.ts';
import { mosquittoPub } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, api, tag }) {
    const credential = await api.createCredential({ username: tag });
    damageCredential(server, credential.id);
    await mosquittoPub(server.ports.tcp, { clientId: tag, username: tag, password: 'any' });
    return { query: `clientId=${tag}` };
  },
};
