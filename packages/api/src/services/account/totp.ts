import type { enrolTotp as enrolBody, RecoveryCodesDto, TotpOfferDto } from '@gatehouse/contract';
import { z } from 'zod';
import { authorizePerson, type Context, writeAudit } from '../../context.ts';
import { iso } from '../../present/time.ts';
import { invalidField, ProblemError } from '../../problem.ts';
import { hashRecoveryCode, newRecoveryCodes } from '../../security/recovery-codes.ts';
import { base32, matchingStep, newTotpSecret, totpUri } from '../../security/totp.ts';
import { admitCode, totpContext } from '../session/second-factor.ts';

/** Milliseconds from the QR code to its first code. */
const OFFER_MS = 10 * 60_000;
/** base64url of the secret, and until when it may be enrolled. */
const offered = z.object({ secret: z.string(), expiresAt: z.number() });

const offerContext = (sessionId: string): string => `totp-offer:${sessionId}`;

/** Makes a secret. Nothing is stored: sealed for this session, it goes to the console and comes back with the first code. */
export const offerTotp = (ctx: Context): TotpOfferDto => {
  const { user, session } = authorizePerson(ctx);
  if (!user.hasPassword) throw new ProblemError('no-password');
  const secret = newTotpSecret();
  const expiresAt = ctx.house.clock.now() + OFFER_MS;
  const offer = { secret: Buffer.from(secret).toString('base64url'), expiresAt };
  return {
    secret: base32(secret),
    uri: totpUri(user.email, secret),
    enrolment: ctx.house.auth.box.seal(JSON.stringify(offer), offerContext(session.id)),
    expiresAt: iso(expiresAt),
  };
};

const openOffer = (ctx: Context, sessionId: string, enrolment: string): string => {
  const text = ctx.house.auth.box.open(enrolment, offerContext(sessionId));
  const offer = text === undefined ? undefined : offered.parse(JSON.parse(text));
  if (offer === undefined || offer.expiresAt <= ctx.house.clock.now()) {
    throw invalidField('enrolment', 'is expired: begin again');
  }
  return offer.secret;
};

/** Puts the authenticator app in force, once a code of it came back; what else was signed in before it ends. */
export const enrolTotp = async (
  ctx: Context,
  input: z.output<typeof enrolBody>,
): Promise<RecoveryCodesDto> => {
  const { user, session, actor } = authorizePerson(ctx);
  const { store, clock, auth } = ctx.house;
  const secret = openOffer(ctx, session.id, input.enrolment);
  const admission = admitCode(ctx, user.id);
  const code = input.code.replace(/[\s-]/g, '');
  const usedStep = matchingStep(Buffer.from(secret, 'base64url'), code, clock.now());
  if (usedStep === undefined) throw invalidField('code', 'is not the code that the app shows now');
  admission.succeeded();
  const recoveryCodes = newRecoveryCodes();
  await store.transaction(async (tx) => {
    const sealedSecret = auth.box.seal(secret, totpContext(user.id));
    await tx.users.setSecondFactor(user.id, { sealedSecret, usedStep });
    await tx.users.setRecoveryCodes(user.id, recoveryCodes.map(hashRecoveryCode));
    const sessionsEnded = await tx.userSessions.removeForUser(user.id, session.id);
    await writeAudit(tx, ctx, actor, {
      action: 'account.enrol-totp',
      target: { kind: 'user', id: user.id, name: user.email },
      before: { totp: user.totp },
      after: { totp: true, sessionsEnded },
    });
  });
  return { recoveryCodes: [...recoveryCodes] };
};

export const removeTotp = async (ctx: Context): Promise<void> => {
  const { user, actor } = authorizePerson(ctx);
  if (!user.totp) throw new ProblemError('not-found');
  if (ctx.house.config.totpRoles.includes(user.role)) throw new ProblemError('totp-required');
  await ctx.house.store.transaction(async (tx) => {
    await tx.users.setSecondFactor(user.id, null);
    await writeAudit(tx, ctx, actor, {
      action: 'account.remove-totp',
      target: { kind: 'user', id: user.id, name: user.email },
      before: { totp: true },
      after: { totp: false },
    });
  });
};

/** New recovery codes; told now, stored hashed, and those before them void. */
export const replaceRecoveryCodes = async (ctx: Context): Promise<RecoveryCodesDto> => {
  const { user, actor } = authorizePerson(ctx);
  if (!user.totp) throw new ProblemError('not-found');
  const recoveryCodes = newRecoveryCodes();
  await ctx.house.store.transaction(async (tx) => {
    await tx.users.setRecoveryCodes(user.id, recoveryCodes.map(hashRecoveryCode));
    await writeAudit(tx, ctx, actor, {
      action: 'account.replace-recovery-codes',
      target: { kind: 'user', id: user.id, name: user.email },
      after: { recoveryCodes: recoveryCodes.length },
    });
  });
  return { recoveryCodes: [...recoveryCodes] };
};
