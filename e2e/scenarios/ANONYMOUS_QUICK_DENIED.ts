import { paho } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: ['auth.anonymous=quick_deny'],
  async attempt({ server, tag }) {
    return { query: `clientId=${tag}`, connack: await paho(server.ports.tcp, { clientId: tag }) };
  },
};
