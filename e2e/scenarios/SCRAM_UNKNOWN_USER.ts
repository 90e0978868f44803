import { BY_SCRAM, mqttJsByScram, ScramPeer } from '../support/scram.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_SCRAM,
  async attempt({ server, tag }) {
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const { code } = await mqttJsByScram(url, tag, new ScramPeer(tag, 'any'));
    return { query: `clientId=${tag}`, connack: code };
  },
};
