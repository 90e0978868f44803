import './no-eval.ts';
import '../words.ts';
import type { z } from 'zod';
import { createAccessRule, tryAccessBody, updateAccessRule } from '../access-rules.ts';
import {
  acceptInvitation,
  changePassword,
  confirmBody,
  createInvitation,
  enrolTotp,
  updateAccount,
} from '../account.ts';
import { createApiKey, createUser, loginBody, setupBody } from '../admin.ts';
import { createAlertChannel, createAlertRule, updateAlertChannel, updateAlertRule } from '../alerts.ts';
import { createBlock, updateBlock } from '../blocks.ts';
import { issueCertificate, renewCertificate, revokeCertificate, trustCa } from '../certificates.ts';
import { certificateText } from '../credential-types.ts';
import { createCredential, newSecret, updateCredential } from '../credentials.ts';
import { fieldErrorsAt, type FieldError } from '../field-errors.ts';
import { tryBody } from '../operations.ts';

/** Bodies that people write in forms, by the call that takes them. */
export const FORM_BODIES = {
  acceptInvitation,
  changePassword,
  completeSetup: setupBody,
  confirmAccount: confirmBody,
  createAccessRule,
  createAlertChannel,
  createAlertRule,
  createApiKey,
  createBlock,
  createCredential,
  createInvitation,
  createUser,
  enrolTotp,
  issueCertificate,
  login: loginBody,
  readCertificate: certificateText,
  renewCertificate,
  resetCredentialSecret: newSecret,
  revokeCertificate,
  trustCa,
  tryAccess: tryAccessBody,
  tryAttempt: tryBody,
  updateAccessRule,
  updateAccount,
  updateAlertChannel,
  updateAlertRule,
  updateBlock,
  updateCredential,
} as const satisfies Readonly<Record<string, z.ZodType>>;
export type FormId = keyof typeof FORM_BODIES;

/**
 * What the server would say against a body because of its form alone: by the same schemas, in the same words. It knows
 * more when it is asked (whether a name is taken, whether a channel is there).
 *
 * @example checkForm('createInvitation', { email: 'ada', role: 'viewer' }) // [{ path: 'email', message: 'Invalid email address' }]
 */
export const checkForm = (form: FormId, body: unknown): readonly FieldError[] => {
  // As it would be sent: what is undefined is absent, and no number is none.
  const sent: unknown = JSON.parse(JSON.stringify(body));
  const { error } = FORM_BODIES[form].safeParse(sent);
  return (error?.issues ?? []).flatMap(({ path, message, ...more }) =>
    fieldErrorsAt(path.map(String), message, 'keys' in more ? more.keys : undefined),
  );
};
