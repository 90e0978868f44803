import { WITH_PSK_AND_PROXY } from '../support/certificates.ts';
import { mosquittoPub } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: WITH_PSK_AND_PROXY,
  async attempt({ server, tag }) {
    await mosquittoPub(server.ports.tcp, { clientId: tag }); // straight, past the load balancer
    return { query: 'reason=PROXY_HEADER_INVALID' };
  },
};
