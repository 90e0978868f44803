import { mqttJs } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, api, tag }) {
    const rules = [{ permission: 'allow', action: 'publish', topic: `devices/${tag}/#` }];
    const { secret } = await api.createCredential({ username: tag, rules });
    const { code } = await mqttJs(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
      clientId: tag,
      username: tag,
      password: secret ?? '',
      protocolVersion: 5,
      will: { topic: 'somebody/else', payload: Buffer.from('gone'), qos: 0, retain: false },
    });
    return { query: `clientId=${tag}`, connack: code };
  },
};
