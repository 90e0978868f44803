import { describe, expect, it } from 'vitest';
import { hashRecoveryCode, newRecoveryCodes } from '../src/security/recovery-codes.ts';
import { base32, matchingStep, newTotpSecret, stepAt, totpCode, totpUri } from '../src/security/totp.ts';
import { describeUserAgent } from '../src/security/user-agent.ts';

const RFC_SECRET = Buffer.from('12345678901234567890');

describe('TOTP', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('RFC 6238 appendix B: at %i seconds the code is %s', (seconds, code) => {
    expect(totpCode(RFC_SECRET, stepAt(seconds * 1000), 8)).toBe(code);
  });

  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('RFC 4648 §10: base32 of "%s" is "%s"', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded);
  });

  it('takes the codes of one step before and after now, and of no other', () => {
    const secret = newTotpSecret();
    const now = 1_790_000_000_000;
    const fits = [-2, -1, 0, 1, 2].map(
      (away) => matchingStep(secret, totpCode(secret, stepAt(now) + away), now) === stepAt(now) + away,
    );
    expect(fits).toEqual([false, true, true, true, false]);
  });

  it('tells the app whose account it is, with the secret in base32', () => {
    expect(totpUri('ada+x@example.org', RFC_SECRET)).toBe(
      'otpauth://totp/Gatehouse:ada%2Bx%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Gatehouse',
    );
  });
});

describe('recovery codes', () => {
  it('are ten of 120 bits, all different, and the same however they are typed', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) {
      expect(code).toMatch(/^(?:[a-z2-7]{6}-){3}[a-z2-7]{6}$/);
      expect(hashRecoveryCode(` ${code.toUpperCase().replaceAll('-', ' ')}`)).toBe(hashRecoveryCode(code));
    }
  });
});

describe('a browser in words', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140', 'Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
      'Chrome 141',
      'Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
      'Edge 141',
      'Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari 18',
      'iPhone',
    ],
    ['<script>alert(1)</script>', null, null],
    ['', null, null],
  ])('%s', (text, browser, system) => {
    expect(describeUserAgent(text)).toEqual({ browser, system });
  });
});
