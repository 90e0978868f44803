import { SHORT_WAITS_AND_ORIGINS, type Scenario } from '../support/scenario.ts';
import { webSocketUpgrade } from '../support/web-socket.ts';

export const scenario: Scenario = {
  settings: SHORT_WAITS_AND_ORIGINS,
  async attempt({ server }) {
    await webSocketUpgrade(server.ports.ws, {
      path: '/mqtt',
      protocol: 'mqtt',
      origin: 'https://evil.example',
    });
    return { query: 'reason=WS_ORIGIN_DENIED' };
  },
};
