import { parseBcrypt } from './bcrypt-form.ts';
import { withinBounds } from './bounds.ts';
import {
  DIGEST_BYTES,
  MACFUN_BYTES,
  isDigestName,
  isMacfun,
  type DigestName,
  type Macfun,
} from './digests.ts';
import { fromDecimal, fromHex, utf8 } from './encodings.ts';
import { isInvalid, type InvalidHash, type SaltPosition, type StoredForm } from './stored-form.ts';

/** How a source stores passwords, as EMQX's `password_hash` says it. */
export type HashRule =
  | { readonly kind: 'plain' }
  | { readonly kind: 'digest'; readonly algorithm: DigestName; readonly position: SaltPosition }
  | { readonly kind: 'bcrypt'; readonly saltApart: boolean }
  | {
      readonly kind: 'pbkdf2';
      readonly macfun: Macfun;
      readonly iterations: number;
      readonly derivedBytes: number;
    };

/** Why what a source returned cannot be checked under its rule; each is a reason code of its own (auth.md §3). */
export type RuleProblem = 'salt-missing' | 'salt-unexpected' | 'hash-invalid';

const invalid = (why: string): InvalidHash => ({ invalid: why });

/**
 * Parses EMQX's `password_hash`: `sha256`, `salt,sha256`, `sha256,salt`, `bcrypt`, `salt,bcrypt`, `plain`,
 * `pbkdf2,MACFUN,ITERATIONS,BYTES`; EMQX 5's `sha256,prefix|suffix|disable` too. Blanks around commas do not matter.
 */
export function parseHashRule(text: string): HashRule | InvalidHash {
  const words = text.split(',').map((word) => word.trim());
  const [first = '', second] = words;
  if (first === 'pbkdf2') return parsePbkdf2Rule(words.slice(1));
  if (words.length > 2) return invalid('a rule has at most two words: an algorithm and where the salt goes');

  const salted = second !== undefined;
  if (first === 'plain' && !salted) return { kind: 'plain' };
  if (first === 'bcrypt' && (!salted || second === 'salt')) return { kind: 'bcrypt', saltApart: salted };
  if (first === 'salt' && second === 'bcrypt') return { kind: 'bcrypt', saltApart: true };
  if (first === 'salt' && salted && isDigestName(second)) {
    return { kind: 'digest', algorithm: second, position: 'prefix' };
  }
  if (isDigestName(first)) {
    const position = positionOf(second);
    return position === undefined
      ? invalid('the salt position is one of: salt, prefix, suffix, disable')
      : { kind: 'digest', algorithm: first, position };
  }
  return invalid(`the algorithm is one of: plain, ${Object.keys(DIGEST_BYTES).join(', ')}, bcrypt, pbkdf2`);
}

function positionOf(word: string | undefined): SaltPosition | undefined {
  if (word === undefined || word === 'disable') return 'none';
  if (word === 'prefix') return 'prefix';
  return word === 'suffix' || word === 'salt' ? 'suffix' : undefined;
}

function parsePbkdf2Rule(words: readonly string[]): HashRule | InvalidHash {
  const [macfun = '', iterationsText = '', bytesText] = words;
  if (words.length < 2 || words.length > 3)
    return invalid('pbkdf2 is written pbkdf2,MACFUN,ITERATIONS,BYTES');
  if (!isMacfun(macfun)) return invalid(`the macfun is one of: ${Object.keys(MACFUN_BYTES).join(', ')}`);
  const iterations = fromDecimal(iterationsText);
  const derivedBytes = bytesText === undefined ? MACFUN_BYTES[macfun] : fromDecimal(bytesText);
  if (iterations === undefined || iterations < 1) return invalid('the iterations are a number from 1');
  if (derivedBytes === undefined || derivedBytes < 1)
    return invalid('the length in bytes is a number from 1');
  return { kind: 'pbkdf2', macfun, iterations, derivedBytes };
}

/** The rule in EMQX's 4.3 words, as {@link parseHashRule} reads them. */
export function formatHashRule(rule: HashRule): string {
  switch (rule.kind) {
    case 'plain':
      return 'plain';
    case 'bcrypt':
      return rule.saltApart ? 'salt,bcrypt' : 'bcrypt';
    case 'pbkdf2':
      return `pbkdf2,${rule.macfun},${rule.iterations},${rule.derivedBytes}`;
    case 'digest':
      if (rule.position === 'none') return rule.algorithm;
      return rule.position === 'prefix' ? `salt,${rule.algorithm}` : `${rule.algorithm},salt`;
  }
}

/** Whether the rule needs a salt of its own beside the hash. */
export const wantsSalt = (rule: HashRule): boolean =>
  rule.kind === 'pbkdf2' ||
  (rule.kind === 'digest' && rule.position !== 'none') ||
  (rule.kind === 'bcrypt' && rule.saltApart);

/**
 * What a source returned, read under its rule. `salt` is null when there was none; it is the text as stored: a salt
 * that looks like hex is not decoded.
 */
export function formByRule(rule: HashRule, stored: string, salt: string | null): StoredForm | RuleProblem {
  if (wantsSalt(rule) && salt === null) return 'salt-missing';
  if (!wantsSalt(rule) && salt !== null) return 'salt-unexpected';
  const form = readForm(rule, stored, salt ?? '');
  return form === undefined || isInvalid(withinBounds(form)) ? 'hash-invalid' : form;
}

function readForm(rule: HashRule, stored: string, salt: string): StoredForm | undefined {
  switch (rule.kind) {
    case 'plain':
      return stored === '' ? undefined : { kind: 'plain', value: utf8(stored) };
    case 'bcrypt': {
      const form = parseBcrypt(stored);
      if (isInvalid(form)) return undefined;
      // Hashing under the salt column echoes its prefix, so another salt could never give this hash. Of the last
      // salt character bcrypt uses only a part, and writes it in its canonical form.
      return rule.saltApart && salt.slice(0, -1) !== stored.slice(0, BCRYPT_SALT_CHARS - 1)
        ? undefined
        : form;
    }
    case 'digest': {
      const digest = fromHex(stored);
      if (digest?.length !== DIGEST_BYTES[rule.algorithm]) return undefined;
      return { kind: 'digest', algorithm: rule.algorithm, position: rule.position, salt: utf8(salt), digest };
    }
    case 'pbkdf2': {
      const digest = fromHex(stored);
      if (digest?.length !== rule.derivedBytes) return undefined;
      return { kind: 'pbkdf2', macfun: rule.macfun, iterations: rule.iterations, salt: utf8(salt), digest };
    }
  }
}

/** `$2b$10$` and 22 characters of salt. */
const BCRYPT_SALT_CHARS = 29;
