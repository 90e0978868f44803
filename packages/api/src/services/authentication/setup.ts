import { isDeepStrictEqual } from 'node:util';
import type { AuthSetup, RawAuthenticator, SecretBox } from '@gatehouse/ports';
import { RULES_PATH } from '../access/rules.ts';
import type { Announcing, AuthDeps, House } from '../../house.ts';
import { join } from './secrets.ts';
import { parseStored, readStored, type StoredAuth, unseal } from './stored.ts';

/** The built-in credentials are there without an entry, and decide where no chain is declared or stored. */
const BUILTIN: RawAuthenticator = { type: 'builtin' };
const DEFAULT_CHAINS: AuthSetup['chains'] = { default: ['builtin'] };

/** A type that no release has: an authenticator of it fails closed, and says so. */
const unreadable = ({ type }: RawAuthenticator): RawAuthenticator => ({
  type: `${type} (secrets unreadable)`,
});

const opened = (box: SecretBox, stored: StoredAuth): AuthSetup['authenticators'] =>
  Object.fromEntries(
    Object.entries(stored.authenticators).map(([name, { settings, sealed }]) => {
      const secrets = unseal(box, sealed);
      return [name, secrets === undefined ? unreadable(settings) : join(settings, secrets)];
    }),
  );

/**
 * The stored authenticators with their secrets, from the record of `settings` that they are kept in; undefined in place
 * of one whose secrets cannot be opened. For a look at a store that is not opened.
 */
export function storedAuthenticators(
  box: SecretBox,
  found: unknown,
): Readonly<Record<string, RawAuthenticator | undefined>> {
  return Object.fromEntries(
    Object.entries(parseStored(found).authenticators).map(([name, { settings, sealed }]) => {
      const secrets = unseal(box, sealed);
      return [name, secrets === undefined ? undefined : join(settings, secrets)];
    }),
  );
}

/** What is in force: the built-in defaults, over them what is stored, over that what the configuration declares. */
export function mergeSetup({ declared, box, defaultAnonymous }: AuthDeps, stored: StoredAuth): AuthSetup {
  return {
    authenticators: { builtin: BUILTIN, ...opened(box, stored), ...declared.authenticators },
    chains: { ...DEFAULT_CHAINS, ...chainsOf(stored), ...declared.chains },
    anonymous: declared.anonymous ?? stored.anonymous?.policy ?? defaultAnonymous,
  };
}

/** What is in force by store and configuration, for the start of the server. */
export async function currentSetup({ store, auth }: Pick<House, 'store' | 'auth'>): Promise<AuthSetup> {
  return mergeSetup(auth, await readStored(store));
}

/** A setting that the configuration declares. */
export interface DeclaredSetting {
  readonly setting: string;
  readonly declaredAt: string;
}

/** What the configuration declares where something else is stored, which then has no effect (auth.md §2). */
export async function replacedByFile({
  store,
  auth: { box, declared },
}: Pick<House, 'store'> & { readonly auth: Pick<AuthDeps, 'box' | 'declared'> }): Promise<
  readonly DeclaredSetting[]
> {
  const stored = await readStored(store);
  const replaced = [
    ...differing('auth.authenticators', declared.authenticators, opened(box, stored)),
    ...differing('auth.chains', declared.chains, chainsOf(stored)),
  ];
  const policy = stored.anonymous?.policy ?? declared.anonymous;
  if (declared.anonymous !== undefined && policy !== declared.anonymous) replaced.push('auth.anonymous');
  if (declared.rules !== undefined && (await store.accessRules.all()).length > 0) replaced.push(RULES_PATH);
  return replaced.map((setting) => ({ setting, declaredAt: declared.where(setting) }));
}

const chainsOf = ({ chains }: StoredAuth): AuthSetup['chains'] =>
  Object.fromEntries(Object.entries(chains).map(([name, { steps }]) => [name, steps]));

const differing = (
  path: string,
  declared: Readonly<Record<string, unknown>>,
  stored: Readonly<Record<string, unknown>>,
): string[] =>
  Object.keys(declared)
    .filter((name) => Object.hasOwn(stored, name) && !isDeepStrictEqual(declared[name], stored[name]))
    .map((name) => `${path}.${name}`);

/** Puts what is stored now in force. */
export async function announceSetup({ store, auth, dataPlane }: Announcing['house']): Promise<void> {
  dataPlane.publish({ kind: 'auth-changed', setup: await currentSetup({ store, auth }) });
}
