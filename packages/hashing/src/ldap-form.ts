import { parseBcrypt } from './bcrypt-form.ts';
import { DIGEST_BYTES, type DigestName } from './digests.ts';
import { fromBase64 } from './encodings.ts';
import type { InvalidHash, StoredForm } from './stored-form.ts';

const SCHEMES: Readonly<Record<string, { readonly algorithm: DigestName; readonly salted: boolean }>> = {
  MD5: { algorithm: 'md5', salted: false },
  SMD5: { algorithm: 'md5', salted: true },
  SHA: { algorithm: 'sha', salted: false },
  SHA256: { algorithm: 'sha256', salted: false },
  SHA384: { algorithm: 'sha384', salted: false },
  SHA512: { algorithm: 'sha512', salted: false },
  SSHA: { algorithm: 'sha', salted: true },
  SSHA256: { algorithm: 'sha256', salted: true },
  SSHA384: { algorithm: 'sha384', salted: true },
  SSHA512: { algorithm: 'sha512', salted: true },
};

/** Reads an LDAP `userPassword`: `{SCHEME}base64` (RFC 2307; the scheme in either case), `{CRYPT}` with bcrypt. */
export function parseLdap(text: string): StoredForm | InvalidHash {
  const match = /^\{([A-Za-z0-9]+)\}(.*)$/s.exec(text);
  const [, name = '', value = ''] = match ?? [];
  const upper = name.toUpperCase();
  if (upper === 'CRYPT') return parseBcrypt(value);

  const scheme = Object.hasOwn(SCHEMES, upper) ? SCHEMES[upper] : undefined;
  if (scheme === undefined)
    return { invalid: `an LDAP scheme is one of: ${Object.keys(SCHEMES).join(', ')}, CRYPT` };
  const bytes = fromBase64(value, 'padded');
  if (bytes === undefined) return { invalid: `after {${upper}} comes base64` };

  const { algorithm, salted } = scheme;
  const length = DIGEST_BYTES[algorithm];
  if (salted ? bytes.length <= length : bytes.length !== length) {
    return { invalid: `{${upper}} holds ${length} bytes${salted ? ' and a salt' : ''}` };
  }
  return {
    kind: 'digest',
    algorithm,
    position: salted ? 'suffix' : 'none',
    salt: bytes.subarray(length),
    digest: bytes.subarray(0, length),
  };
}
