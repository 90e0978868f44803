import { paho } from '../support/clients.ts';
import { directory, ldapSettings } from '../support/ldap.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: ldapSettings({ bind_as_user: true }),
  async attempt({ server, tag }) {
    await directory();
    const connack = await paho(server.ports.tcp, {
      clientId: tag,
      username: 'device-1',
      password: 'guess-1',
    });
    return { query: `clientId=${tag}`, connack };
  },
};
