import { Secret } from '@gatehouse/auth-core';
import type { createUser as createBody, UserDto } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { presentUser } from '../../present/people.ts';
import { ProblemError } from '../../problem.ts';
import { checkPassword } from '../../security/check-password.ts';
import { normalEmail } from '../session/login.ts';

export const createUser = async (ctx: Context, input: z.output<typeof createBody>): Promise<UserDto> => {
  const actor = authorize(ctx, 'users:write');
  const { store, hasher, clock } = ctx.house;
  const email = normalEmail(input.email);
  checkPassword(input.password, [email, input.name]);
  const { hash } = await hasher.hashChosen(new Secret(input.password));
  const user = await store.transaction(async (tx) => {
    const write = { email, name: input.name, role: input.role, passwordHash: hash };
    const made = await tx.users.create(write, clock.now());
    if (made.result === 'conflict')
      throw new ProblemError('conflict', { detail: 'There is an account with this e-mail.' });
    await writeAudit(tx, ctx, actor, {
      action: 'user.create',
      target: { kind: 'user', id: made.user.id, name: email },
      after: { email, name: input.name, role: input.role },
    });
    return made.user;
  });
  return presentUser(user);
};
