import { mqttJs } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, tag }) {
    const { code } = await mqttJs(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
      clientId: tag,
      protocolVersion: 5,
      properties: {
        authenticationMethod: 'SCRAM-SHA-256',
        authenticationData: Buffer.from('n,,n=user,r=nonce'),
      },
    });
    return { query: `clientId=${tag}`, connack: code };
  },
};
