import { parseStoredHash, isInvalid } from '@gatehouse/hashing';
import { readAcl, type MosquittoAcl } from './mosquitto-acl.ts';
import {
  left,
  linesOf,
  NOTHING,
  pairOf,
  together,
  type Foreign,
  type ForeignFile,
  type Line,
} from './foreign.ts';

type Kind = 'passwords' | 'acl' | 'psk';

const ACL_WORD = /^\s*(?:user|topic|pattern)\s/;

/** Which of mosquitto's three files it is, by what its lines look like. */
function kindOf(lines: readonly Line[]): Kind {
  if (lines.some(({ text }) => ACL_WORD.test(text))) return 'acl';
  const isKey = ({ text }: Line): boolean => /^[^:]+:(?:[0-9A-Fa-f]{2})+$/.test(text);
  return lines.length > 0 && lines.every(isKey) ? 'psk' : 'passwords';
}

/** One line of `password_file`: `username:$7$…`. */
function userOf({ at, text }: Line, acl: MosquittoAcl | undefined): Partial<Foreign> {
  const [username, hash] = pairOf(text) ?? [];
  if (username === undefined || hash === undefined) return left(at, 'is not username:hash');
  if (!hash.startsWith('$')) {
    return left(at, 'the password is not hashed: run "mosquitto_passwd -U" on a copy of the file first');
  }
  const form = parseStoredHash(hash);
  if (isInvalid(form)) return left(at, `the hash: ${form.invalid}`);
  return { credentials: [{ at, row: { username, password_hash: hash, ...acl?.topicsOf(username) } }] };
}

function keyOf({ at, text }: Line): Partial<Foreign> {
  const [identity, key] = pairOf(text) ?? [];
  if (identity === undefined || key === undefined) return left(at, 'is not identity:key');
  return { credentials: [{ at, row: { type: 'psk', identity, psk_key: key } }] };
}

/**
 * Reads mosquitto's `password_file`, `acl_file` and `psk_file`, told apart by their lines. With an ACL, users have its
 * topics and no others; users that it names and no password file holds get rules of their own.
 */
export function readMosquitto(files: readonly ForeignFile[]): Foreign {
  const read = files.map((file) => {
    const lines = linesOf(file);
    return { kind: kindOf(lines), lines };
  });
  const linesOfKind = (kind: Kind): readonly Line[] =>
    read.flatMap((one) => (one.kind === kind ? one.lines : []));
  const acl = read.some(({ kind }) => kind === 'acl') ? readAcl(linesOfKind('acl')) : undefined;
  const users = together(linesOfKind('passwords').map((line) => userOf(line, acl)));
  const known = new Set(users.credentials.map(({ row }) => row.username));
  return together([users, ...linesOfKind('psk').map(keyOf), acl?.othersThan(known) ?? NOTHING]);
}
