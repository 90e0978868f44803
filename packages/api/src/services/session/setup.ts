import { Secret } from '@gatehouse/auth-core';
import type { setupBody } from '@gatehouse/contract';
import type { Actor, Repositories } from '@gatehouse/ports';
import { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { checkPassword } from '../../security/check-password.ts';
import { hashToken, randomToken, sameText } from '../../security/tokens.ts';
import { normalEmail } from './login.ts';
import { openSession, type OpenedSession } from './open-session.ts';

const SETUP_LINK_TTL_MS = 30 * 60_000;
const SETTING = 'setup.link';

/** What is stored of a link: never the token. `withOwner`: it was asked for although there is an owner. */
const storedLink = z.object({ tokenHash: z.string(), expiresAt: z.number(), withOwner: z.boolean() });

export const isSetupNeeded = async (ctx: Context): Promise<boolean> =>
  (await ctx.house.store.users.countOwners()) === 0;

/** Makes a one-time token, voiding the one before; the caller prints it and nobody stores it. */
export const issueLink = async (
  ctx: Context,
  actor: Actor,
): Promise<{ token: string; expiresAt: number }> => {
  const token = randomToken();
  const expiresAt = ctx.house.clock.now() + SETUP_LINK_TTL_MS;
  await ctx.house.store.transaction(async (tx) => {
    const withOwner = (await tx.users.countOwners()) > 0;
    await tx.settings.set(SETTING, { tokenHash: hashToken(token), expiresAt, withOwner });
    await writeAudit(tx, ctx, actor, { action: 'setup.issue-link', target: null, after: { withOwner } });
  });
  return { token, expiresAt };
};

export const issueSetupLink = async (ctx: Context): Promise<{ token: string; expiresAt: number }> => {
  const actor = authorize(ctx, 'local');
  return issueLink(ctx, actor);
};

/** Throws unless the token is that of the link in force. */
const checkLink = async (
  repositories: Pick<Repositories, 'settings' | 'users'>,
  token: string,
  now: number,
): Promise<void> => {
  const parsed = storedLink.safeParse(await repositories.settings.get(SETTING));
  const hasOwner = (await repositories.users.countOwners()) > 0;
  if (hasOwner && !(parsed.success && parsed.data.withOwner)) throw new ProblemError('setup-done');
  const link = parsed.success ? parsed.data : null;
  if (link === null || link.expiresAt <= now || !sameText(link.tokenHash, hashToken(token))) {
    throw new ProblemError('setup-token-invalid');
  }
};

/** Makes the owner account of the link and signs it in. Public: the token is the right to do so. */
export const completeSetup = async (
  ctx: Context,
  input: z.output<typeof setupBody>,
): Promise<OpenedSession> => {
  const { store, clock, hasher } = ctx.house;
  const email = normalEmail(input.email);
  // Asked before the slow hash, so that strangers cannot make the server work; asked again where it counts.
  await checkLink(store, input.token, clock.now());
  checkPassword(input.password, [email, input.name]);
  const { hash } = await hasher.hashChosen(new Secret(input.password));
  return store.transaction(async (tx) => {
    await checkLink(tx, input.token, clock.now());
    await tx.settings.remove(SETTING);
    const made = await tx.users.create(
      { email, name: input.name, role: 'owner', passwordHash: hash },
      clock.now(),
    );
    if (made.result === 'conflict')
      throw new ProblemError('conflict', { detail: 'There is an account with this e-mail.' });
    const actor: Actor = { kind: 'user', id: made.user.id, name: made.user.name };
    await writeAudit(tx, ctx, actor, {
      action: 'user.create',
      target: { kind: 'user', id: made.user.id, name: email },
      after: { email, name: input.name, role: 'owner' },
    });
    return openSession(tx, ctx, made.user);
  });
};
