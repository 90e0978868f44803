import type { OperationId } from './endpoints.ts';

/** Milliseconds for which a proof of oneself holds. */
export const CONFIRMED_MS = 10 * 60_000;

const has = (body: unknown, key: string, value: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  new Map<string, unknown>(Object.entries(body)).get(key) === value;

/**
 * Calls that a signed-in person makes only after having proved, within `CONFIRMED_MS`, who they are: by signing in or by
 * `confirmAccount`. API keys and the command are exempt: they have nothing else to prove themselves with. A function says of which bodies it holds.
 */
export const DANGEROUS = {
  createUser: true,
  updateUser: true,
  deleteUser: true,
  resetUserTotp: true,
  createInvitation: true,
  createApiKey: true,
  deleteApiKey: true,
  offerTotp: true,
  enrolTotp: true,
  removeTotp: true,
  replaceRecoveryCodes: true,
  linkIdentity: true,
  unlinkIdentity: true,
  updateSignIn: true,
  exportCredentials: true,
  exportCredentialsJson: true,
  exportAudit: true,
  deleteUnauthorizedClients: (body: unknown) => has(body, 'all', true),
  putAnonymous: (body: unknown) => has(body, 'policy', 'allow'),
  revertAnonymous: true,
} as const satisfies Partial<Record<OperationId, true | ((body: unknown) => boolean)>>;

/** Whether a call with this body asks for a fresh proof. */
export const isDangerous = (operationId: OperationId, body: unknown): boolean => {
  const table: Partial<Record<OperationId, true | ((body: unknown) => boolean)>> = DANGEROUS;
  const rule = table[operationId];
  return typeof rule === 'function' ? rule(body) : rule === true;
};
