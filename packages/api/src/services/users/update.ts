import { Secret } from '@gatehouse/auth-core';
import type { updateUser as updateBody, UserDto } from '@gatehouse/contract';
import type { Repositories, User } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { defined } from '../../present/defined.ts';
import { presentUser } from '../../present/people.ts';
import { ProblemError } from '../../problem.ts';
import { checkPassword } from '../../security/check-password.ts';

type Input = z.output<typeof updateBody>;

/**
 * Whether the person is the last who surely gets in: an enabled owner with a password, whom no failing identity provider
 * keeps out.
 */
export const isLastOwner = async (tx: Pick<Repositories, 'users'>, user: User): Promise<boolean> => {
  const getsIn = (one: User): boolean => one.role === 'owner' && one.enabled && one.hasPassword;
  if (!getsIn(user)) return false;
  return !(await tx.users.list()).some((one) => one.id !== user.id && getsIn(one));
};

/** Throws when no enabled owner with a password would be left. */
export const keepAnOwner = async (tx: Repositories, user: User, staysOwner: boolean): Promise<void> => {
  if (!staysOwner && (await isLastOwner(tx, user))) throw new ProblemError('last-owner');
};

const audited = (user: User) => ({ name: user.name, role: user.role, enabled: user.enabled });

/** Sessions end with the rights they were opened under: disabled, another role, another password (ASVS 7.4). */
const endsSessions = (before: User, after: User, input: Input): boolean =>
  !after.enabled || before.role !== after.role || input.password !== undefined;

/** Whoever changes their own password stays signed in where they did it. */
const ownSession = ({ caller }: Context, id: string): string | undefined =>
  caller.kind === 'user' && caller.user.id === id ? caller.session.id : undefined;

export const updateUser = async (ctx: Context, id: string, input: Input): Promise<UserDto> => {
  const actor = authorize(ctx, 'users:write');
  const { store, hasher, clock } = ctx.house;
  const known = await store.users.get(id);
  if (known === null) throw new ProblemError('not-found');
  const { password, ...rest } = input;
  if (password !== undefined) checkPassword(password, [known.email, input.name ?? known.name]);
  const passwordHash =
    password === undefined ? undefined : (await hasher.hashChosen(new Secret(password))).hash;
  return store.transaction(async (tx) => {
    const before = await tx.users.get(id);
    if (before === null) throw new ProblemError('not-found');
    await keepAnOwner(tx, before, (input.role ?? 'owner') === 'owner' && (input.enabled ?? true));
    const after = await tx.users.update(id, defined({ ...rest, passwordHash }), clock.now());
    if (after === null) throw new ProblemError('not-found');
    if (endsSessions(before, after, input)) {
      await tx.userSessions.removeForUser(id, after.enabled ? ownSession(ctx, id) : undefined);
    }
    await writeAudit(tx, ctx, actor, {
      action: 'user.update',
      target: { kind: 'user', id, name: after.email },
      before: audited(before),
      after: { ...audited(after), passwordChanged: password !== undefined },
    });
    return presentUser(after);
  });
};
