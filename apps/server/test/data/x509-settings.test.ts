import { x509Settings } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { x509CredentialsOf, x509Problems } from '../../src/data/authenticators/x509-settings.ts';

const parse = (...credentials: readonly object[]) => x509Settings.parse({ type: 'x509', credentials });
const isTaken = (match: object): boolean =>
  x509Settings.safeParse({ type: 'x509', credentials: [{ name: 'a', match }] }).success;

describe('settings of x509', () => {
  test.each([
    [{ cn: 'a' }],
    [{ cn_pattern: 'a.*' }],
    [{ san_dns: 'a' }],
    [{ fingerprint: 'AB:'.repeat(31) + 'AB' }],
    [{ issuer: 'CN=a', serial: '0a' }],
  ])('%j says whom a credential speaks for', (match) => {
    expect(isTaken(match)).toBe(true);
  });

  test.each([
    [{}],
    [{ cn: 'a', san_dns: 'b' }],
    [{ issuer: 'CN=a' }],
    [{ serial: '0a' }],
    [{ cn: 'a', issuer: 'CN=a', serial: '0a' }],
    [{ fingerprint: 'abcd' }],
    [{ cn: '' }],
  ])('%j does not', (match) => {
    expect(isTaken(match)).toBe(false);
  });

  test('patterns that are no RE2, topics that are no filters and names given twice are told by path', () => {
    const rules = [{ permission: 'allow', action: 'all', topic: 'a/#/b' }];
    const settings = parse(
      { name: 'one', match: { cn_pattern: '(' }, rules },
      { name: 'one', match: { cn: 'a' }, rules_by_cn: { '(?=a)': rules } },
    );
    expect(x509Problems(settings).map(({ path, found }) => `${path} ${found}`)).toEqual([
      'credentials.0.match.cn_pattern (',
      'credentials.0.rules.0.topic a/#/b',
      'credentials.1.name one',
      'credentials.1.rules_by_cn (?=a)',
      'credentials.1.rules_by_cn.(?=a).0.topic a/#/b',
    ]);
  });

  test('a pattern is about the whole common name, and takes no longer for a hostile one', () => {
    const [credential] = x509CredentialsOf(parse({ name: 'one', match: { cn_pattern: '(a+)+' } }));
    const match = credential?.match;
    const test = match?.by === 'cn_pattern' ? match.test : undefined;
    expect(test?.('aaa')).toBe(true);
    expect(test?.('aab')).toBe(false);
    expect(test?.(`${'a'.repeat(2_000)}b`)).toBe(false);
    expect(test?.('a'.repeat(3_000))).toBe(false);
  });
});
