import { mqttJs } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, api, tag }) {
    const { secret } = await api.createCredential({ username: tag, enabled: false });
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const { code } = await mqttJs(url, {
      clientId: tag,
      username: tag,
      password: secret ?? '',
      protocolVersion: 5,
    });
    return { query: `clientId=${tag}`, connack: code };
  },
};
