import { mqttJs } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, api, tag }) {
    const owner = await api.createCredential({ username: `${tag}-owner` });
    const other = await api.createCredential({ username: `${tag}-other` });
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const shared = { clientId: tag, protocolVersion: 5 as const };
    const first = await mqttJs(url, { ...shared, username: `${tag}-owner`, password: owner.secret ?? '' });
    const second = await mqttJs(url, { ...shared, username: `${tag}-other`, password: other.secret ?? '' });
    await first.client.endAsync();
    return { query: `clientId=${tag}`, connack: second.code };
  },
};
