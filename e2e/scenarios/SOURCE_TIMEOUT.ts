import { paho } from '../support/clients.ts';
import { redisSettings, withRedis } from '../support/redis.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: redisSettings('plain'),
  async attempt({ server, tag }) {
    const device = { clientId: tag, username: tag, password: 'public' };
    const connack = await withRedis(async ({ program }) => {
      // The connection stands: another client was asked about on it.
      await paho(server.ports.tcp, { ...device, clientId: `${tag}-before` });
      program.signal('SIGSTOP');
      return paho(server.ports.tcp, device);
    });
    return { query: `clientId=${tag}`, connack };
  },
};
