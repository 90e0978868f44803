import { connect } from 'node:tls';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  async attempt({ server }) {
    await new Promise<void>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: server.ports.tcp, rejectUnauthorized: false });
      socket.on('error', () => undefined); // the handshake cannot succeed
      socket.on('close', () => {
        resolve();
      });
    });
    return { query: 'reason=TLS_ON_PLAIN_PORT' };
  },
};
