import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '@gatehouse/auth-core';

/** Bits of every key that is made here: what old devices verify, and RSA-PSK suites can use. */
const RSA_BITS = 2_048;

const generate = promisify(generateKeyPair);

/** A key pair, both PEM (SPKI and PKCS#8). */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: Secret<string>;
}

/** Makes an RSA key pair off the event loop. */
export async function makeKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await generate('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey, privateKey: new Secret(privateKey) };
}
