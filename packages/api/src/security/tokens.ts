import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;
export const API_KEY_PREFIX = 'gh_';
/** Characters of a key that are stored to recognise it by. */
export const API_KEY_SHOWN_CHARS = 10;

/** 256 bits in URL-safe text, which no command takes for an option: it does not begin with "-". */
export const randomToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url').replace(/^-/, 'A');

export const newApiKey = (): string => API_KEY_PREFIX + randomToken();

/** What is stored of a token: it has 256 bits, so a plain SHA-256 cannot be turned back. Lower-case hex. */
export const hashToken = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');

/** Compares without telling by time where two texts differ. */
export const sameText = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
