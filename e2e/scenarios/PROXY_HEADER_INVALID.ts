import { mosquittoPub } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: ['listeners.tcp.proxy_protocol=true'],
  async attempt({ server, tag }) {
    await mosquittoPub(server.ports.tcp, { clientId: tag }); // straight, past the load balancer
    return { query: 'reason=PROXY_HEADER_INVALID' };
  },
};
