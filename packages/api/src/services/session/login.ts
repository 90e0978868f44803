import { Secret } from '@gatehouse/auth-core';
import type { loginBody } from '@gatehouse/contract';
import type { z } from 'zod';
import { type Context, SYSTEM_ACTOR, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { openSession, type OpenedSession, SESSION } from './open-session.ts';

/** One spelling per account, for finding it and for counting its failures. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

const BUSY_RETRY_SECONDS = 1;

/** The 1st, 2nd, 4th, 8th … failure is audited with its number: guessing shows and cannot fill the audit. */
const isAudited = (failures: number): boolean => (failures & (failures - 1)) === 0;

const refuse = async (ctx: Context, email: string, failures: number): Promise<never> => {
  if (isAudited(failures)) {
    await ctx.house.store.transaction((tx) =>
      writeAudit(tx, ctx, SYSTEM_ACTOR, {
        action: 'session.login-failed',
        target: { kind: 'user', id: '', name: email },
        after: { failures },
      }),
    );
  }
  throw new ProblemError('login-failed');
};

/**
 * Signs a person in. Unknown, disabled and wrong are one answer, after the same work: the hasher verifies against a
 * dummy where there is no hash. Failures slow the pair of account and address down, nothing is locked.
 */
export const login = async (ctx: Context, input: z.output<typeof loginBody>): Promise<OpenedSession> => {
  const { store, hasher, throttle, clock } = ctx.house;
  const email = normalEmail(input.email);
  const admission = throttle.admit(email, ctx.ip);
  if (admission.result === 'wait') {
    throw new ProblemError('too-many-requests', { retryAfterSeconds: admission.retryAfterSeconds });
  }
  const found = await store.users.findForLogin(email);
  const account = found?.user.enabled === true ? found : null;
  const password = new Secret(input.password);
  const verdict = await hasher.verifyPerson(account?.passwordHash ?? null, password);
  if (verdict === 'busy') {
    admission.undecided();
    throw new ProblemError('too-many-requests', { retryAfterSeconds: BUSY_RETRY_SECONDS });
  }
  if (account === null || !verdict.ok) return refuse(ctx, email, admission.failures);
  const passwordHash = verdict.needsRehash ? (await hasher.hashChosen(password)).hash : undefined;
  const opened = await store.transaction(async (tx) => {
    // What was verified may have been changed or disabled while it was being verified.
    const current = await tx.users.findForLogin(email);
    if (current?.user.enabled !== true || current.passwordHash !== account.passwordHash) return null;
    await tx.userSessions.removeExpired(clock.now(), SESSION.idleMs);
    if (passwordHash !== undefined) await tx.users.update(account.user.id, { passwordHash }, clock.now());
    return openSession(tx, ctx, current.user);
  });
  if (opened === null) return refuse(ctx, email, admission.failures);
  admission.succeeded();
  return opened;
};
