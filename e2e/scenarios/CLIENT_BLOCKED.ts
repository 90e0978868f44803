import { mqttJs } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, api, tag }) {
    // A superuser with the right password: blocks come before the chain and exempt nobody.
    const { secret } = await api.createCredential({ username: tag, superuser: true });
    const { code: exit, stderr } = await server.cli(['blocked', 'add', '--username', tag]);
    if (exit !== 0) throw new Error(stderr);
    const { code } = await mqttJs(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
      clientId: tag,
      username: tag,
      password: secret ?? '',
      protocolVersion: 5,
    });
    return { query: `clientId=${tag}`, connack: code };
  },
};
