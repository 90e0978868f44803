import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAny } from '../src/check-any.ts';
import { formatHashRule, parseHashRule } from '../src/hash-rule.ts';
import { formatName, isLight, isInvalid, needsRehash, type StoredForm } from '../src/stored-form.ts';
import { parseStoredHash, storedHashByRule } from '../src/stored-hash.ts';
import { BCRYPT_PUBLIC, bytes } from './support.ts';

const parsed = (text: string): StoredForm => {
  const form = parseStoredHash(text);
  if (isInvalid(form)) throw new Error(form.invalid);
  return form;
};

const SALT = 'c2FsdHNhbHQxMjM0';
const DIGEST = 'VqWXQ47fl6UKhznqJ7UdWdFUr7fYGP4/vEohcevUIGM';

/** All store the password `public`; computed with Python's hashlib, mosquitto_passwd and libargon2. */
const FORMS: readonly (readonly [format: string, stored: string, fast: boolean, rehash: boolean])[] = [
  [
    'argon2id',
    '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$CxbzMxyxZwUFewIiIrXj+AWx9SYhEcqgsxmUSFmnuDE',
    false,
    true,
  ],
  ['scrypt', `$scrypt$ln=10,r=8,p=1$${SALT}$${DIGEST}`, false, true],
  ['pbkdf2-sha256', `$pbkdf2-sha256$i=1000$${SALT}$QCiNI+B0JRUtk1/7UjAeqn+6fShKL5o+lbAOcuAT0iM`, false, true],
  [
    'pbkdf2-sha512',
    '$7$101$c2FsdHNhbHQxMjM0$2/x7z6nM6Z0wv45OECTxs2yHYJWAs33ck8nsaVNZKmO7TGIjRspYC/tVJnJAfepaXEC6g7BbS6zJ4Aif80c3Lg==',
    true,
    true,
  ],
  [
    'sha512-salted',
    '$6$c2FsdHNhbHQxMjM0$RmrM2iWAozjbuht1TXyX/NglbnF+Bykcxc/3yDxitQCvfSnibgW8arqUN4Hmicn9cez9YQnfCQFawV46zflbSQ==',
    true,
    true,
  ],
  [
    'sha256-salted',
    '$sha256-salted$MDEyMzQ1Njc4OWFiY2RlZg$o6DIByZEmxij0xgqeXOM/XuWQe31G8qLVfGkCfKA9Cg',
    true,
    false,
  ],
  ['bcrypt', BCRYPT_PUBLIC, false, true],
  ['bcrypt', `bcrypt:${BCRYPT_PUBLIC}`, false, true],
  ['plain', 'plain:public', true, true],
  ['sha224-salted', 'salt,sha224:d4e6ec2884aa26fd1398375f75508e277c9f3d5b5e17c364d01f8f85:salt', true, true],
  [
    'sha384-salted',
    'sha384,prefix:1114478b33a181485ea9f584ebbbf3532393f177ecdae048de214bf72c080a76aa8f311366f21f58cf688fd480e451bb:salt',
    true,
    true,
  ],
  ['pbkdf2-sha256', 'pbkdf2,sha256,1000,20:5a21f11c597da1447641c0a5ba58b856a76f1084:salt', false, true],
  ['sha384', '{SHA384}t+1d4RBzhCuAtZS45WpM7jqGCmP8FzJ0brGV04OOJM0zt8RW+CPYMWILlzFWgPSq', true, true],
  [
    'sha512',
    '{SHA512}0ymX6XR7ZaPs9luCUzpMhDxOFt0wzzcejIGrYKNB3gAFHaQi1B/ynFVpXyM6Hgb6yLea6wpNka5dPRjI4JuMcw==',
    true,
    true,
  ],
  ['sha256-salted', '{SSHA256}9KhhW+MB+69iE98zz+XyKVOq/Awxvrjy2u9VsSdETSdzYWx0', true, true],
  [
    'sha512-salted',
    '{SSHA512}f/r2dPwLlINdbNup8+gLfX3I7+X+fP6fAdONMJcYzvM5/DAU+wB9ITPWXW/qjpBIF2cK62nKR6dFVIBMFeG9T3NhbHQ=',
    true,
    true,
  ],
];

