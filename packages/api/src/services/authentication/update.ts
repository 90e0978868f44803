import type { AuthenticatorDto } from '@gatehouse/contract';
import type { RawAuthenticator } from '@gatehouse/ports';
import { authorize, type Context, writeAudit } from '../../context.ts';
import type { AuthDeps } from '../../house.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { checkSettings } from './check-settings.ts';
import { readAuthenticator } from './get.ts';
import { checkVersion, refuseDeclared } from './guard.ts';
import { join, type Secrets, secretPaths, split } from './secrets.ts';
import { announceSetup } from './setup.ts';
import {
  readStored,
  seal,
  type StoredAuth,
  type StoredAuthenticator,
  unseal,
  writeStored,
} from './stored.ts';

/** Replaces an authenticator's settings; what was sealed and is not written again stays. */
export const updateAuthenticator = async (
  ctx: Context,
  name: string,
  settings: RawAuthenticator,
  ifVersion: number | undefined,
): Promise<AuthenticatorDto> => {
  const actor = authorize(ctx, 'authentication:write');
  const { auth, store, clock } = ctx.house;
  refuseDeclared(auth, `auth.authenticators.${name}`, Object.hasOwn(auth.declared.authenticators, name));
  await store.transaction(async (tx) => {
    const stored = await readStored(tx);
    const current = currentOf(stored, name);
    if (current === undefined) throw new ProblemError('not-found');
    checkVersion(current.version, ifVersion);
    const next = withKept(auth, current, settings);
    checkSettings(auth, join(next.plain, next.secrets));
    const changed: StoredAuthenticator = {
      settings: next.plain,
      sealed: seal(auth.box, next.secrets),
      version: current.version + 1,
      updatedAt: clock.now(),
      previous: { settings: current.settings, sealed: current.sealed },
    };
    await writeStored(tx, { ...stored, authenticators: { ...stored.authenticators, [name]: changed } });
    await writeAudit(tx, ctx, actor, {
      action: 'authenticator.update',
      target: { kind: 'authenticator', id: name, name },
      before: { settings: current.settings },
      after: { settings: next.plain, secrets: Object.keys(next.secrets), secretsWritten: next.written },
    });
  });
  await announceSetup(ctx.house);
  return readAuthenticator(ctx, name);
};

/** `builtin` is there before it is stored. */
function currentOf(stored: StoredAuth, name: string): StoredAuthenticator | undefined {
  const found = stored.authenticators[name];
  if (found !== undefined || name !== 'builtin') return found;
  return { settings: { type: 'builtin' }, sealed: null, version: 0, updatedAt: 0 };
}

/** The settings to be, with the secrets that stay. A type is for ever: its secrets would mean something else. */
export function withKept(
  { catalogue, box }: AuthDeps,
  current: Pick<StoredAuthenticator, 'settings' | 'sealed'>,
  settings: RawAuthenticator,
): { readonly plain: RawAuthenticator; readonly secrets: Secrets; readonly written: readonly string[] } {
  if (settings.type !== current.settings.type) {
    throw invalidField(
      'settings.type',
      `is ${current.settings.type} and stays so: make another authenticator`,
    );
  }
  const { plain, secrets, removed } = split(settings, secretPaths(catalogue, settings.type));
  const kept = Object.entries(unseal(box, current.sealed) ?? {}).filter(([path]) => !removed.includes(path));
  return { plain, secrets: { ...Object.fromEntries(kept), ...secrets }, written: Object.keys(secrets) };
}
