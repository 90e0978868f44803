import { mqttJs } from '../support/clients.ts';
import { BY_SCRAM } from '../support/scram.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_SCRAM,
  async attempt({ server, tag }) {
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const { code } = await mqttJs(url, {
      clientId: tag,
      username: tag,
      password: 'any',
      protocolVersion: 5,
    });
    return { query: `clientId=${tag}`, connack: code };
  },
};
