import { paho } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, api, tag }) {
    await api.createCredential({ username: tag });
    const connack = await paho(server.ports.tcp, { clientId: tag, username: tag, password: 'wrong' });
    return { query: `clientId=${tag}`, connack };
  },
};