describe.each(FORMS)('%s: %.20s…', (format, stored, fast, rehash) => {
  const form = parsed(stored);

  test('is read, named, and checks its password', () => {
    expect(formatName(form)).toBe(format);
    expect(checkAny(form, bytes('public'))).toBe(true);
    expect(checkAny(form, bytes('Public'))).toBe(false);
  });

  test('goes to the workers when slow, and is replaced at the next login when weak', () => {
    expect(isLight(form)).toBe(fast);
    expect(needsRehash(form)).toBe(rehash);
  });
});

test.each([
  '$7$101$lF4PqcHou/g+G+12$ZIo9H2VOEq/LhTod3FTonU+4mttYORgSYWCbZf+K1OfQN2hgC9Nz7m9w4BwP4Qqtpd8w8PWMK91qB0TFxon4Lw==',
  '$6$1RIdMAzfeYj5ZXYg$Pn5aRBOKI5JP8Zrijg4Rq4a+8lUGSUyZ1E6TT0iHyz9OW4bwKhw1PqaF/vOkZgajOiWHB8rMIPtXC+UmOHyTlw==',
])('what mosquitto_passwd 2.0 wrote checks: %.6s…', (stored) => {
  expect(checkAny(parsed(stored), bytes('public'))).toBe(true);
  expect(checkAny(parsed(stored), bytes('secret'))).toBe(false);
});

test.each([
  [
    'today’s argon2id',
    '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$CxbzMxyxZwUFewIiIrXj+AWx9SYhEcqgsxmUSFmnuDE',
  ],
  ['bcrypt of cost 10', '$2b$10$abcdefghijklmnopqrstuuqB133muLbebjZ9nczmeCmyhpAaUpSbK'],
  ['scrypt of 32 MiB', `$scrypt$ln=15,r=8,p=1$${SALT}$${DIGEST}`],
  ['PBKDF2 of 210 000 rounds', `$pbkdf2-sha512$i=210000$${SALT}$${DIGEST}`],
])('%s stays as it is', (_what, stored) => {
  expect(needsRehash(parsed(stored))).toBe(false);
});

describe('a stored hash cannot stall the workers', () => {
  test.each([
    ['argon2 memory', `$argon2id$v=19$m=4194304,t=1,p=1$${SALT}$${DIGEST}`],
    ['argon2 passes', `$argon2id$v=19$m=65536,t=999,p=1$${SALT}$${DIGEST}`],
    ['argon2 lanes', `$argon2id$v=19$m=65536,t=1,p=200$${SALT}$${DIGEST}`],
    ['argon2 with too little memory for its lanes', `$argon2id$v=19$m=8,t=1,p=4$${SALT}$${DIGEST}`],
    ['bcrypt cost', '$2b$31$abcdefghijklmnopqrstuuqB133muLbebjZ9nczmeCmyhpAaUpSbK'],
    ['scrypt N', `$scrypt$ln=30,r=8,p=1$${SALT}$${DIGEST}`],
    ['scrypt N beyond numbers', `$scrypt$ln=99999,r=8,p=1$${SALT}$${DIGEST}`],
    ['scrypt parallelism', `$scrypt$ln=14,r=8,p=9999$${SALT}$${DIGEST}`],
    ['pbkdf2 iterations', `$pbkdf2-sha512$i=999999999$${SALT}$${DIGEST}`],
    ['pbkdf2 iterations over several blocks', `pbkdf2,md5,900000,64:${'ab'.repeat(64)}:salt`],
    ['pbkdf2 over MD4', `pbkdf2,md4,900000,16:${'ab'.repeat(16)}:salt`],
    ['length', `plain:${'x'.repeat(5000)}`],
  ])('%s beyond its bound is invalid', (_what, stored) => {
    expect(parseStoredHash(stored)).toHaveProperty('invalid');
  });
});

