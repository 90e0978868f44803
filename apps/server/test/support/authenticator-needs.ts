import { systemClock } from '@gatehouse/broker';
import { createHashing } from '@gatehouse/hashing';
import { createCredentialSource } from '../../src/data/credential-source.ts';
import { createStoredCredentials } from '../../src/data/stored-credentials.ts';
import type { AuthenticatorNeeds, RunningAuthenticator } from '../../src/data/authenticators/kind.ts';
import { readAuthenticator } from '../../src/data/authenticators/kinds.ts';
import { NO_BUDGET } from '../../src/data/authenticators/no-budget.ts';

/** A store without credentials. */
export const noCredentials = (): Pick<AuthenticatorNeeds, 'source' | 'stored'> => ({
  source: createCredentialSource({
    lookup: (queries) => Promise.resolve(queries.map(() => [])),
    clock: systemClock,
  }),
  stored: createStoredCredentials({ lookup: () => Promise.resolve([]), clock: systemClock }),
});

/** What authenticators are made of, without credentials in the store; say what differs. */
export function needsOf(differs: Partial<AuthenticatorNeeds> = {}): {
  readonly needs: AuthenticatorNeeds;
  readonly close: () => Promise<void>;
} {
  const hashing = createHashing({ clock: systemClock, workers: 1 });
  const needs: AuthenticatorNeeds = {
    clock: systemClock,
    ...noCredentials(),
    scram: { crypto: hashing.scram, iterations: 4_096, secret: () => new Uint8Array() },
    verifier: hashing.verifier,
    budget: NO_BUDGET,
    preset: '',
    outbound: { allow: [], deny: [] },
    ...differs,
  };
  return { needs, close: () => hashing.close() };
}

/** The authenticator that settings give; throws what is wrong with them. */
export function authenticatorOf(
  name: string,
  raw: { readonly type: string },
  needs: AuthenticatorNeeds,
): RunningAuthenticator {
  const read = readAuthenticator(raw);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.create(name, needs);
}

/** Which settings are wrong, and what is accepted instead. */
export function problemsOf(
  raw: { readonly type: string } & Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const read = readAuthenticator(raw);
  return 'problems' in read
    ? Object.fromEntries(read.problems.map(({ path, found, accepted }) => [path, `${found} / ${accepted}`]))
    : {};
}
