import { Secret } from '@gatehouse/auth-core';
import type { User } from '@gatehouse/ports';
import type { Context } from '../../context.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { admitCode, takeCode } from '../session/second-factor.ts';

const BUSY_RETRY_SECONDS = 1;

/** Throws unless the password is the person's. Its failures count as those of signing in: a stolen session guesses no faster. */
export const provePassword = async (ctx: Context, user: User, password: string): Promise<void> => {
  const { store, hasher, throttle } = ctx.house;
  const admission = throttle.admit(user.email, ctx.ip);
  if (admission.result === 'wait') {
    throw new ProblemError('too-many-requests', { retryAfterSeconds: admission.retryAfterSeconds });
  }
  const found = await store.users.findForLogin(user.email);
  const verdict = await hasher.verifyPerson(found?.passwordHash ?? null, new Secret(password));
  if (verdict === 'busy') {
    admission.undecided();
    throw new ProblemError('too-many-requests', { retryAfterSeconds: BUSY_RETRY_SECONDS });
  }
  if (found === null || !verdict.ok) throw invalidField('password', 'is not your password');
  admission.succeeded();
};

/** Throws unless the code is a fresh one of the person's authenticator app, or a recovery code; uses it up. */
export const proveCode = async (ctx: Context, user: User, code: string): Promise<void> => {
  const admission = admitCode(ctx, user.id);
  const isTaken = await ctx.house.store.transaction((tx) => takeCode(tx, ctx, user, code));
  if (!isTaken) throw invalidField('code', 'is wrong, or has been used');
  admission.succeeded();
};
