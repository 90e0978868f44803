import { admittedByScram, asked, authPacket, BY_SCRAM, ScramPeer } from '../support/scram.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_SCRAM,
  async attempt({ server, api, tag }) {
    const { secret } = await api.createCredential({ type: 'scram', username: tag });
    const client = await admittedByScram(server, tag, new ScramPeer(tag, secret ?? ''));
    const stale = new ScramPeer(tag, 'the password of last year');
    client.send(authPacket(0x19, stale.mechanism, stale.first));
    client.send(authPacket(0x18, stale.mechanism, stale.final(await asked(client))));
    const [last] = await client.closed();
    const code = last?.cmd === 'disconnect' ? (last.reasonCode ?? 0) : 0;
    return { query: `clientId=${tag}`, connack: code };
  },
};