test.each([
  '',
  ':',
  'plain:',
  'sha256:',
  'sha256:abc',
  'sha256:zz',
  'md5:4c9184f37cff01bcdc32dc486ec36961:salt',
  'salt,md5:c91e85973ceee05f005996584f067a72',
  '4c9184f37cff01bcdc32dc486ec36961',
  '{CRYPT}$6$x$y',
  '{SSHA}Q+cYNAZ9',
  '{NOPE}abcd',
  '{',
  '{constructor}YQ==',
  '$',
  '$$',
  '$1$salt$hash',
  '$2x$04$abcdefghijklmnopqrstuuaNoRgelGRsJ2Tm9Zn/HHRlHib6lnzBu',
  '$5$salt$hash',
  '$7$0$c2FsdA==$AAAA',
  '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1',
  '$argon2id$v=16$m=64,t=1,p=1$c2FsdHNhbHQ$abc',
  '$argon2id$v=19$m=64,m=64,p=1$c2FsdHNhbHRzYWx0$CxbzMxyxZwUFewIiIrXj',
  '$scrypt$ln=0,r=8,p=1$c2FsdA$abc',
  'pbkdf2,sha256,0,20:ab:salt',
])('%j is in no known form, and matches nothing', (stored) => {
  expect(parseStoredHash(stored)).toHaveProperty('invalid');
});

test('no text whatever makes the parser throw, and none it refuses is quoted back', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .tuple(
        fc.constantFrom('$argon2id$', '$scrypt$', '$7$', '{SSHA}', 'pbkdf2,sha256,1000,20:', 'salt,md5:'),
        fc.string(),
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const form = parseStoredHash(text);
      expect(isInvalid(form) || form.kind.length > 0).toBe(true);
    }),
  );
});

describe('a rule of EMQX’s password_hash', () => {
  test.each([
    'plain',
    'md5',
    'salt,sha',
    'sha224,salt',
    'salt,sha512',
    'bcrypt',
    'salt,bcrypt',
    'pbkdf2,ripemd160,1000,20',
  ])('%s reads and writes the same', (text) => {
    const rule = parseHashRule(text);
    if (isInvalid(rule)) throw new Error(rule.invalid);
    expect(formatHashRule(rule)).toBe(text);
  });

  test.each([
    ['bcrypt,salt', 'salt,bcrypt'],
    ['sha256,prefix', 'salt,sha256'],
    ['sha256,suffix', 'sha256,salt'],
    ['sha256,disable', 'sha256'],
    [' salt , sha256 ', 'salt,sha256'],
    ['pbkdf2,sha256,1000', 'pbkdf2,sha256,1000,32'],
  ])('%s means %s', (text, same) => {
    expect(parseHashRule(text)).toEqual(parseHashRule(same));
  });

  test.each([
    '',
    'salt',
    'sha3',
    'salt,plain',
    'plain,salt',
    'salt,sha256,salt',
    'sha256,infix',
    'pbkdf2',
    'pbkdf2,sha3,1000,20',
    'pbkdf2,sha256,-1,20',
    'pbkdf2,sha256,1e3,20',
    'pbkdf2,sha256,1000,0',
    'pbkdf2,sha256,1000,20,9',
  ])('%j is refused with what is accepted', (text) => {
    expect(parseHashRule(text)).toHaveProperty('invalid');
  });

  test('a salt that looks like hex, or holds colons, is taken as the text it is', () => {
    const rule = { kind: 'digest', algorithm: 'sha256', position: 'prefix' } as const;
    const hash = storedHashByRule(rule, 'ab'.repeat(32), '00:ff');
    if (!('hash' in hash)) throw new Error(hash.problem);
    expect(parsed(hash.hash)).toMatchObject({ salt: bytes('00:ff') });
  });
});
