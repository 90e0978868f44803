import { createScram, type SafeDetail, type ScramOptions, usernameOf } from '@gatehouse/auth-core';
import { scramSettings, type ScramSettings } from '@gatehouse/contract/authenticators';
import type { AuthenticatorKind } from './kind.ts';
import { NO_BUDGET } from './no-budget.ts';

/** Clients that prove by MQTT 5 enhanced authentication that they know a password, without sending it. */
export const scramKind: AuthenticatorKind<ScramSettings> = {
  settings: scramSettings,
  create: (name, { mechanisms, iterations }, { stored, scram, budget, clock }) => {
    const options: ScramOptions = {
      name,
      mechanisms,
      iterations: iterations ?? scram.iterations,
      credentials: stored.scram,
      crypto: scram.crypto,
      budget,
      clock,
      secret: scram.secret,
    };
    return {
      authenticator: createScram(options),
      rehearsal: createScram({ ...options, budget: NO_BUDGET }),
      methods: mechanisms,
      explain: async (attempt) => explained(options, usernameOf(attempt)),
      close: () => Promise.resolve(),
    };
  },
};

/** Which credential speaks for the name, and what it can be used with; never a key. */
async function explained(
  { credentials, mechanisms }: ScramOptions,
  username: string | undefined,
): Promise<SafeDetail> {
  const offered: SafeDetail = { offered: mechanisms };
  if (username === undefined) return offered;
  const found = await credentials.find(username);
  if (found === 'unavailable') return { ...offered, problem: 'credentials unavailable' };
  if (found === undefined) return { ...offered, credential: 'none' };
  if ('unparsable' in found) return { ...offered, credentialId: found.id, problem: found.unparsable };
  return {
    ...offered,
    credentialId: found.id,
    credential: found.name,
    iterations: Object.values(found.keys).map((keys) => String(keys.iterations)),
    keysFor: Object.keys(found.keys),
  };
}
