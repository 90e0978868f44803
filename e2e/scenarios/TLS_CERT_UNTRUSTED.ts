import { pki, connectWith, VERIFYING } from '../support/certificates.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: VERIFYING,
  async attempt({ server, tag }) {
    return {
      query: `clientId=${tag}`,
      connack: await connectWith(server, tag, pki.make({ subject: '/CN=workbench' })),
    };
  },
};
