import { paho } from '../support/clients.ts';
import { ldapSettings } from '../support/ldap.ts';
import type { Scenario } from '../support/scenario.ts';

/** Privileged, and nobody's: a connection to it is refused. */
const NOBODYS_PORT = 1;

export const scenario: Scenario = {
  settings: ldapSettings({ servers: [`127.0.0.1:${String(NOBODYS_PORT)}`] }),
  async attempt({ server, tag }) {
    const connack = await paho(server.ports.tcp, { clientId: tag, username: tag, password: 'public' });
    return { query: `clientId=${tag}`, connack };
  },
};
