import { BY_SCRAM, openWithMethod, refusedCode } from '../support/scram.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_SCRAM,
  async attempt({ server, tag }) {
    const client = await openWithMethod(server, tag, 'GS2-KRB5', Buffer.from('n,,n=user,r=nonce'));
    return { query: `clientId=${tag}`, connack: await refusedCode(client) };
  },
};
