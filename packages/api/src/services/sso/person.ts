import type { Role } from '@gatehouse/contract';
import type { ProvenIdentity, Repositories, User, UserIdentity } from '@gatehouse/ports';
import { type Context, SYSTEM_ACTOR, writeAudit } from '../../context.ts';
import type { SsoSettings } from '../../house.ts';
import { ProblemError } from '../../problem.ts';
import { normalEmail } from '../session/login.ts';
import { isLastOwner } from '../users/update.ts';
import { checkDomain, mappedRole } from './role.ts';

/** The role that the provider gives now, put into the account. The last owner stays one, whatever the provider says. */
const followRole = async (tx: Repositories, ctx: Context, user: User, role: Role): Promise<User> => {
  if (role === user.role || (await isLastOwner(tx, user))) return user;
  const after = await tx.users.update(user.id, { role }, ctx.house.clock.now());
  if (after === null) throw new ProblemError('not-found');
  // Sessions end with the rights they were opened under (ASVS 7.4).
  await tx.userSessions.removeForUser(user.id);
  await writeAudit(tx, ctx, SYSTEM_ACTOR, {
    action: 'user.update',
    target: { kind: 'user', id: user.id, name: user.email },
    before: { role: user.role },
    after: { role, by: 'identity provider' },
  });
  return after;
};

const admitKnown = async (
  tx: Repositories,
  ctx: Context,
  known: UserIdentity,
  role: Role | null,
  settings: SsoSettings,
): Promise<User> => {
  const user = await tx.users.get(known.userId);
  if (user?.enabled !== true) throw new ProblemError('sso-account-disabled');
  await tx.userIdentities.touch(known.issuer, known.subject, ctx.house.clock.now());
  if (settings.roles.length === 0) return user;
  if (role === null) throw new ProblemError('sso-no-role');
  return followRole(tx, ctx, user, role);
};

/** Makes the account of somebody who comes for the first time: invited by the verified address, or let in by a role. */
const admitNew = async (
  tx: Repositories,
  ctx: Context,
  identity: ProvenIdentity,
  role: Role | null,
  settings: SsoSettings,
): Promise<User> => {
  const now = ctx.house.clock.now();
  if (identity.email === null || !identity.emailVerified) throw new ProblemError('sso-email-unverified');
  const email = normalEmail(identity.email);
  // An address alone proves nothing about an account that is there: its owner links it, signed in.
  if ((await tx.users.findForLogin(email)) !== null) throw new ProblemError('sso-account-exists');
  const invited = (await tx.invitations.list()).find((one) => one.email === email && one.expiresAt > now);
  if (invited === undefined && settings.accounts === 'invited') throw new ProblemError('sso-not-invited');
  const given = settings.roles.length === 0 ? (invited?.role ?? role) : role;
  if (given === null) throw new ProblemError('sso-no-role');
  if (invited !== undefined) await tx.invitations.remove(invited.id);
  const name = identity.name ?? email;
  const made = await tx.users.create({ email, name, role: given, passwordHash: null }, now);
  if (made.result === 'conflict') throw new ProblemError('sso-account-exists');
  await linkTo(tx, ctx, made.user, identity);
  await writeAudit(
    tx,
    ctx,
    { kind: 'user', id: made.user.id, name },
    {
      action: invited === undefined ? 'user.create' : 'invitation.accept',
      target: { kind: 'user', id: made.user.id, name: email },
      after: { email, name, role: given, issuer: identity.issuer, subject: identity.subject },
    },
  );
  return made.user;
};

/** Says that this identity is that person. */
export const linkTo = async (
  tx: Repositories,
  { house }: Context,
  user: User,
  { issuer, subject, email }: ProvenIdentity,
): Promise<void> => {
  const now = house.clock.now();
  const isLinked = await tx.userIdentities.link({
    issuer,
    subject,
    userId: user.id,
    email,
    linkedAt: now,
    lastUsedAt: now,
  });
  if (!isLinked)
    throw new ProblemError('conflict', { detail: 'This identity, or this account, is linked already.' });
};

/** The account of an identity, by issuer and subject and never by its address alone; or why there is none. */
export const admitPerson = async (
  tx: Repositories,
  ctx: Context,
  identity: ProvenIdentity,
  settings: SsoSettings,
): Promise<User> => {
  checkDomain(settings, identity);
  const role = mappedRole(settings, identity.roleValues);
  const known = await tx.userIdentities.find(identity.issuer, identity.subject);
  return known === null
    ? admitNew(tx, ctx, identity, role, settings)
    : admitKnown(tx, ctx, known, role, settings);
};
