import { Secret } from '@gatehouse/auth-core';
import type { acceptInvitation as acceptBody } from '@gatehouse/contract';
import type { Actor, Invitation, Repositories } from '@gatehouse/ports';
import type { z } from 'zod';
import { type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { checkPassword } from '../../security/check-password.ts';
import { hashToken } from '../../security/tokens.ts';
import { mayUsePassword } from '../sso/password-for.ts';
import { openSession, type OpenedSession } from '../session/open-session.ts';

/** The invitation of the token, or a problem that does not say what is wrong with it. */
const findInvitation = async (
  { invitations }: Pick<Repositories, 'invitations'>,
  token: string,
  now: number,
): Promise<Invitation> => {
  const found = await invitations.findByTokenHash(hashToken(token));
  if (found === null || found.expiresAt <= now) throw new ProblemError('invitation-invalid');
  return found;
};

/** Makes the account that somebody was invited to and signs it in. Public: the token is the right to do so, once. */
export const acceptInvitation = async (
  ctx: Context,
  input: z.output<typeof acceptBody>,
): Promise<OpenedSession> => {
  const { store, clock, hasher } = ctx.house;
  // Asked before the slow hash, so that strangers cannot make the server work; asked again where it counts.
  const { email, role: invitedAs } = await findInvitation(store, input.token, clock.now());
  if (!(await mayUsePassword(ctx, invitedAs))) throw new ProblemError('password-off');
  checkPassword(input.password, [email, input.name]);
  const { hash } = await hasher.hashChosen(new Secret(input.password));
  return store.transaction(async (tx) => {
    const { id, role } = await findInvitation(tx, input.token, clock.now());
    if ((await tx.invitations.remove(id)) === null) throw new ProblemError('invitation-invalid');
    const made = await tx.users.create({ email, name: input.name, role, passwordHash: hash }, clock.now());
    if (made.result === 'conflict')
      throw new ProblemError('conflict', { detail: 'There is an account with this e-mail.' });
    const actor: Actor = { kind: 'user', id: made.user.id, name: made.user.name };
    await writeAudit(tx, ctx, actor, {
      action: 'invitation.accept',
      target: { kind: 'user', id: made.user.id, name: email },
      after: { email, name: input.name, role },
    });
    return openSession(tx, ctx, made.user);
  });
};
