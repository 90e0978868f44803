import { randomBytes } from 'node:crypto';
import { hashToken } from './tokens.ts';
import { base32 } from './totp.ts';

const RECOVERY_CODES = {
  count: 10,
  /** 120 bits: past the 112 from which a plain hash will do (ASVS 6.5.2). */
  bytes: 15,
  groupChars: 6,
} as const;

/** Groups of letters and digits that are told apart in print: base32 has no 0, 1, 8 and 9. */
export const newRecoveryCodes = (): readonly string[] =>
  Array.from({ length: RECOVERY_CODES.count }, () => {
    const text = base32(randomBytes(RECOVERY_CODES.bytes)).toLowerCase();
    return (text.match(new RegExp(`.{${RECOVERY_CODES.groupChars}}`, 'g')) ?? []).join('-');
  });

/** What is stored of a code, however it was typed: case, blanks and dashes are not part of it. */
export const hashRecoveryCode = (code: string): string =>
  hashToken(code.toLowerCase().replace(/[^a-z2-7]/g, ''));
