import { BY_X509 } from '../support/certificates.ts';
import { mqttJs } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_X509,
  async attempt({ server, tag }) {
    const { code, client } = await mqttJs(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, { clientId: tag });
    client.end(true);
    return { query: `clientId=${tag}`, connack: code };
  },
};
