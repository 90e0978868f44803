import type { Scenario } from '../support/scenario.ts';
import { webSocketUpgrade } from '../support/web-socket.ts';

export const scenario: Scenario = {
  async attempt({ server }) {
    await webSocketUpgrade(server.ports.ws, { path: '/mqtt' });
    return { query: 'reason=WS_SUBPROTOCOL_MISSING' };
  },
};
