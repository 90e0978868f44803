import { mosquittoPub } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, tag }) {
    // The public authorities know nothing of the one that the server made for itself.
    await mosquittoPub(server.ports.tls, { clientId: tag }, ['--capath', '/etc/ssl/certs']);
    return { query: 'reason=TLS_SERVER_CERT_REJECTED' };
  },
};
