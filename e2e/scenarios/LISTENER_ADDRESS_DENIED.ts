import { once } from 'node:events';
import { connect } from 'node:net';
import { SHORT_WAITS_AND_ORIGINS, type Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: SHORT_WAITS_AND_ORIGINS,
  async attempt({ server }) {
    const socket = connect({ port: server.ports.tcp, host: '127.0.0.1', localAddress: '127.0.0.9' });
    socket.on('error', () => undefined).resume();
    await once(socket, 'close');
    return { query: 'reason=LISTENER_ADDRESS_DENIED' };
  },
};
