import { mqttJs } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, tag }) {
    const url = `mqtt://127.0.0.1:${String(server.ports.tls)}`;
    await mqttJs(url, { clientId: tag }).catch(() => undefined); // closed without an answer
    return { query: 'reason=PLAIN_ON_TLS_PORT' };
  },
};
