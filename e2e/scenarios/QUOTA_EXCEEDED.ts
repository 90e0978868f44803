import { mqttJs } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: ['limits.connectionsPerIpMax=1', 'auth.anonymous=allow', 'auth.chains.default=[]'],
  async attempt({ server, tag }) {
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const first = await mqttJs(url, { clientId: `${tag}-1` });
    await mqttJs(url, { clientId: `${tag}-2` }).catch(() => undefined); // closed without a CONNACK
    await first.client.endAsync();
    return { query: 'reason=QUOTA_EXCEEDED' };
  },
};
