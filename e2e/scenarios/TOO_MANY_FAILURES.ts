import { connectPacket, rawBytes } from '../support/clients.ts';
import type { Scenario } from '../support/scenario.ts';

const GUESSES = 40;

export const scenario: Scenario = {
  async attempt({ server, api, tag }) {
    await api.createCredential({ username: tag });
    let last: Uint8Array = new Uint8Array();
    for (let guess = 0; guess < GUESSES; guess += 1) {
      const packet = connectPacket({ clientId: tag, username: tag, password: `guess-${String(guess)}` });
      last = await rawBytes(server.ports.tcp, packet);
    }
    return { query: `clientId=${tag}`, connack: last[3] ?? 0 };
  },
};
