import { randomUUID } from 'node:crypto';
import type {
  createInvitation as createBody,
  CreatedInvitationDto,
  InvitationDto,
} from '@gatehouse/contract';
import type { Invitation } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';
import { hashToken, randomToken } from '../../security/tokens.ts';
import { normalEmail } from '../session/login.ts';

const INVITATION_MS = 7 * 86_400_000;

const present = (one: Invitation): InvitationDto => ({
  id: one.id,
  email: one.email,
  role: one.role,
  createdAt: iso(one.createdAt),
  createdBy: one.createdBy,
  expiresAt: iso(one.expiresAt),
});

export const listInvitations = async (ctx: Context): Promise<{ items: InvitationDto[] }> => {
  authorize(ctx, 'users:read');
  const now = ctx.house.clock.now();
  const open = (await ctx.house.store.invitations.list()).filter((one) => one.expiresAt > now);
  return { items: open.map(present) };
};

/** Makes the link's token, told this once; it voids the one that the address had. */
export const createInvitation = async (
  ctx: Context,
  input: z.output<typeof createBody>,
): Promise<CreatedInvitationDto> => {
  const actor = authorize(ctx, 'users:write');
  const email = normalEmail(input.email);
  const now = ctx.house.clock.now();
  const token = randomToken();
  const invitation: Invitation = {
    id: randomUUID(),
    email,
    role: input.role,
    createdAt: now,
    createdBy: actor.name,
    expiresAt: now + INVITATION_MS,
  };
  await ctx.house.store.transaction(async (tx) => {
    if ((await tx.users.findForLogin(email)) !== null)
      throw new ProblemError('conflict', { detail: 'There is an account with this e-mail.' });
    await tx.invitations.removeExpired(now);
    await tx.invitations.put({ ...invitation, tokenHash: hashToken(token) });
    await writeAudit(tx, ctx, actor, {
      action: 'invitation.create',
      target: { kind: 'invitation', id: invitation.id, name: email },
      after: { email, role: input.role },
    });
  });
  return { ...present(invitation), token };
};

export const deleteInvitation = async (ctx: Context, id: string): Promise<void> => {
  const actor = authorize(ctx, 'users:write');
  await ctx.house.store.transaction(async (tx) => {
    const gone = await tx.invitations.remove(id);
    if (gone === null) throw new ProblemError('not-found');
    await writeAudit(tx, ctx, actor, {
      action: 'invitation.delete',
      target: { kind: 'invitation', id, name: gone.email },
      before: { email: gone.email, role: gone.role },
    });
  });
};
