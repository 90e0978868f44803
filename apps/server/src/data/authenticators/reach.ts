import { systemClock } from '@gatehouse/broker';
import { createHashing } from '@gatehouse/hashing';
import type { BackendProbe, RawAuthenticator } from '@gatehouse/ports';
import type { Config } from '../../config/schema.ts';
import { createCredentialSource } from '../credential-source.ts';
import { createStoredCredentials } from '../stored-credentials.ts';
import { testSettings } from './inspect.ts';
import { NO_BUDGET } from './no-budget.ts';

/** Reaches the backend of these settings once, for `gatehouse check`; null where there is none. */
export async function reachBackend(
  config: Config,
  name: string,
  raw: RawAuthenticator,
): Promise<BackendProbe | null> {
  const clock = systemClock;
  const hashing = createHashing({ clock, workers: 1 });
  // Nobody is asked about: there are no credentials to look up.
  const source = createCredentialSource({
    lookup: (queries) => Promise.resolve(queries.map(() => [])),
    clock,
  });
  const { verifier, scram: crypto } = hashing;
  try {
    const needs = {
      clock,
      source,
      stored: createStoredCredentials({ lookup: () => Promise.resolve([]), clock }),
      verifier,
      scram: { crypto, iterations: config.auth.scram_iterations, secret: () => new Uint8Array() },
      budget: NO_BUDGET,
      outbound: config.outbound,
      preset: config.auth.preset,
    };
    return (await testSettings(name, raw, undefined, needs)).probe;
  } finally {
    await hashing.close();
  }
}
