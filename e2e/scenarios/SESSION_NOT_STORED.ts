import { mqttJs } from '../support/clients.ts';
import { withFullDisk } from '../support/disk.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, api, tag }) {
    const { secret } = await api.createCredential({ username: tag });
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const device = { clientId: tag, username: tag, password: secret ?? '', clean: false };
    const { code } = await withFullDisk(server, () => mqttJs(url, device));
    return { query: `clientId=${tag}`, connack: code };
  },
};
