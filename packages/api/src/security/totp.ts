import { createHmac, randomBytes } from 'node:crypto';

/** Time-based one-time passwords (RFC 6238) as every authenticator app takes them. */
const TOTP = {
  stepSeconds: 30,
  digits: 6,
  /** 160 bits, as RFC 4226 §4 recommends. */
  secretBytes: 20,
  /** Steps before and after now whose codes are taken: clocks differ, people type. */
  windowSteps: 1,
} as const;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BITS_PER_CHAR = 5;

/** RFC 4648 base32 without padding. */
export const base32 = (bytes: Uint8Array): string => {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: Math.ceil(bits.length / BITS_PER_CHAR) }, (_, at) => {
    const part = bits.slice(at * BITS_PER_CHAR, (at + 1) * BITS_PER_CHAR).padEnd(BITS_PER_CHAR, '0');
    return ALPHABET[Number.parseInt(part, 2)] ?? '';
  }).join('');
};

export const newTotpSecret = (): Uint8Array => randomBytes(TOTP.secretBytes);

export const stepAt = (ms: number): number => Math.floor(ms / 1000 / TOTP.stepSeconds);

/** The code of a step (RFC 4226 §5.3 over the step's number). */
export const totpCode = (secret: Uint8Array, step: number, digits: number = TOTP.digits): string => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
};

/** The step whose code this is, within the window around now; undefined: of none. All are looked at, whichever fits. */
export const matchingStep = (secret: Uint8Array, code: string, now: number): number | undefined => {
  const middle = stepAt(now);
  let found: number | undefined;
  for (let step = middle - TOTP.windowSteps; step <= middle + TOTP.windowSteps; step += 1) {
    if (sameDigits(totpCode(secret, step), code)) found = step;
  }
  return found;
};

const sameDigits = (a: string, b: string): boolean => {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at += 1) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
};

/** What the QR code of an enrolment says (the key URI format that the apps share). */
export const totpUri = (email: string, secret: Uint8Array): string => {
  const query = new URLSearchParams({ secret: base32(secret), issuer: 'Gatehouse' });
  return `otpauth://totp/Gatehouse:${encodeURIComponent(email)}?${query.toString()}`;
};
