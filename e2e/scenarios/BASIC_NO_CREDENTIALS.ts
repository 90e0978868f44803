import { mosquittoPub } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server, tag }) {
    const result = await mosquittoPub(server.ports.tcp, {
      clientId: tag,
      username: `${tag}-nobody`,
      password: 'wrong',
    });
    return {
      query: `clientId=${tag}`,
      connack: result.stderr.includes('not authorised') || result.code === 5 ? 5 : 4,
    };
  },
};
