import { ROLES, type Role } from '@gatehouse/contract';
import type { ProvenIdentity } from '@gatehouse/ports';
import type { SsoSettings } from '../../house.ts';
import { ProblemError } from '../../problem.ts';

/** The highest role that the values of the claim give; null: none. */
export const mappedRole = (
  { roles, defaultRole }: Pick<SsoSettings, 'roles' | 'defaultRole'>,
  values: readonly string[],
): Role | null => {
  const given = new Set(roles.filter(({ value }) => values.includes(value)).map(({ role }) => role));
  return ROLES.find((role) => given.has(role)) ?? defaultRole;
};

/** Throws unless the address is of an admitted domain, and verified where that is asked. Nothing is asked where all are admitted. */
export const checkDomain = (
  { emailDomains }: Pick<SsoSettings, 'emailDomains'>,
  { email, emailVerified }: ProvenIdentity,
): void => {
  if (emailDomains.length === 0) return;
  if (email === null || !emailVerified) throw new ProblemError('sso-email-unverified');
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  if (!emailDomains.includes(domain)) throw new ProblemError('sso-domain');
};
