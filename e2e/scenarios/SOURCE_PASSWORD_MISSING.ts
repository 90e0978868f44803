import { paho } from '../support/clients.ts';
import { redisSettings, withRedis } from '../support/redis.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: redisSettings('plain'),
  async attempt({ server, tag }) {
    const connack = await withRedis(async ({ admin }) => {
      await admin.hset(`mqtt_user:${tag}`, { password: 'public' });
      return paho(server.ports.tcp, { clientId: tag, username: tag });
    });
    return { query: `clientId=${tag}`, connack };
  },
};
