import { z } from 'zod';
import { personName, newPassword, user } from './admin.ts';
import { isoTime } from './common.ts';
import { ROLES } from './roles.ts';
import { ownIdentity } from './sign-in.ts';

/** A code of an authenticator app, or a recovery code; blanks and dashes are not part of it. */
const code = z.string().trim().min(1).max(64);
const ownPassword = z.string().min(1).max(256);

/** What the caller's second factor is like. */
const secondFactor = z.object({
  enrolled: z.boolean(),
  /** The role demands it: it cannot be taken off. */
  required: z.boolean(),
  recoveryCodesLeft: z.number().int(),
});
export const account = z.object({
  user,
  secondFactor,
  /** Who the caller is at the configured provider; null: not linked. */
  identity: ownIdentity.nullable(),
});
export type AccountDto = z.infer<typeof account>;

export const updateAccount = z.object({ name: personName }).strict();
export const changePassword = z.object({ password: ownPassword, newPassword }).strict();

/** A session of the caller's, with what the browser says it is. */
const accountSession = z.object({
  id: z.string(),
  current: z.boolean(),
  createdAt: isoTime,
  lastSeenAt: isoTime,
  expiresAt: isoTime,
  ip: z.string(),
  /** With its version, e.g. `Firefox 140`; null: not known. */
  browser: z.string().nullable(),
  system: z.string().nullable(),
});
export type AccountSessionDto = z.infer<typeof accountSession>;
export const accountSessionList = z.object({ items: z.array(accountSession) });
export const endedSessions = z.object({ ended: z.number().int() });

/** What an authenticator app is told, once. `enrolment` goes back with its first code. */
export const totpOffer = z.object({
  secret: z.string().describe('Base32, for typing'),
  uri: z.string().describe('otpauth://…, for the QR code'),
  enrolment: z.string(),
  expiresAt: isoTime,
});
export type TotpOfferDto = z.infer<typeof totpOffer>;
export const enrolTotp = z.object({ enrolment: z.string().max(1024), code }).strict();
/** The only time they are told. */
export const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodesDto = z.infer<typeof recoveryCodes>;

/** Whether the caller has to prove again who they are before a dangerous call, and with what. */
export const confirmation = z.object({
  needed: z.boolean(),
  /** `provider`: `startSsoConfirmation` */
  by: z.enum(['password', 'code', 'provider']),
  until: isoTime,
});
export type ConfirmationDto = z.infer<typeof confirmation>;
export const confirmBody = z.union([
  z.object({ password: ownPassword }).strict(),
  z.object({ code }).strict(),
]);

export const createInvitation = z.object({ email: z.email().max(254), role: z.enum(ROLES) }).strict();
const invitation = z.object({
  id: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  createdAt: isoTime,
  createdBy: z.string(),
  expiresAt: isoTime,
});
export type InvitationDto = z.infer<typeof invitation>;
/** The only time the token is told; the link is `/invite#TOKEN`. */
export const createdInvitation = invitation.extend({ token: z.string() });
export type CreatedInvitationDto = z.infer<typeof createdInvitation>;
export const invitationList = z.object({ items: z.array(invitation) });
export const acceptInvitation = z
  .object({ token: z.string().min(1).max(256), name: personName, password: newPassword })
  .strict();
