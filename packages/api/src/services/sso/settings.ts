import type {
  PasswordFor,
  ProviderStatusDto,
  SignInOptionsDto,
  SignInSettingsDto,
} from '@gatehouse/contract';
import { authorize, authorizePerson, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { PASSWORD_FOR_SETTING, passwordFor } from './password-for.ts';
import { redirectUrl, ssoOf, ssoOrigin } from './pending.ts';

/** Public: what the sign-in page shows. */
export const getSignInOptions = async (ctx: Context): Promise<SignInOptionsDto> => {
  const { sso } = ctx.house;
  return {
    passwordFor: await passwordFor(ctx),
    sso: sso === undefined ? null : { label: sso.settings.label, origin: ssoOrigin(ctx) },
  };
};

export const getSignInSettings = async (ctx: Context): Promise<SignInSettingsDto> => {
  authorize(ctx, 'users:read');
  const { sso, store } = ctx.house;
  const linked = new Set((await store.userIdentities.list()).map(({ userId }) => userId)).size;
  return {
    passwordFor: await passwordFor(ctx),
    linked,
    provider:
      sso === undefined
        ? null
        : {
            ...sso.settings,
            scopes: [...sso.settings.scopes],
            emailDomains: [...sso.settings.emailDomains],
            roles: [...sso.settings.roles],
            redirectUrl: redirectUrl(ctx),
          },
  };
};

/** Says who may sign in with a password. Owners always may, so nobody is locked out by a provider that is down. */
export const updateSignIn = async (
  ctx: Context,
  input: { readonly passwordFor: PasswordFor },
): Promise<SignInSettingsDto> => {
  const actor = authorize(ctx, 'users:write');
  if (input.passwordFor === 'owners') ssoOf(ctx);
  const before = await passwordFor(ctx);
  await ctx.house.store.transaction(async (tx) => {
    const owners = (await tx.users.list()).filter((one) => one.role === 'owner' && one.enabled);
    if (input.passwordFor === 'owners' && !owners.some((one) => one.hasPassword))
      throw new ProblemError('last-owner', { detail: 'No owner has a password to get in with.' });
    await tx.settings.set(PASSWORD_FOR_SETTING, input.passwordFor);
    await writeAudit(tx, ctx, actor, {
      action: 'sign-in.update',
      target: { kind: 'setting', id: PASSWORD_FOR_SETTING, name: 'password sign-in' },
      before: { passwordFor: before },
      after: { passwordFor: input.passwordFor },
    });
  });
  return getSignInSettings(ctx);
};

export const getProviderStatus = async (ctx: Context): Promise<ProviderStatusDto> => {
  authorize(ctx, 'users:read');
  const found = await ssoOf(ctx).provider.probe();
  return 'failure' in found ? { ok: false, problem: found.problem } : { ok: true, problem: null };
};

/** The password alone signs the person in from then on; what else was signed in ends. */
export const unlinkIdentity = async (ctx: Context): Promise<void> => {
  const { user, session, actor } = authorizePerson(ctx);
  if (!user.hasPassword) throw new ProblemError('no-password');
  await ctx.house.store.transaction(async (tx) => {
    if ((await tx.userIdentities.unlink(user.id)) === 0) throw new ProblemError('not-found');
    const sessionsEnded = await tx.userSessions.removeForUser(user.id, session.id);
    await writeAudit(tx, ctx, actor, {
      action: 'account.unlink-identity',
      target: { kind: 'user', id: user.id, name: user.email },
      after: { sessionsEnded },
    });
  });
};
