import { describe, expect, test } from 'vitest';
import { checkAny, verifyByRule } from '../src/check-any.ts';
import { storedHashFromEmqxBlob } from '../src/emqx-blob.ts';
import { parseHashRule, wantsSalt } from '../src/hash-rule.ts';
import { isInvalid } from '../src/stored-form.ts';
import { parseStoredHash, storedHashByRule } from '../src/stored-hash.ts';
import { bytes } from './support.ts';
import { RULE_VECTORS } from './vectors.ts';

const rule = (text: string) => {
  const parsed = parseHashRule(text);
  if (isInvalid(parsed)) throw new Error(parsed.invalid);
  return parsed;
};

const checkText = (stored: string, password: string): boolean => {
  const form = parseStoredHash(stored);
  if (isInvalid(form)) throw new Error(form.invalid);
  return checkAny(form, bytes(password));
};

describe.each(RULE_VECTORS)('%s', (text, forPublic, forSecret) => {
  const parsed = rule(text);
  const salt = wantsSalt(parsed) ? 'salt' : null;

  test('matches its password and no other', () => {
    expect(verifyByRule(parsed, bytes('public'), forPublic, salt)).toBe('match');
    expect(verifyByRule(parsed, bytes('secret'), forSecret, salt)).toBe('match');
    expect(verifyByRule(parsed, bytes('public'), forSecret, salt)).toBe('mismatch');
    expect(verifyByRule(parsed, bytes(''), forPublic, salt)).toBe('mismatch');
  });

  test('matches the same as a self-describing stored hash', () => {
    const stored = storedHashByRule(parsed, forPublic, salt);
    if (!('hash' in stored)) throw new Error(stored.problem);
    expect(checkText(stored.hash, 'public')).toBe(true);
    expect(checkText(stored.hash, 'secret')).toBe(false);
  });

  test('tells a missing or unexpected salt and an empty hash from a wrong password', () => {
    const wrongSalt = salt === null ? 'salt' : null;
    expect(verifyByRule(parsed, bytes('public'), forPublic, wrongSalt)).toBe(
      salt === null ? 'salt-unexpected' : 'salt-missing',
    );
    expect(verifyByRule(parsed, bytes('public'), '', salt)).toBe('hash-invalid');
    expect(verifyByRule(parsed, bytes(''), '', salt)).toBe('hash-invalid');
  });
});

test.each(RULE_VECTORS.filter(([text]) => text !== 'bcrypt'))(
  '%s: hex is read in either case',
  (text, forPublic) => {
    const parsed = rule(text);
    const salt = wantsSalt(parsed) ? 'salt' : null;
    expect(verifyByRule(parsed, bytes('public'), forPublic.toUpperCase(), salt)).toBe('match');
  },
);

describe('bcrypt', () => {
  const stored = '2b$04$abcdefghijklmnopqrstuuaNoRgelGRsJ2Tm9Zn/HHRlHib6lnzBu';
  const COLUMN = '$2b$04$abcdefghijklmnopqrstuu';

  test.each(['$2a', '$2b', '$2y'])('%s gives the same digest', (prefix) => {
    expect(checkText(prefix + stored.slice(2), 'public')).toBe(true);
    expect(checkText(`{CRYPT}${prefix}${stored.slice(2)}`, 'secret')).toBe(false);
  });

  test.each(['salt,bcrypt', 'bcrypt,salt'])(
    '%s takes the salt from its column, which must be the hash’s own',
    (text) => {
      expect(verifyByRule(rule(text), bytes('public'), `$${stored}`, COLUMN)).toBe('match');
      expect(verifyByRule(rule(text), bytes('secret'), `$${stored}`, COLUMN)).toBe('mismatch');
      expect(verifyByRule(rule(text), bytes('public'), `$${stored}`, COLUMN.replace('2b', '2a'))).toBe(
        'hash-invalid',
      );
    },
  );

  test('looks at 72 bytes of a password, as everywhere', () => {
    const long = 'p'.repeat(72);
    const hash = '$2b$04$abcdefghijklmnopqrstuuaNoRgelGRsJ2Tm9Zn/HHRlHib6lnzBu';
    expect(checkText(hash, `${long}x`)).toBe(checkText(hash, `${long}y`));
  });
});

test('plain passwords compare exactly, case included', () => {
  expect(verifyByRule({ kind: 'plain' }, bytes('public'), 'public', null)).toBe('match');
  expect(verifyByRule({ kind: 'plain' }, bytes('Public'), 'public', null)).toBe('mismatch');
  expect(checkText('plain:pass:word', 'pass:word')).toBe(true);
});

describe('EMQX’s built-in blob', () => {
  const DIGEST = 'a103cdb4d4621c292a41cc5bc632db0cbe1272a3f04886c5dc24c72194fe555c';
  const hashOf = (blob: Uint8Array, algorithm: 'sha256' | 'plain'): string => {
    const stored = storedHashFromEmqxBlob(blob, algorithm);
    if (isInvalid(stored)) throw new Error(stored.invalid);
    return stored.hash;
  };

  test('four salt bytes and the hex digest of salt and password', () => {
    const hash = hashOf(new Uint8Array([1, 2, 3, 4, ...bytes(DIGEST)]), 'sha256');
    expect(checkText(hash, 'public')).toBe(true);
    expect(checkText(hash, 'secret')).toBe(false);
  });

  test('as long as the hex alone, it has no salt', () => {
    const unsalted = RULE_VECTORS.find(([text]) => text === 'sha256')![1];
    expect(checkText(hashOf(bytes(unsalted), 'sha256'), 'public')).toBe(true);
  });

  test('a plain blob is hashed rather than kept', () => {
    const hash = hashOf(new Uint8Array([1, 2, 3, 4, 1, 2, 3, 4, ...bytes('public')]), 'plain');
    expect(hash).not.toContain('public');
    expect(checkText(hash, 'public')).toBe(true);
  });

  test('anything else is refused', () => {
    expect(storedHashFromEmqxBlob(bytes('short'), 'sha256')).toHaveProperty('invalid');
    expect(storedHashFromEmqxBlob(new Uint8Array(), 'plain')).toHaveProperty('invalid');
  });
});

test.each([
  ['{MD5}TJGE83z/AbzcMtxIbsNpYQ==', 'public'],
  ['{SHA}YcmysX23eieEG77qv/kjRIsPY4g=', 'public'],
  ['{SHA256}76HzdddhlPpRo1Vql+ZB5haF+RTURpedpQpVGkMz/9c=', 'public'],
  ['{SSHA}Q+cYNAZ9Wdg66TS7gGcBeLgQub5zYWx0', 'public'],
  ['{ssha}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0', 'secret'],
])('LDAP %s', (stored, password) => {
  expect(checkText(stored, password)).toBe(true);
  expect(checkText(stored, `${password} `)).toBe(false);
});
