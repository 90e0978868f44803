import type { StoredHash } from '../credential.ts';

/**
 * The beginnings of the stored forms that are known, each with the name it is shown by; only these, because a text
 * that was stored in the clear by mistake must not be shown in part.
 */
const FORMS: readonly (readonly [start: RegExp, name: string])[] = [
  [/^\$argon2(?:id|i|d)\$/, 'argon2'],
  [/^\$scrypt\$/, 'scrypt'],
  [/^\$pbkdf2-\w+\$/, 'pbkdf2'],
  [/^\$sha256-salted\$/, 'sha256-salted'],
  [/^\$2[abxy]\$/, 'bcrypt'],
  [/^\$[67]\$/, 'mosquitto'],
  [/^\{(?:S?MD5|S?SHA\d*|CRYPT)\}/i, 'LDAP'],
  [/^plain:/, 'plain'],
  [/^(?:md5|sha\d*|bcrypt|pbkdf2)(?:,\w+)*:/, 'EMQX'],
];

/** Names the form of a stored secret without reading it: enough to recognise an import that went wrong. */
export const hashFormOf = (hash: StoredHash): string =>
  FORMS.find(([start]) => start.test(hash))?.[1] ?? 'unknown';
