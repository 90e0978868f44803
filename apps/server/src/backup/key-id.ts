import { hkdfSync } from 'node:crypto';

const PURPOSE = 'gatehouse backup key id';
const BYTES = 16;

/** Tells one secret key from another and nothing else of it. */
export const keyIdOf = (secretKey: Uint8Array): string =>
  Buffer.from(hkdfSync('sha256', secretKey, '', PURPOSE, BYTES)).toString('hex');
