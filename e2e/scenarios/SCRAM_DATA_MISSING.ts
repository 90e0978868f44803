import { BY_SCRAM, openWithMethod, refusedCode } from '../support/scram.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_SCRAM,
  async attempt({ server, tag }) {
    const client = await openWithMethod(server, tag, 'SCRAM-SHA-256');
    return { query: `clientId=${tag}`, connack: await refusedCode(client) };
  },
};
