import type { ImportRowInput } from '@gatehouse/contract';
import {
  isInvalid,
  storedHashByRule,
  storedHashFromEmqxBlob,
  wantsSalt,
  type HashRule,
} from '@gatehouse/hashing';
import { left, together, type Foreign, type ForeignFile } from './foreign.ts';
import { isTree, jsonOf, textOf, type Tree } from './tree.ts';

/** What the files do not say themselves. */
export interface EmqxOptions {
  /** `password_hash` of the database that they are from; undefined: it was not told. */
  readonly rule: HashRule | undefined;
  /** What `user_id` of EMQX 5 is. */
  readonly userIdType: 'username' | 'clientid';
}

/** Of 4.3's built-in database, where nothing else is told. */
const DEFAULT_BLOB = 'sha256';

type Hashed = { readonly hash: string } | { readonly problem: string };

/** The algorithm of a blob; undefined: 4.3's built-in database has no such rule. */
function blobAlgorithm(rule: HashRule | undefined): Parameters<typeof storedHashFromEmqxBlob>[1] | undefined {
  if (rule === undefined) return DEFAULT_BLOB;
  if (rule.kind === 'plain') return 'plain';
  return rule.kind === 'digest' ? rule.algorithm : undefined;
}

/** Four bytes of salt and a digest, in base64. */
function hashOfBlob(base64: string, rule: HashRule | undefined): Hashed {
  const algorithm = blobAlgorithm(rule);
  if (algorithm === undefined)
    return { problem: 'the built-in database of 4.3 has plain, md5, sha, sha256 or sha512' };
  const made = storedHashFromEmqxBlob(Buffer.from(base64, 'base64'), algorithm);
  return isInvalid(made)
    ? { problem: `the password: ${made.invalid} (${algorithm}; --password-hash says another)` }
    : made;
}

const nameIn = (type: string, name: string): ImportRowInput | undefined => {
  if (type === 'username') return { username: name };
  return type === 'clientid' ? { client_id: name } : undefined;
};

function exportedUser(at: string, entry: unknown, { rule }: EmqxOptions): Partial<Foreign> {
  if (!isTree(entry)) return left(at, 'is not an object');
  const login = textOf(entry['login']);
  const password = textOf(entry['password']);
  const type = textOf(entry['type']);
  if (login === undefined || password === undefined) return left(at, 'has no login, or no password');
  const name = nameIn(type ?? '', login);
  if (name === undefined) return left(at, 'its type is neither username nor clientid, as those of 4.3 are');
  const hashed = hashOfBlob(password, rule);
  if ('problem' in hashed) return left(at, hashed.problem);
  return { credentials: [{ at, row: { ...name, password_hash: hashed.hash } }] };
}

/** `auth_mnesia` of `emqx_ctl data export`. */
export const readEmqxExport = (file: string, users: unknown, options: EmqxOptions): Foreign =>
  Array.isArray(users)
    ? together(users.map((one, index) => exportedUser(`${file}, auth_mnesia ${index + 1}`, one, options)))
    : together([left(`${file}, auth_mnesia`, 'is not a list')]);

const PROBLEMS = {
  'salt-missing': 'the rule of --password-hash has a salt, and this user has none',
  'salt-unexpected': 'this user has a salt, and the rule of --password-hash has none',
  'hash-invalid': 'the hash is not of the length, alphabet or cost of the rule that --password-hash tells',
} as const;

function hashOfUser(user: Tree, rule: HashRule | undefined): Hashed {
  const stored = textOf(user['password_hash']);
  if (stored === undefined) return { problem: 'has neither password nor password_hash' };
  if (rule === undefined)
    return { problem: 'how it is hashed is not in the file: --password-hash tells, such as sha256,salt' };
  const salt = textOf(user['salt']) ?? null;
  // EMQX 5 writes bcrypt's salt beside the hash, which begins with it.
  const made = storedHashByRule(rule, stored, rule.kind === 'bcrypt' && !wantsSalt(rule) ? null : salt);
  return 'problem' in made ? { problem: PROBLEMS[made.problem] } : made;
}

const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [false, false],
  ['false', false],
  ['', false],
  [undefined, false],
]);

/** A user as EMQX 5 imports it: `user_id`, `password` or `password_hash` with `salt`, `is_superuser`. */
function importedUser(at: string, user: unknown, options: EmqxOptions): Partial<Foreign> {
  if (!isTree(user)) return left(at, 'is not an object');
  const id = textOf(user['user_id']);
  const superuser = FLAGS.get(user['is_superuser']);
  if (id === undefined) return left(at, 'has no user_id');
  if (superuser === undefined) return left(at, 'is_superuser is neither true nor false');
  const row = { ...nameIn(options.userIdType, id), superuser };
  const password = textOf(user['password']);
  if (password !== undefined) return { credentials: [{ at, row: { ...row, password } }] };
  const hashed = hashOfUser(user, options.rule);
  if ('problem' in hashed) return left(at, hashed.problem);
  return { credentials: [{ at, row: { ...row, password_hash: hashed.hash } }] };
}

/** Users that one file may have. */
const USERS_MAX = 1_000_000;

/** Each line of a CSV with its header's names. */
async function csvUsers({ name, text }: ForeignFile) {
  const { parseCsv } = await import('@gatehouse/api');
  const parsed = parseCsv(text, USERS_MAX);
  if (parsed.result === 'too-many-rows') return left(name, `has more than ${USERS_MAX} lines`);
  if (parsed.result === 'malformed') return left(`${name}:${parsed.line}`, parsed.message);
  const [header = [], ...records] = parsed.records;
  return records.map((cells, index) => ({
    at: `${name}:${parsed.lines[index + 1] ?? 0}`,
    user: Object.fromEntries(header.map((column, i) => [column.trim(), cells[i] ?? ''])),
  }));
}

/** Users as EMQX 5 imports them, in CSV with a header or as a JSON array. */
export async function readEmqxUsers(file: ForeignFile, options: EmqxOptions): Promise<Foreign> {
  if (file.text.trimStart().startsWith('[')) {
    const users = jsonOf(file.text);
    if (!Array.isArray(users)) return together([left(file.name, 'is not JSON')]);
    return together(users.map((one, i) => importedUser(`${file.name}, entry ${i + 1}`, one, options)));
  }
  const users = await csvUsers(file);
  return Array.isArray(users)
    ? together(users.map(({ at, user }) => importedUser(at, user, options)))
    : together([users]);
}
