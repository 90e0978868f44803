import { WITH_PSK_AND_PROXY } from '../support/certificates.ts';
import { mosquittoPub } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: WITH_PSK_AND_PROXY,
  async attempt({ server, tag }) {
    const key = Buffer.from('9999').toString('hex');
    const psk = ['--psk-identity', 'client1', '--psk', key, '--tls-version', 'tlsv1.2'];
    await mosquittoPub(server.ports.tls, { clientId: tag }, psk);
    return { query: 'reason=PSK_KEY_MISMATCH' };
  },
};
