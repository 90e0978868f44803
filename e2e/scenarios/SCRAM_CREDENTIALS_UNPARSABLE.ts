import { damageScramKeys } from '../support/database.ts';
import { BY_SCRAM, mqttJsByScram, ScramPeer } from '../support/scram.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_SCRAM,
  async attempt({ server, api, tag }) {
    const { id, secret } = await api.createCredential({ type: 'scram', username: tag });
    damageScramKeys(server, id);
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const { code } = await mqttJsByScram(url, tag, new ScramPeer(tag, secret ?? ''));
    return { query: `clientId=${tag}`, connack: code };
  },
};
