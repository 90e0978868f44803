import { Secret } from '@gatehouse/auth-core';
import type { loginBody } from '@gatehouse/contract';
import type { User } from '@gatehouse/ports';
import type { z } from 'zod';
import { type Context, SYSTEM_ACTOR, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import type { Admission } from '../../security/login-throttle.ts';
import { mayUsePassword } from '../sso/password-for.ts';
import { openSession, type OpenedSession } from './open-session.ts';
import { admitCode, takeCode } from './second-factor.ts';

/** One spelling per account, for finding it and for counting its failures. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

const BUSY_RETRY_SECONDS = 1;

/** The 1st, 2nd, 4th, 8th … failure is audited with its number: guessing shows and cannot fill the audit. */
export const isAudited = (failures: number): boolean => (failures & (failures - 1)) === 0;

type Admitted = Extract<Admission, { result: 'ok' }>;

const refuse = async (
  ctx: Context,
  email: string,
  failures: number,
  why: 'login-failed' | 'code-wrong' | 'password-off' = 'login-failed',
): Promise<never> => {
  if (isAudited(failures)) {
    await ctx.house.store.transaction((tx) =>
      writeAudit(tx, ctx, SYSTEM_ACTOR, {
        action: 'session.login-failed',
        target: { kind: 'user', id: '', name: email },
        after: {
          failures,
          ...(why === 'code-wrong' ? { secondFactor: 'wrong' } : {}),
          ...(why === 'password-off' ? { why } : {}),
        },
      }),
    );
  }
  throw new ProblemError(why);
};

/** Whether the password is that of the account; the admission is given back where that could not be found out. */
const verify = async (
  ctx: Context,
  passwordHash: string | null,
  password: Secret<string>,
  giveBack: () => void,
) => {
  const verdict = await ctx.house.hasher.verifyPerson(passwordHash, password);
  if (verdict !== 'busy') return verdict;
  giveBack();
  throw new ProblemError('too-many-requests', { retryAfterSeconds: BUSY_RETRY_SECONDS });
};

const admit = (ctx: Context, email: string): Admitted => {
  const admission = ctx.house.throttle.admit(email, ctx.ip);
  if (admission.result === 'ok') return admission;
  throw new ProblemError('too-many-requests', { retryAfterSeconds: admission.retryAfterSeconds });
};

/**
 * Throws unless the account has no second factor, or the code is given. It is asked for after the password only, and
 * asking is no failure.
 */
const admitSecondFactor = (
  ctx: Context,
  user: User,
  code: string | undefined,
  asked: () => void,
): Admitted | null => {
  if (!user.totp) return null;
  if (code !== undefined && code.trim() !== '') return admitCode(ctx, user.id);
  asked();
  throw new ProblemError('code-needed');
};

interface Verified {
  readonly user: User;
  readonly passwordHash: string | null;
  /** A better hash of the same password, to be stored. */
  readonly betterHash: string | undefined;
  readonly code: string | undefined;
}

/** Opens the session, unless what was verified has been changed or disabled while it was being verified. */
const openVerified = (ctx: Context, { user, passwordHash, betterHash, code }: Verified) =>
  ctx.house.store.transaction(async (tx) => {
    const { clock, config } = ctx.house;
    const current = await tx.users.findForLogin(user.email);
    if (current?.user.enabled !== true || current.passwordHash !== passwordHash) return 'changed' as const;
    if (current.user.totp && !(await takeCode(tx, ctx, current.user, code ?? '')))
      return 'code-wrong' as const;
    await tx.userSessions.removeExpired(clock.now(), config.sessions.idleMs);
    if (betterHash !== undefined) await tx.users.update(user.id, { passwordHash: betterHash }, clock.now());
    return openSession(tx, ctx, current.user);
  });

/**
 * Signs a person in. Unknown, disabled and wrong are one answer, after the same work: the hasher verifies against a
 * dummy where there is no hash. Failures slow the pair of account and address down, nothing is locked.
 */
export const login = async (ctx: Context, input: z.output<typeof loginBody>): Promise<OpenedSession> => {
  const { store, hasher } = ctx.house;
  const email = normalEmail(input.email);
  const admission = admit(ctx, email);
  const found = await store.users.findForLogin(email);
  const account = found?.user.enabled === true ? found : null;
  const password = new Secret(input.password);
  const verdict = await verify(ctx, account?.passwordHash ?? null, password, admission.undecided);
  if (account === null || !verdict.ok) return refuse(ctx, email, admission.failures);
  // Said to who knows the password only.
  if (!(await mayUsePassword(ctx, account.user.role)))
    return refuse(ctx, email, admission.failures, 'password-off');
  const second = admitSecondFactor(ctx, account.user, input.code, admission.undecided);
  const betterHash = verdict.needsRehash ? (await hasher.hashChosen(password)).hash : undefined;
  const opened = await openVerified(ctx, { ...account, betterHash, code: input.code });
  if (opened === 'changed') return refuse(ctx, email, admission.failures);
  if (opened === 'code-wrong') return refuse(ctx, email, second?.failures ?? 1, 'code-wrong');
  admission.succeeded();
  second?.succeeded();
  return opened;
};
