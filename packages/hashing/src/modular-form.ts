import { parseBcrypt } from './bcrypt-form.ts';
import { DIGEST_BYTES, MACFUN_BYTES, isDigestName, isMacfun } from './digests.ts';
import { fromBase64, fromDecimal, toPhcBase64 } from './encodings.ts';
import type { InvalidHash, StoredForm } from './stored-form.ts';

/** RFC 9106, 3.1: memory of at least 8 KiB per lane. */
const ARGON2_KIB_PER_LANE_MIN = 8;

const invalid = (why: string): InvalidHash => ({ invalid: why });

/** Reads forms that begin with `$`: PHC strings, bcrypt, and mosquitto's `$6$` and `$7$`. */
export function parseModular(text: string): StoredForm | InvalidHash {
  const [, id = '', ...rest] = text.split('$');
  if (/^2[a-z]?$/.test(id)) return parseBcrypt(text);
  if (id === '6' || id === '7') return parseMosquitto(id, rest);
  if (id === 'argon2id' || id === 'argon2i' || id === 'argon2d') return parseArgon2(id, text, rest);
  if (id === 'scrypt') return parseScrypt(rest);
  if (id.startsWith('pbkdf2-')) return parsePbkdf2(id.slice('pbkdf2-'.length), rest);
  if (id.endsWith('-salted')) return parseSalted(id.slice(0, -'-salted'.length), rest);
  return invalid(
    'an unknown $form$: argon2id, scrypt, pbkdf2-…, bcrypt, …-salted and mosquitto’s $6$, $7$ are known',
  );
}

/** `m=19456,t=2,p=1` as numbers; undefined when a name is missing, foreign or double. */
function parameters<K extends string>(
  text: string,
  names: readonly K[],
): Readonly<Record<K, number>> | undefined {
  const pairs = text.split(',').map((pair) => pair.split('='));
  const found = new Map(pairs.map(([name = '', value = '']) => [name, fromDecimal(value)]));
  if (pairs.length !== names.length) return undefined;
  const values: Partial<Record<K, number>> = {};
  for (const name of names) {
    const value = found.get(name);
    if (value === undefined || value < 1) return undefined;
    values[name] = value;
  }
  return values as Readonly<Record<K, number>>;
}

function parseArgon2(
  variant: 'argon2id' | 'argon2i' | 'argon2d',
  encoded: string,
  rest: readonly string[],
): StoredForm | InvalidHash {
  const [version, cost = '', salt = '', digest = ''] = rest;
  const values = parameters(cost, ['m', 't', 'p']);
  const saltBytes = fromBase64(salt, 'unpadded');
  const digestBytes = fromBase64(digest, 'unpadded');
  if (rest.length !== 4 || version !== 'v=19' || values === undefined) {
    return invalid(`${variant} is written $${variant}$v=19$m=…,t=…,p=…$salt$hash`);
  }
  if (
    saltBytes === undefined ||
    saltBytes.length < 8 ||
    digestBytes === undefined ||
    digestBytes.length < 16
  ) {
    return invalid(`${variant}: salt (from 8 bytes) and hash (from 16) are base64 without padding`);
  }
  if (values.m < ARGON2_KIB_PER_LANE_MIN * values.p) return invalid(`${variant}: m is at least 8 times p`);
  return { kind: 'argon2', variant, encoded, memoryKiB: values.m, passes: values.t, lanes: values.p };
}

function parseScrypt(rest: readonly string[]): StoredForm | InvalidHash {
  const [cost = '', saltText = '', digestText = ''] = rest;
  const values = parameters(cost, ['ln', 'r', 'p']);
  const salt = fromBase64(saltText, 'unpadded');
  const digest = fromBase64(digestText, 'unpadded');
  if (
    rest.length !== 3 ||
    values === undefined ||
    salt === undefined ||
    digest === undefined ||
    digest.length < 16
  ) {
    return invalid('scrypt is written $scrypt$ln=…,r=…,p=…$salt$hash, in base64 without padding');
  }
  return { kind: 'scrypt', logN: values.ln, blockSize: values.r, parallelism: values.p, salt, digest };
}

function parsePbkdf2(macfun: string, rest: readonly string[]): StoredForm | InvalidHash {
  const [cost = '', saltText = '', digestText = ''] = rest;
  const values = parameters(cost, ['i']);
  const salt = fromBase64(saltText, 'unpadded');
  const digest = fromBase64(digestText, 'unpadded');
  if (!isMacfun(macfun)) return invalid(`the macfun is one of: ${Object.keys(MACFUN_BYTES).join(', ')}`);
  if (
    rest.length !== 3 ||
    values === undefined ||
    salt === undefined ||
    digest === undefined ||
    digest.length < 16
  ) {
    return invalid('pbkdf2 is written $pbkdf2-sha256$i=…$salt$hash, in base64 without padding');
  }
  return { kind: 'pbkdf2', macfun, iterations: values.i, salt, digest };
}

/** mosquitto_passwd: `$6$` is SHA-512 with the salt behind, `$7$` PBKDF2-SHA-512; base64 with padding. */
function parseMosquitto(id: '6' | '7', rest: readonly string[]): StoredForm | InvalidHash {
  const iterations = id === '7' ? fromDecimal(rest[0] ?? '') : 1;
  const [saltText = '', digestText = '', ...more] = id === '7' ? rest.slice(1) : rest;
  const salt = fromBase64(saltText, 'padded');
  const digest = fromBase64(digestText, 'padded');
  const readable =
    more.length === 0 &&
    iterations !== undefined &&
    iterations > 0 &&
    salt !== undefined &&
    digest !== undefined;
  // crypt(3) uses the same numbers for other algorithms, whose hashes have another length and no padding.
  if (!readable || digest.length !== DIGEST_BYTES.sha512) {
    return invalid(`$${id}$ is not mosquitto’s form (crypt(3) hashes of that number are not supported)`);
  }
  return id === '7'
    ? { kind: 'pbkdf2', macfun: 'sha512', iterations, salt, digest }
    : { kind: 'digest', algorithm: 'sha512', position: 'suffix', salt, digest };
}

/** Our own `$sha256-salted$salt$digest`: the digest of salt and secret, base64 without padding. */
function parseSalted(algorithm: string, rest: readonly string[]): StoredForm | InvalidHash {
  const [saltText = '', digestText = ''] = rest;
  const salt = fromBase64(saltText, 'unpadded');
  const digest = fromBase64(digestText, 'unpadded');
  if (!isDigestName(algorithm))
    return invalid(`the digest is one of: ${Object.keys(DIGEST_BYTES).join(', ')}`);
  if (rest.length !== 2 || salt === undefined || digest?.length !== DIGEST_BYTES[algorithm]) {
    return invalid(`$${algorithm}-salted$ is followed by salt$hash, in base64 without padding`);
  }
  return { kind: 'digest', algorithm, position: 'prefix', salt, digest };
}

/** Writes the form that {@link parseSalted} reads. */
export const formatSalted = (
  algorithm: keyof typeof DIGEST_BYTES,
  salt: Uint8Array,
  digest: Uint8Array,
): string => `$${algorithm}-salted$${toPhcBase64(salt)}$${toPhcBase64(digest)}`;
