import { Secret, type TokenVerifier } from '@gatehouse/auth-core';
import { manualClock } from '@gatehouse/auth-core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenVerifier, type TokenVerifierOptions } from '../src/jwt.ts';
import { publicKeys, secretKey, type VerificationKey } from '../src/jwt-keys.ts';
import { ecPair, edPair, privatePem, rsaPair, signatureOf, signingInput, tokenOf } from './support/tokens.ts';

const SECRET = 'an-hmac-secret-of-at-least-32-bytes!';
const secretBytes = Buffer.from(SECRET);
const RSA = rsaPair();
const OTHER_RSA = rsaPair();
const EC = { ES256: ecPair('prime256v1'), ES384: ecPair('secp384r1'), ES512: ecPair('secp521r1') };
const ED = edPair();

const hmacKey = (): VerificationKey => {
  const read = secretKey(new Secret(SECRET), { base64: false, weak: false });
  if (read.keys === undefined) throw new Error(read.problem);
  return read.keys;
};
const pemKeys = (...pems: readonly string[]): readonly VerificationKey[] => {
  const read = publicKeys(pems.join('\n'));
  if (read.keys === undefined) throw new Error(read.problem);
  return read.keys;
};

const ALL_PEMS = [RSA, EC.ES256, EC.ES384, EC.ES512, ED].map(({ publicPem }) => publicPem);

function verifierWith(differs: Partial<TokenVerifierOptions> = {}): TokenVerifier {
  return createTokenVerifier({
    keys: [hmacKey(), ...pemKeys(...ALL_PEMS)],
    jwks: undefined,
    algorithms: [],
    clock: manualClock(),
    ...differs,
  });
}

const SIGNERS = [
  ['HS256', secretBytes],
  ['HS384', secretBytes],
  ['HS512', secretBytes],
  ['RS256', RSA.privateKey],
  ['RS384', RSA.privateKey],
  ['RS512', RSA.privateKey],
  ['PS256', RSA.privateKey],
  ['PS384', RSA.privateKey],
  ['PS512', RSA.privateKey],
  ['ES256', EC.ES256.privateKey],
  ['ES384', EC.ES384.privateKey],
  ['ES512', EC.ES512.privateKey],
  ['EdDSA', ED.privateKey],
] as const;

describe.each(SIGNERS)('%s', (alg, key) => {
  test('a token that its key signed is verified, and gives its claims', async () => {
    const token = tokenOf(alg, key, { sub: 'pump-7', level: 3 });
    expect(await verifierWith().verify(token)).toEqual({
      result: 'verified',
      alg,
      kid: undefined,
      claims: { sub: 'pump-7', level: 3 },
    });
  });

  test('claims that were changed after signing are not verified', async () => {
    const [header = '', , signature = ''] = tokenOf(alg, key).split('.');
    const claims = Buffer.from(JSON.stringify({ sub: 'admin' })).toString('base64url');
    expect(await verifierWith().verify(`${header}.${claims}.${signature}`)).toMatchObject({
      result: 'signature-invalid',
      alg,
    });
  });

  test('a token without its signature, or with half of it, is not verified', async () => {
    const input = signingInput({ alg }, { sub: 'pump-7' });
    const signature = signatureOf(alg, key, input);
    for (const cut of ['', signature.slice(0, signature.length / 2)]) {
      expect((await verifierWith().verify(`${input}.${cut}`)).result).toBe('signature-invalid');
    }
  });
});

describe('an algorithm is never chosen by the token against the key', () => {
  test('a public key is not taken for the secret of an HMAC, in any of its forms', async () => {
    const verifier = verifierWith({ keys: pemKeys(RSA.publicPem) });
    for (const text of [RSA.publicPem, RSA.publicPem.trim(), RSA.publicPem.replaceAll('\n', '')]) {
      const forged = tokenOf('HS256', Buffer.from(text), { sub: 'admin' });
      expect((await verifier.verify(forged)).result).toBe('no-key');
    }
  });

  test.each(['none', 'None', 'NONE', 'nOnE', ''])(
    '"%s" is no algorithm, with or without a signature',
    async (alg) => {
      const input = signingInput({ alg }, { sub: 'admin' });
      for (const signature of ['', 'AAAA']) {
        expect(await verifierWith().verify(`${input}.${signature}`)).toMatchObject({
          result: 'algorithm-not-allowed',
          alg,
        });
      }
    },
  );

  test('what the allow-list leaves out is refused although there is a key for it', async () => {
    const verifier = verifierWith({ algorithms: ['RS256'] });
    const answer = await verifier.verify(tokenOf('HS256', secretBytes));
    expect(answer).toEqual({ result: 'algorithm-not-allowed', alg: 'HS256', allowed: ['RS256'] });
    expect((await verifier.verify(tokenOf('RS256', RSA.privateKey))).result).toBe('verified');
  });

  test('a key of another curve does not fit', async () => {
    const verifier = verifierWith({ keys: pemKeys(EC.ES384.publicPem) });
    expect((await verifier.verify(tokenOf('ES256', EC.ES256.privateKey))).result).toBe('no-key');
  });
});

