import type { AuthenticatorTestDto, testAuthenticator as testBody } from '@gatehouse/contract';
import type { RawAuthenticator, TryAttempt } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { presentDetail } from '../../present/unauthorized.ts';
import { ProblemError } from '../../problem.ts';
import { checkCertificates, presentTrace, spend } from '../try/run.ts';
import { checkSettings } from './check-settings.ts';
import { join } from './secrets.ts';
import { mergeSetup } from './setup.ts';
import { readStored, type StoredAuth } from './stored.ts';
import { withKept } from './update.ts';

type Input = z.output<typeof testBody>;

/** Tries an authenticator alone, with its settings or with those of a draft; nothing is stored. */
export const testAuthenticator = async (
  ctx: Context,
  name: string,
  input: Input,
): Promise<AuthenticatorTestDto> => {
  const actor = authorize(ctx, 'authentication:write');
  const { auth, store, dataPlane } = ctx.house;
  const raw = settingsToTry(ctx, name, input, await readStored(store));
  checkSettings(auth, raw);
  checkCertificates(input.attempt?.certificate, 'attempt.certificate');
  if (input.attempt !== undefined) await spend(ctx, actor, input.attempt);
  // A draft makes the server call out to where its writer says: the audit tells who did.
  await store.transaction((tx) =>
    writeAudit(tx, ctx, actor, {
      action: 'authenticator.test',
      target: { kind: 'authenticator', id: name, name },
      after: { draft: input.settings !== undefined, client: input.attempt?.clientId ?? null },
    }),
  );
  const { probe, step, explained } = await dataPlane.testAuthenticator(
    name,
    raw,
    input.attempt && attemptOf(input.attempt),
  );
  return {
    probe,
    step: step === null ? null : (presentTrace([step])[0] ?? null),
    explained: explained === null ? null : presentDetail(explained),
  };
};

/** Secrets that a draft leaves out are those that are stored under its name. */
function settingsToTry(
  ctx: Context,
  name: string,
  { settings }: Input,
  stored: StoredAuth,
): RawAuthenticator {
  const { auth } = ctx.house;
  if (settings === undefined) {
    const inForce = mergeSetup(auth, stored).authenticators[name];
    if (inForce === undefined) throw new ProblemError('not-found');
    return inForce;
  }
  const current = stored.authenticators[name];
  if (current === undefined) return settings;
  const { plain, secrets } = withKept(auth, current, settings);
  return join(plain, secrets);
}

const attemptOf = ({ protocol, username, password, ...rest }: NonNullable<Input['attempt']>): TryAttempt => ({
  ...rest,
  username,
  password,
  protocolVersion: protocol,
});
