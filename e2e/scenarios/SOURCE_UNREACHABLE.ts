import { paho } from '../support/clients.ts';
import { redisSettings } from '../support/redis.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: redisSettings('plain'),
  async attempt({ server, tag }) {
    // Nobody listens: no other scenario runs at the same time.
    const connack = await paho(server.ports.tcp, { clientId: tag, username: tag, password: 'public' });
    return { query: `clientId=${tag}`, connack };
  },
};
