import { hkdfSync } from 'node:crypto';

const SECRET_BYTES = 32;
const PURPOSE = 'gatehouse scram salts of unknown users';

/** What salts of SCRAM users whom nobody knows are made with: derived from the server's secret key, so that they stay. */
export const scramSecretOf = (secretKey: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secretKey, '', PURPOSE, SECRET_BYTES));
