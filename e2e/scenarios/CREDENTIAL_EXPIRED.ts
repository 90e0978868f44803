import { paho } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, api, tag }) {
    const { secret } = await api.createCredential({ username: tag, expiresAt: '2020-01-01T00:00:00Z' });
    const connack = await paho(server.ports.tcp, { clientId: tag, username: tag, password: secret ?? '' });
    return { query: `clientId=${tag}`, connack };
  },
};
