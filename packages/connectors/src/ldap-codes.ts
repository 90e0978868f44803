/** Result codes of LDAP that are told apart here or met often, by their names in RFC 4511 appendix A.1. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'operationsError',
  2: 'protocolError',
  3: 'timeLimitExceeded',
  4: 'sizeLimitExceeded',
  7: 'authMethodNotSupported',
  8: 'strongerAuthRequired',
  10: 'referral',
  11: 'adminLimitExceeded',
  13: 'confidentialityRequired',
  18: 'inappropriateMatching',
  19: 'constraintViolation',
  21: 'invalidAttributeSyntax',
  32: 'noSuchObject',
  34: 'invalidDNSyntax',
  48: 'inappropriateAuthentication',
  49: 'invalidCredentials',
  50: 'insufficientAccessRights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
  80: 'other',
};

export const SUCCESS = 0;
export const TIME_LIMIT_EXCEEDED = 3;
export const SIZE_LIMIT_EXCEEDED = 4;
export const NO_SUCH_OBJECT = 32;

/** A result code in words: `invalidCredentials (49)`. */
export const codeText = (code: number): string => `${NAMES[code] ?? 'result'} (${code})`;

/** The directory is there, and cannot serve now. */
export const isOutOfService = (code: number): boolean => code === 51 || code === 52;

/**
 * A login that says something about the name or the password: refused. Any other code says that the directory would
 * not decide, such as `confidentialityRequired`.
 */
export const isRejection = (code: number): boolean => [19, 32, 48, 49, 50, 53].includes(code);
