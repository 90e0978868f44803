import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { paho } from '../support/clients.ts';
import { ldapSettings } from '../support/ldap.ts';
import type { Scenario } from '../support/scenario.ts';

/** Takes connections and never says anything. */
const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
await once(silent, 'listening');
silent.unref();
const { port } = silent.address() as AddressInfo;

export const scenario: Scenario = {
  settings: ldapSettings({
    servers: [`127.0.0.1:${String(port)}`],
    bind_dn: '',
    bind_password: '',
    query_timeout_ms: 200,
  }),
  async attempt({ server, tag }) {
    const connack = await paho(server.ports.tcp, { clientId: tag, username: tag, password: 'public' });
    return { query: `clientId=${tag}`, connack };
  },
};
