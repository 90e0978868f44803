import { describe, expect, test } from 'vitest';
import { scramCrypto } from '../../hashing/src/scram.ts';
import {
  fromBase64,
  isProblem,
  readClientFinal,
  readClientFirst,
  serverFirst,
  toBase64,
} from '../src/methods/scram-message.ts';
import { saslprep } from '../src/methods/scram-saslprep.ts';
import { deriveScramKeys, isProofRight, serverSignature } from '../src/methods/scram-secret.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('SASLprep', () => {
  // RFC 4013 §3, all of it, and one row per rule beyond.
  test.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['\u0007', undefined],
    ['\u0627\u0031', undefined],
    ['\u0627\u0031\u0628', '\u0627\u0031\u0628'],
    ['a\u3000b', 'a b'],
    ['\u0627a\u0628', undefined],
    ['p\u00e9', 'pé'],
    ['x\u{1fffe}', undefined],
    ['x\ue000', undefined],
    ['x\ufffd', undefined],
    ['\u{1f512}', '\u{1f512}'],
    ['', ''],
  ])('of %j is %j', (given, prepared) => {
    expect(saslprep(given)).toBe(prepared);
  });
});

describe('the vector of RFC 7677 §3', () => {
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  const salt = fromBase64('W22ZaJ0SNY7soEsUEjb6gQ==') ?? new Uint8Array();
  const final = `c=biws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`;
  const authMessage = `n=user,r=rOprNGfwEbeRWgbNEkqO,${serverFirst(nonce, salt, 4_096)},c=biws,r=${nonce}`;

  test('is what the server sends, accepts and answers', async () => {
    expect(serverFirst(nonce, salt, 4_096)).toBe(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
    const keys = await deriveScramKeys(scramCrypto, 'SCRAM-SHA-256', 'pencil', { salt, iterations: 4_096 });
    const read = readClientFinal(bytes(final));
    if (keys === undefined || isProblem(read)) throw new Error('not read');
    expect(isProofRight(scramCrypto, 'sha256', keys, { authMessage, proof: read.proof })).toBe(true);
    const other = { authMessage: `${authMessage}x`, proof: read.proof };
    expect(isProofRight(scramCrypto, 'sha256', keys, other)).toBe(false);
    const short = { authMessage, proof: read.proof.subarray(1) };
    expect(isProofRight(scramCrypto, 'sha256', keys, short)).toBe(false);
    expect(toBase64(serverSignature(scramCrypto, 'sha256', keys, authMessage))).toBe(
      '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    );
  });
});

describe('messages', () => {
  test.each([
    ['', 'GS2 header'],
    ['n=user,r=abc', 'GS2 header'],
    ['x,,n=user,r=abc', 'flag'],
    ['p=tls-unique,,n=user,r=abc', 'channel binding'],
    ['n,,m=ext,n=user,r=abc', 'mandatory extension'],
    ['n,,u=user,r=abc', 'username'],
    ['n,,n=,r=abc', 'username'],
    ['n,,n=us=er,r=abc', 'username'],
    ['n,,n=us\u0007er,r=abc', 'username'],
    ['n,,n=\u00ad,r=abc', 'username'],
    ['n,,n=user', 'nonce'],
    ['n,,n=user,r=', 'nonce'],
    ['n,,n=user,r=a b', 'nonce'],
    ['n,,n=user,r=abc,nonsense', 'extension'],
    ['n,a=other,n=user,r=abc', 'somebody else'],
    [`n,,n=${'x'.repeat(4_096)},r=abc`, 'longer than'],
  ])('the first message %j is none, and the field is named', (message, problem) => {
    const read = readClientFirst(bytes(message));
    expect(isProblem(read) ? read.problem : 'read').toContain(problem);
  });

  test('bytes that are no UTF-8 are no message', () => {
    const invalid = new Uint8Array([0xff]);
    expect(isProblem(readClientFirst(invalid)) && isProblem(readClientFinal(invalid))).toBe(true);
  });

  test.each(['n,,n=user,r=abc', 'y,,n=user,r=abc', 'n,a=user,n=user,r=abc', 'n,,n=us\u00ader,r=abc,x=1'])(
    'the first message %j names the user',
    (message) => {
      expect(readClientFirst(bytes(message))).toMatchObject({ username: 'user', nonce: 'abc' });
    },
  );

  test('a name with a comma and an equals sign is written escaped', () => {
    expect(readClientFirst(bytes('n,,n=a=2Cb=3Dc,r=abc'))).toMatchObject({ username: 'a,b=c' });
  });

  test.each([
    ['c=biws,r=abc', 'proof'],
    ['c=biws,r=abc,p=%', 'base64'],
    ['c=biws,r=abc,p=dHzb=', 'base64'],
    ['c=biwt!,r=abc,p=AAAA', 'channel binding'],
    ['d=biws,r=abc,p=AAAA', 'channel binding'],
    ['c=biws,n=abc,p=AAAA', 'nonce'],
    ['c=biws,r=abc,nonsense,p=AAAA', 'extension'],
    ['c=biws,r=abc,p=AB==', 'base64'],
  ])('the final message %j is none, and the field is named', (message, problem) => {
    const read = readClientFinal(bytes(message));
    expect(isProblem(read) ? read.problem : 'read').toContain(problem);
  });
});
