import { describe, expect, test } from 'vitest';
import { connackAsEmqx43 } from '../src/preset/emqx-connack.ts';
import { rulingsOfEmqx43 } from '../src/preset/emqx-rulings.ts';
import { connack, REASON_CODES, type ReasonCode } from '../src/reasons/index.ts';
import { settle } from '../src/settle.ts';
import type { Verdict } from '../src/verdict.ts';

/** Letters of the summary matrix, reference/emqx.md §1.1: F stops the chain, G goes on. */
const MATRIX: readonly (readonly [type: string, situation: string, verdict: Verdict, result: 'F' | 'G'])[] = [
  ['builtin', 'wrong password', { outcome: 'deny', reason: 'BASIC_PASSWORD_MISMATCH' }, 'F'],
  ['builtin', 'not in store', { outcome: 'ignore', reason: 'BASIC_NO_CREDENTIALS' }, 'G'],
  ...(['mysql', 'postgresql', 'redis', 'mongodb'] as const).flatMap((type) => [
    [type, 'not in store', { outcome: 'ignore', reason: 'SOURCE_NO_RECORD' }, 'G'] as const,
    [type, 'wrong password', { outcome: 'deny', reason: 'SOURCE_PASSWORD_MISMATCH' }, 'F'] as const,
    [type, 'password absent', { outcome: 'deny', reason: 'SOURCE_PASSWORD_MISSING' }, 'G'] as const,
    [type, 'salt not selected', { outcome: 'deny', reason: 'SOURCE_SALT_MISSING' }, 'G'] as const,
    [type, 'salt with an unsalted rule', { outcome: 'deny', reason: 'SOURCE_SALT_UNEXPECTED' }, 'F'] as const,
  ]),
  ['mysql', 'backend down', { outcome: 'error', reason: 'SOURCE_UNREACHABLE' }, 'F'],
  ['mysql', 'query error', { outcome: 'error', reason: 'SOURCE_TIMEOUT' }, 'F'],
  ['mysql', 'unexpected shape', { outcome: 'error', reason: 'SOURCE_BAD_RESULT' }, 'G'],
  ['postgresql', 'backend down', { outcome: 'error', reason: 'SOURCE_UNREACHABLE' }, 'G'],
  ['postgresql', 'query error', { outcome: 'error', reason: 'SOURCE_TIMEOUT' }, 'G'],
  ['postgresql', 'unexpected shape', { outcome: 'error', reason: 'SOURCE_BAD_RESULT' }, 'G'],
  ['redis', 'backend down', { outcome: 'error', reason: 'SOURCE_UNREACHABLE' }, 'G'],
  ['redis', 'unexpected shape', { outcome: 'error', reason: 'SOURCE_BAD_RESULT' }, 'G'],
  ['mongodb', 'backend down', { outcome: 'error', reason: 'SOURCE_UNREACHABLE' }, 'F'],
  ['mongodb', 'query error', { outcome: 'error', reason: 'SOURCE_TIMEOUT' }, 'F'],
  ['ldap', 'not in store', { outcome: 'ignore', reason: 'LDAP_NO_ENTRY' }, 'G'],
  ['ldap', 'wrong password', { outcome: 'deny', reason: 'LDAP_PASSWORD_MISMATCH' }, 'F'],
  ['ldap', 'bind rejected', { outcome: 'deny', reason: 'LDAP_BIND_REJECTED' }, 'F'],
  ['ldap', 'backend down', { outcome: 'error', reason: 'LDAP_UNREACHABLE' }, 'F'],
  ['ldap', 'password absent', { outcome: 'deny', reason: 'LDAP_PASSWORD_MISSING' }, 'G'],
  ['ldap', 'nothing stored', { outcome: 'deny', reason: 'LDAP_HASH_MISSING' }, 'G'],
  ['http', 'body ignore', { outcome: 'ignore', reason: 'HTTP_IGNORED' }, 'G'],
  ['http', 'refused by status', { outcome: 'deny', reason: 'HTTP_DENIED' }, 'F'],
  ['http', 'backend down', { outcome: 'error', reason: 'HTTP_UNREACHABLE' }, 'F'],
  ['jwt', 'no token', { outcome: 'ignore', reason: 'JWT_MISSING' }, 'G'],
  ['jwt', 'no JWT', { outcome: 'ignore', reason: 'JWT_MALFORMED' }, 'G'],
  ['jwt', 'no usable key', { outcome: 'ignore', reason: 'JWT_KEY_NOT_FOUND' }, 'G'],
  ['jwt', 'wrong signature', { outcome: 'deny', reason: 'JWT_SIGNATURE_INVALID' }, 'F'],
];

