import type { UnauthorizedClientDetail, UnauthorizedFilter } from '@gatehouse/ports';
import { describe, expect, test } from 'vitest';
import { guessersAmong, guessingIn, networksOf } from '../src/services/unauthorized/guessers.ts';
import { MINUTE, NOW, rowOf, signatureOf } from './rows.ts';

const evidenceOf = (distinctSecrets: number): UnauthorizedClientDetail['evidence'] => ({
  ...rowOf('BASIC_PASSWORD_MISMATCH').evidence,
  distinctSecrets,
});
const guesser = (id: string, network: string, more: Partial<UnauthorizedClientDetail> = {}) =>
  rowOf('BASIC_PASSWORD_MISMATCH', {
    id,
    evidence: evidenceOf(9),
    signatures: [signatureOf(network, { username: `user-${id}`, attempts: 30 })],
    ...more,
  });

/** Rows as a repository would answer them, with what it was asked for. */
const rows = (all: readonly UnauthorizedClientDetail[]) => {
  const asked: UnauthorizedFilter[] = [];
  return {
    asked,
    page: (filter: UnauthorizedFilter) => {
      asked.push(filter);
      return Promise.resolve({ items: all, next: null, prev: null, total: all.length, totalIsExact: true });
    },
    get: (id: string) => Promise.resolve(all.find((row) => row.id === id) ?? null),
  };
};

describe('networks that somebody guesses from', () => {
  test('what was tried from one network adds up, and the network with the most attempts comes first', () => {
    const found = networksOf([
      guesser('1', '203.0.113.0/24'),
      guesser('2', '198.51.100.0/24'),
      guesser('3', '203.0.113.0/24'),
    ]);
    const one = { usernames: 1, secrets: 9, attempts: 30, clients: 1, lastAt: NOW - MINUTE };
    expect(found).toEqual([
      { ...one, network: '203.0.113.0/24', usernames: 2, secrets: 18, attempts: 60, clients: 2 },
      { ...one, network: '198.51.100.0/24' },
    ]);
  });

  test('a device that retries one secret, who got in since, and who is near a credential guess nothing', async () => {
    const [retries, gotIn, near] = [
      guesser('1', '10.0.0.0/24', { evidence: evidenceOf(1) }),
      guesser('2', '10.0.1.0/24', { state: 'resolved' }),
      guesser('3', '10.0.2.0/24', {
        evidence: { ...evidenceOf(9), mismatchHints: ['trailing-whitespace'] },
      }),
    ];
    expect(await guessersAmong(rows([retries, gotIn, near]), {})).toEqual([]);
  });

  test('nobody is looked for among reasons that no guess ends in', async () => {
    const source = rows([guesser('1', '203.0.113.0/24')]);
    expect(await guessersAmong(source, { reason: { include: ['TLS_CERT_EXPIRED'] } })).toEqual([]);
    expect(source.asked).toEqual([]);
  });

  test('an incident names the network of the guesser in it, a network itself however it is spelt', async () => {
    const source = rows([guesser('1', '2001:db8::/64', { firstAttemptAt: 1_234_567 })]);
    const incident = await guessingIn(source, {}, 'incident');
    expect(incident('BASIC_PASSWORD_MISMATCH 1200000')).toBe('2001:db8::/64');
    expect(incident('BASIC_PASSWORD_MISMATCH 600000')).toBeNull();
    const network = await guessingIn(source, {}, 'network');
    expect(network('2001:db8:0:0::/64')).toBe('2001:db8:0:0::/64');
    expect(network('2001:db8:0:1::/64')).toBeNull();
    expect((await guessingIn(source, {}, 'reason'))('BASIC_PASSWORD_MISMATCH')).toBeNull();
  });
});
