import { withinBounds } from './bounds.ts';
import {
  formByRule,
  formatHashRule,
  parseHashRule,
  wantsSalt,
  type HashRule,
  type RuleProblem,
} from './hash-rule.ts';
import { parseLdap } from './ldap-form.ts';
import { HASHING_LIMITS } from './limits.ts';
import { LruMap } from './lru-map.ts';
import { parseModular } from './modular-form.ts';
import { isInvalid, type InvalidHash, type StoredForm } from './stored-form.ts';

/**
 * Parses a self-describing stored hash: PHC strings (`$argon2id$…`, `$scrypt$…`, `$pbkdf2-sha512$…`,
 * `$sha256-salted$…`), bcrypt, mosquitto's `$6$` and `$7$`, LDAP's `{SSHA}…`, and EMQX's
 * `ALGORITHM[,salt position]:hex[:salt]`. Costs beyond `HASHING_LIMITS` are invalid.
 *
 * @example parseStoredHash('salt,sha256:bede…5e35:salt') // { kind: 'digest', algorithm: 'sha256', … }
 */
export function parseStoredHash(text: string): StoredForm | InvalidHash {
  if (text === '') return { invalid: 'it is empty' };
  if (text.length > HASHING_LIMITS.storedHashCharsMax) {
    return { invalid: `it is longer than ${HASHING_LIMITS.storedHashCharsMax} characters` };
  }
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const form = parseAny(text);
  const outcome = isInvalid(form) ? form : withinBounds(form);
  parsed.set(text, outcome);
  return outcome;
}

/** A storm asks for the same few credentials' hashes again and again, and each is asked for several times a refusal. */
const parsed = new LruMap<string, StoredForm | InvalidHash>(HASHING_LIMITS.parsedFormsMax);

function parseAny(text: string): StoredForm | InvalidHash {
  if (text.startsWith('$')) return parseModular(text);
  if (text.startsWith('{')) return parseLdap(text);
  return parseEmqx(text);
}

function parseEmqx(text: string): StoredForm | InvalidHash {
  const colon = text.indexOf(':');
  if (colon < 0) return { invalid: 'it does not say its algorithm: $…, {…} or ALGORITHM:hash is expected' };
  const rule = parseHashRule(text.slice(0, colon));
  if (isInvalid(rule)) return rule;

  const rest = text.slice(colon + 1);
  const split = wantsSalt(rule) ? rest.indexOf(':') : -1;
  const form =
    split < 0 ? formByRule(rule, rest, null) : formByRule(rule, rest.slice(0, split), rest.slice(split + 1));
  return typeof form === 'string' ? { invalid: EMQX_PROBLEMS[form] } : form;
}

const EMQX_PROBLEMS: Readonly<Record<RuleProblem, string>> = {
  'salt-missing': 'the salt is missing: ALGORITHM,position:hash:salt is expected',
  'salt-unexpected': 'there is a salt, but the algorithm is written without one',
  'hash-invalid': 'the hash is not of the length, alphabet or cost that its algorithm has here',
};

/**
 * What a source returned under its configured rule, as a self-describing stored hash: connectors hand it to the
 * `PasswordVerifier`, which has the workers and the verified cache.
 */
export function storedHashByRule(
  rule: HashRule,
  stored: string,
  salt: string | null,
): { readonly hash: string } | { readonly problem: RuleProblem } {
  const form = formByRule(rule, stored, salt);
  if (typeof form === 'string') return { problem: form };
  return { hash: [formatHashRule(rule), stored, ...(salt === null ? [] : [salt])].join(':') };
}
