import type { Repositories, User } from '@gatehouse/ports';
import { type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import type { Admission } from '../../security/login-throttle.ts';
import { hashRecoveryCode } from '../../security/recovery-codes.ts';
import { matchingStep } from '../../security/totp.ts';

/** Whose a sealed secret is: it is opened for no other person. */
export const totpContext = (userId: string): string => `totp:${userId}`;

/**
 * Lets a guess at a code through, or throws how long to wait. Codes are short, so their failures are counted per person,
 * wherever they come from: whoever gets here had the password already.
 */
export const admitCode = (ctx: Context, userId: string): Extract<Admission, { result: 'ok' }> => {
  const admission = ctx.house.throttle.admit(userId, `code-of-${userId}`);
  if (admission.result === 'wait') {
    throw new ProblemError('too-many-requests', { retryAfterSeconds: admission.retryAfterSeconds });
  }
  return admission;
};

/**
 * Uses up a code of the person's authenticator app, or a recovery code. False: it is wrong, or was used before. What is
 * used up stays so only if the transaction commits, with whatever the code was given for.
 */
export const takeCode = async (
  tx: Repositories,
  ctx: Context,
  user: User,
  code: string,
): Promise<boolean> => {
  const { clock, auth } = ctx.house;
  const typed = code.replace(/[\s-]/g, '');
  if (!/^\d{6}$/.test(typed)) return takeRecoveryCode(tx, ctx, user, typed);
  const { sealedSecret } = await tx.users.secondFactor(user.id);
  const secret = sealedSecret === null ? undefined : auth.box.open(sealedSecret, totpContext(user.id));
  if (secret === undefined) return false;
  const step = matchingStep(Buffer.from(secret, 'base64url'), typed, clock.now());
  return step !== undefined && (await tx.users.useTotpStep(user.id, step));
};

const takeRecoveryCode = async (
  tx: Repositories,
  ctx: Context,
  user: User,
  typed: string,
): Promise<boolean> => {
  if (!(await tx.users.useRecoveryCode(user.id, hashRecoveryCode(typed)))) return false;
  const { recoveryCodes } = await tx.users.secondFactor(user.id);
  await writeAudit(
    tx,
    ctx,
    { kind: 'user', id: user.id, name: user.name },
    {
      action: 'account.use-recovery-code',
      target: { kind: 'user', id: user.id, name: user.email },
      after: { recoveryCodesLeft: recoveryCodes },
    },
  );
  return true;
};
