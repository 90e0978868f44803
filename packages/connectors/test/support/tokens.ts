import {
  constants,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Header and payload as they are signed. */
export const signingInput = (header: Readonly<Record<string, unknown>>, claims: unknown): string =>
  `${part(header)}.${part(claims)}`;

const PADDING = { RS: constants.RSA_PKCS1_PADDING, PS: constants.RSA_PKCS1_PSS_PADDING } as const;

/** Signs as `alg` says, with node:crypto alone. */
export function signatureOf(alg: string, key: KeyObject | Uint8Array, input: string): string {
  const digest = `sha${alg.slice(2)}`;
  const data = Buffer.from(input);
  const family = alg.slice(0, 2);
  if (family === 'HS') {
    return createHmac(digest, key).update(data).digest('base64url');
  }
  const privateKey = key as KeyObject;
  if (family === 'ES') {
    return signBytes(digest, data, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  }
  if (family === 'RS' || family === 'PS') {
    const padding = PADDING[family];
    const salt = family === 'PS' ? { saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
    return signBytes(digest, data, { key: privateKey, padding, ...salt }).toString('base64url');
  }
  return signBytes(null, data, privateKey).toString('base64url');
}

/** A compact token. */
export function tokenOf(
  alg: string,
  key: KeyObject | Uint8Array,
  claims: unknown = { sub: 'pump-7' },
  header: Readonly<Record<string, unknown>> = {},
): string {
  const input = signingInput({ alg, typ: 'JWT', ...header }, claims);
  return `${input}.${signatureOf(alg, key, input)}`;
}

/** A key pair with the texts that settings and key sets have. */
export interface Pair {
  readonly privateKey: KeyObject;
  readonly publicPem: string;
  readonly jwk: Readonly<Record<string, unknown>>;
}

function pairOf(made: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }): Pair {
  return {
    privateKey: made.privateKey,
    publicPem: String(made.publicKey.export({ type: 'spki', format: 'pem' })),
    jwk: { ...made.publicKey.export({ format: 'jwk' }) },
  };
}

export const rsaPair = (bits = 2_048): Pair => pairOf(generateKeyPairSync('rsa', { modulusLength: bits }));
export const ecPair = (curve: string): Pair => pairOf(generateKeyPairSync('ec', { namedCurve: curve }));
export const edPair = (): Pair => pairOf(generateKeyPairSync('ed25519'));

/** The private key's text, for a setting that should have had the public one. */
export const privatePem = ({ privateKey }: Pair): string =>
  String(
    createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })).export({
      type: 'pkcs8',
      format: 'pem',
    }),
  );