describe('keys of the settings', () => {
  test('are tried in turn: with two RSA keys a token of either is verified', async () => {
    const verifier = verifierWith({ keys: pemKeys(OTHER_RSA.publicPem, RSA.publicPem) });
    expect((await verifier.verify(tokenOf('RS256', RSA.privateKey))).result).toBe('verified');
    expect((await verifier.verify(tokenOf('RS256', OTHER_RSA.privateKey))).result).toBe('verified');
    expect(await verifier.verify(tokenOf('RS256', rsaPair().privateKey))).toMatchObject({
      result: 'signature-invalid',
      keysTried: 2,
    });
  });

  test('a secret shorter than 32 bytes is refused with a clear word unless it may be weak', () => {
    const short = new Secret('short');
    expect(secretKey(short, { base64: false, weak: false })).toEqual({
      problem: 'a secret of 5 bytes, of which one can be found by trying',
    });
    expect(secretKey(short, { base64: false, weak: true }).keys).toBeDefined();
    expect(secretKey(new Secret(''), { base64: false, weak: true }).keys).toBeUndefined();
  });

  test('a base64 secret is its bytes, padded or not, in either alphabet; anything else is refused', async () => {
    const bytes = Buffer.alloc(33, 0xfb);
    for (const text of [bytes.toString('base64'), bytes.toString('base64url')]) {
      const read = secretKey(new Secret(text), { base64: true, weak: false });
      const verifier = verifierWith({ keys: read.keys === undefined ? [] : [read.keys] });
      expect((await verifier.verify(tokenOf('HS256', bytes))).result).toBe('verified');
    }
    for (const text of ['not base64 at all, but long enough to be a secret', 'abcde', '===='])
      expect(secretKey(new Secret(text), { base64: true, weak: true }).keys).toBeUndefined();
  });

  test('private keys, RSA keys of 1024 bits and texts without a key are refused without repeating them', () => {
    const texts = [
      privatePem(RSA),
      rsaPair(1_024).publicPem,
      'no key',
      '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    ];
    for (const text of texts) {
      const read = publicKeys(text);
      expect(read.keys).toBeUndefined();
      expect(JSON.stringify(read)).not.toContain('MII');
    }
  });
});

describe('what is no token', () => {
  const good = tokenOf('HS256', secretBytes);
  const rows: readonly (readonly [string, string])[] = [
    ['an ordinary password', 'correct horse battery staple'],
    ['two parts', 'eyJhbGciOiJIUzI1NiJ9.e30'],
    ['an encrypted token', 'eyJh.a.b.c.d'],
    ['a token with a line end', `${good}\n`],
    ['a header that is no base64url', `a+/=.${good.split('.').slice(1).join('.')}`],
    ['a header that is no JSON', `${Buffer.from('{').toString('base64url')}.e30.AAAA`],
    ['a header that is a list', `${Buffer.from('[]').toString('base64url')}.e30.AAAA`],
    ['a header without an algorithm', `${signingInput({}, {})}.AAAA`],
    ['a key ID that is no text', `${signingInput({ alg: 'HS256', kid: 7 }, {})}.AAAA`],
    [
      'an extension that must be understood',
      tokenOf('HS256', secretBytes, {}, { crit: ['b64'], b64: false }),
    ],
  ];
  test.each(rows)('%s is malformed, and known to be so at once', (_what, text) => {
    const known = verifierWith().peek(text);
    expect(known).toMatchObject({ result: 'malformed' });
    expect(JSON.stringify(known)).not.toContain(text.slice(0, 12));
  });

  test('a signed payload that is no JSON object is malformed', async () => {
    for (const claims of [[1], 'text', 7, null]) {
      const answer = await verifierWith().verify(tokenOf('HS256', secretBytes, claims));
      expect(answer).toMatchObject({ result: 'malformed' });
    }
  });

  test('no text whatever makes the verifier throw or verify', async () => {
    const verifier = verifierWith();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String()).map((parts) => parts.join('.')),
        ),
        async (text) => {
          expect((await verifier.verify(text)).result).not.toBe('verified');
        },
      ),
    );
  });
});

describe('what is remembered', () => {
  test('a verified token is known without work until it ends, and not longer', async () => {
    const clock = manualClock();
    const verifier = verifierWith({ clock });
    const token = tokenOf('HS256', secretBytes, { exp: clock.now() / 1_000 + 60 });
    expect(verifier.peek(token)).toBeUndefined();
    const verified = await verifier.verify(token);
    expect(verifier.peek(token)).toEqual(verified);
    clock.advance(60_000);
    expect(verifier.peek(token)).toBeUndefined();
  });

  test('a bad signature is known without work for a minute', async () => {
    const clock = manualClock();
    const verifier = verifierWith({ clock });
    const token = tokenOf('HS256', Buffer.alloc(32, 1));
    await verifier.verify(token);
    expect(verifier.peek(token)).toMatchObject({ result: 'signature-invalid' });
    clock.advance(60_000);
    expect(verifier.peek(token)).toBeUndefined();
  });

  test('a token that differs by one character is another token', async () => {
    const verifier = verifierWith();
    const token = tokenOf('HS256', secretBytes);
    await verifier.verify(token);
    const last = token.endsWith('A') ? 'E' : 'A';
    expect(verifier.peek(`${token.slice(0, -1)}${last}`)).toBeUndefined();
  });
});