describe('the result matrix of EMQX 4.3', () => {
  test.each(MATRIX)('%s, %s', (type, _situation, verdict, result) => {
    const policy = { onError: 'deny', onMismatch: 'deny', rulings: rulingsOfEmqx43(type, false) } as const;
    expect(settle(verdict, policy).effect).toBe(result === 'F' ? 'deny' : 'ignore');
  });

  test('an absent password is refused where passwords are stored as they are', () => {
    const policy = { onError: 'deny', onMismatch: 'deny', rulings: rulingsOfEmqx43('redis', true) } as const;
    expect(settle({ outcome: 'deny', reason: 'SOURCE_PASSWORD_MISSING' }, policy).effect).toBe('deny');
  });

  test('nothing but an allow becomes an allow', () => {
    for (const type of ['builtin', 'mysql', 'postgresql', 'redis', 'mongodb', 'ldap', 'http', 'jwt']) {
      const policy = {
        onError: 'ignore',
        onMismatch: 'ignore',
        rulings: rulingsOfEmqx43(type, false),
      } as const;
      for (const reason of REASON_CODES) {
        for (const outcome of ['deny', 'ignore', 'error'] as const) {
          expect(settle({ outcome, reason }, policy).effect).not.toBe('allow');
        }
      }
    }
  });
});

/** reference/emqx.md §3.2 and, for HTTP, §1.8. */
const CODES: readonly (readonly [ReasonCode, status: number | undefined, v5: number, v3: number])[] = [
  ['BASIC_PASSWORD_MISMATCH', undefined, 0x86, 4],
  ['LDAP_PASSWORD_MISMATCH', undefined, 0x86, 4],
  ['SOURCE_PASSWORD_MISMATCH', undefined, 0x87, 5],
  ['SOURCE_UNREACHABLE', undefined, 0x87, 5],
  ['LDAP_BIND_REJECTED', undefined, 0x87, 5],
  ['LDAP_ACCOUNT_DISABLED', undefined, 0x87, 5],
  ['JWT_EXPIRED', undefined, 0x87, 5],
  ['JWT_SIGNATURE_INVALID', undefined, 0x87, 5],
  ['CHAIN_EXHAUSTED', undefined, 0x87, 5],
  ['BASIC_NO_CREDENTIALS', undefined, 0x87, 5],
  ['ANONYMOUS_QUICK_DENIED', undefined, 0x87, 5],
  ['HTTP_DENIED', 400, 0x86, 4],
  ['HTTP_DENIED', 401, 0x86, 4],
  ['HTTP_DENIED', 403, 0x87, 5],
  ['HTTP_DENIED', 429, 0x8a, 5],
  ['HTTP_BAD_RESPONSE', 503, 0x88, 3],
  ['HTTP_TIMEOUT', 504, 0x89, 3],
  ['HTTP_BAD_RESPONSE', 500, 0x88, 3],
  ['HTTP_BAD_RESPONSE', 204, 0x88, 3],
  ['HTTP_UNREACHABLE', undefined, 0x88, 3],
  ['HTTP_TIMEOUT', undefined, 0x88, 3],
  ['CLIENT_BLOCKED', undefined, 0x8a, 5],
  ['SCRAM_METHOD_CHANGED', undefined, 0x8c, 5],
  ['PROTOCOL_CLIENT_ID_REJECTED', undefined, 0x85, 2],
  ['PROTOCOL_VERSION_UNSUPPORTED', undefined, 0x84, 1],
];

describe('the CONNACK codes of EMQX 4.3', () => {
  test.each(CODES)('%s with status %s is answered 0x%s, or %i by 3.1.1', (reason, status, v5, v3) => {
    const detail = status === undefined ? {} : { status };
    expect([connackAsEmqx43(5, reason, detail), connackAsEmqx43(4, reason, detail)]).toEqual([v5, v3]);
  });

  test('every reason has an answer wherever ours has one', () => {
    for (const reason of REASON_CODES) {
      expect([reason, connackAsEmqx43(5, reason, {}) === null]).toEqual([
        reason,
        connack(5, reason) === null,
      ]);
    }
  });
});
