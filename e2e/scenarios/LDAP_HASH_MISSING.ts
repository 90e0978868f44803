import { paho } from '../support/clients.ts';
import { directory, ldapSettings } from '../support/ldap.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: ldapSettings(),
  async attempt({ server, tag }) {
    await directory();
    const device = { clientId: tag, username: 'nothing-stored', password: 'public' };
    const connack = await paho(server.ports.tcp, device);
    return { query: `clientId=${tag}`, connack };
  },
};
