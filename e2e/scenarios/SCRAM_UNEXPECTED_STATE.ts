import { asked, BY_SCRAM, openWithMethod, refusedCode, ScramPeer } from '../support/scram.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_SCRAM,
  async attempt({ server, tag }) {
    const peer = new ScramPeer(tag, 'any');
    const client = await openWithMethod(server, tag, peer.mechanism, peer.first);
    await asked(client);
    client.send({ cmd: 'publish', topic: 't', payload: 'too soon', qos: 0, dup: false, retain: false });
    return { query: `clientId=${tag}`, connack: await refusedCode(client) };
  },
};
