import { middle, pki, connectWith, BY_X509 } from '../support/certificates.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_X509,
  async attempt({ server, tag }) {
    return {
      query: `clientId=${tag}`,
      connack: await connectWith(server, tag, pki.make({ subject: '/CN=pump-7', issuer: middle })),
    };
  },
};
