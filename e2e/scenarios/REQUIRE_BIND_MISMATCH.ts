import { connectWith, middle, pki, REQUIRING_BOTH } from '../support/certificates.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: REQUIRING_BOTH,
  async attempt({ server, api, tag }) {
    const { secret } = await api.createCredential({ username: tag });
    const certificate = pki.make({ subject: '/CN=pump-1', issuer: middle });
    const login = { username: tag, password: secret ?? '' };
    return { query: `clientId=${tag}`, connack: await connectWith(server, tag, certificate, login) };
  },
};
