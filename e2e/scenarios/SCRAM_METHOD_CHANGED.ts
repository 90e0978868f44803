import { asked, authPacket, BY_SCRAM, openWithMethod, refusedCode, ScramPeer } from '../support/scram.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_SCRAM,
  async attempt({ server, tag }) {
    const peer = new ScramPeer(tag, 'any', 'SCRAM-SHA-512');
    const client = await openWithMethod(server, tag, peer.mechanism, peer.first);
    client.send(authPacket(0x18, 'SCRAM-SHA-256', peer.final(await asked(client))));
    return { query: `clientId=${tag}`, connack: await refusedCode(client) };
  },
};
