import { paho } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: ['auth.chains.default=[]'],
  async attempt({ server, tag }) {
    const device = { clientId: tag, username: tag, password: 'any' };
    return { query: `clientId=${tag}`, connack: await paho(server.ports.tcp, device) };
  },
};
