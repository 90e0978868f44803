import { describe, expect, test } from 'vitest';
import {
  CONNACK_BUSY,
  FAMILIES,
  FIX_ACTIONS,
  REASON_CODES,
  REASON_CODES_BY_FAMILY,
  REASONS,
  type ReasonCode,
  connack,
  docsSlugOf,
  familyOf,
  fillReasonText,
  isReasonCode,
  reasonOf,
} from '../src/reasons/index.ts';

/** auth.md §3, the whole of its wire table: code → [MQTT 5, MQTT 3.1.1]. Codes that are not listed get no CONNACK. */
const BAD_CREDENTIALS = [0x86, 4] as const;
const NOT_AUTHORIZED = [0x87, 5] as const;
const BACKEND_ERROR = [0x88, 3] as const;
const BAD_METHOD = [0x8c, 5] as const;
const PROTOCOL_ERROR = [0x82, null] as const;
const WIRE: Partial<Record<ReasonCode, readonly [number, number | null]>> = {
  BASIC_NO_CREDENTIALS: BAD_CREDENTIALS,
  BASIC_PASSWORD_MISMATCH: BAD_CREDENTIALS,
  BASIC_PASSWORD_MISSING: BAD_CREDENTIALS,
  BASIC_CREDENTIALS_UNPARSABLE: BAD_CREDENTIALS,
  X509_CLIENT_CN_MISSING: NOT_AUTHORIZED,
  X509_AUTH_FAILURE: NOT_AUTHORIZED,
  X509_PEER_UNVERIFIED: NOT_AUTHORIZED,
  X509_CHAIN_EMPTY: NOT_AUTHORIZED,
  X509_CERT_CN_MISSING: NOT_AUTHORIZED,
  X509_NO_RULES_FOR_CN: NOT_AUTHORIZED,
  X509_TLS_NOT_USED: NOT_AUTHORIZED,
  X509_NO_CREDENTIALS: BAD_CREDENTIALS,
  X509_CREDENTIALS_UNPARSABLE: NOT_AUTHORIZED,
  SCRAM_DISABLED: BAD_METHOD,
  SCRAM_NOT_USED: NOT_AUTHORIZED,
  SCRAM_METHOD_UNSUPPORTED: BAD_METHOD,
  SCRAM_METHOD_CHANGED: BAD_METHOD,
  SCRAM_DATA_MISSING: NOT_AUTHORIZED,
  SCRAM_FIRST_MESSAGE_INVALID: NOT_AUTHORIZED,
  SCRAM_UNKNOWN_USER: BAD_CREDENTIALS,
  SCRAM_PROOF_MISMATCH: BAD_CREDENTIALS,
  SCRAM_UNEXPECTED_STATE: PROTOCOL_ERROR,
  SCRAM_REAUTH_FAILED: NOT_AUTHORIZED,
  SCRAM_CREDENTIALS_UNPARSABLE: BAD_CREDENTIALS,
  JWT_MISSING: BAD_CREDENTIALS,
  JWT_MALFORMED: BAD_CREDENTIALS,
  JWT_KEY_NOT_FOUND: BAD_CREDENTIALS,
  JWT_SIGNATURE_INVALID: BAD_CREDENTIALS,
  JWT_ALGORITHM_NOT_ALLOWED: BAD_CREDENTIALS,
  JWT_EXPIRED: NOT_AUTHORIZED,
  JWT_NOT_YET_VALID: NOT_AUTHORIZED,
  JWT_ISSUED_IN_FUTURE: NOT_AUTHORIZED,
  JWT_CLAIM_MISMATCH: NOT_AUTHORIZED,
  JWT_JWKS_UNAVAILABLE: BACKEND_ERROR,
  HTTP_DENIED: NOT_AUTHORIZED,
  HTTP_IGNORED: BAD_CREDENTIALS,
  HTTP_TIMEOUT: BACKEND_ERROR,
  HTTP_UNREACHABLE: BACKEND_ERROR,
  HTTP_BAD_RESPONSE: BACKEND_ERROR,
  SOURCE_NO_RECORD: BAD_CREDENTIALS,
  SOURCE_PASSWORD_MISMATCH: BAD_CREDENTIALS,
  SOURCE_PASSWORD_MISSING: BAD_CREDENTIALS,
  SOURCE_SALT_MISSING: BAD_CREDENTIALS,
  SOURCE_SALT_UNEXPECTED: BAD_CREDENTIALS,
  SOURCE_HASH_INVALID: BAD_CREDENTIALS,
  SOURCE_BAD_RESULT: BACKEND_ERROR,
  SOURCE_TIMEOUT: BACKEND_ERROR,
  SOURCE_UNREACHABLE: BACKEND_ERROR,
  LDAP_NO_ENTRY: BAD_CREDENTIALS,
  LDAP_BIND_REJECTED: BAD_CREDENTIALS,
  LDAP_PASSWORD_MISMATCH: BAD_CREDENTIALS,
  LDAP_PASSWORD_MISSING: BAD_CREDENTIALS,
  LDAP_ACCOUNT_DISABLED: BAD_CREDENTIALS,
  LDAP_HASH_MISSING: BAD_CREDENTIALS,
  LDAP_HASH_INVALID: BAD_CREDENTIALS,
  LDAP_BAD_RESULT: BACKEND_ERROR,
  LDAP_UNREACHABLE: BACKEND_ERROR,
  LDAP_TIMEOUT: BACKEND_ERROR,
  TLS_CRL_UNAVAILABLE: NOT_AUTHORIZED,
  TLS_CERT_REQUIRED: NOT_AUTHORIZED,
  TLS_CERT_UNTRUSTED: NOT_AUTHORIZED,
  TLS_CERT_EXPIRED: NOT_AUTHORIZED,
  TLS_CERT_NOT_YET_VALID: NOT_AUTHORIZED,
  TLS_CERT_REVOKED: NOT_AUTHORIZED,
  ANONYMOUS_DENIED: NOT_AUTHORIZED,
  ANONYMOUS_QUICK_DENIED: NOT_AUTHORIZED,
  CHAIN_EXHAUSTED: NOT_AUTHORIZED,
  CREDENTIAL_DISABLED: NOT_AUTHORIZED,
  CREDENTIAL_EXPIRED: NOT_AUTHORIZED,
  CLIENT_BLOCKED: [0x8a, 5],
  TOO_MANY_FAILURES: BAD_CREDENTIALS,
  WILL_NOT_AUTHORIZED: NOT_AUTHORIZED,
  SESSION_OWNED_BY_OTHER: [0x85, 2],
  SESSION_NOT_STORED: BACKEND_ERROR,
  REQUIRE_BIND_MISMATCH: BAD_CREDENTIALS,
  AUTHENTICATOR_ERROR: BACKEND_ERROR,
  PROTOCOL_VERSION_UNSUPPORTED: [0x84, 1],
  PROTOCOL_MALFORMED_CONNECT: [0x81, null],
  PROTOCOL_CLIENT_ID_REJECTED: [0x85, 2],
  PROTOCOL_PACKET_TOO_LARGE: [0x95, null],
  QUOTA_EXCEEDED: [0x9f, 3],
};

/** The seed's own thirteen reasons, which its users look for by name. */
const SEED_TITLES: Partial<Record<ReasonCode, string>> = {
  BASIC_NO_CREDENTIALS: 'No credentials found',
  BASIC_PASSWORD_MISMATCH: 'Password does not match',
  BASIC_PASSWORD_MISSING: 'No password provided',
  BASIC_CREDENTIALS_UNPARSABLE: 'Cannot parse basic credentials',
  X509_CLIENT_CN_MISSING: 'Failed to get client certificate CN',
  X509_AUTH_FAILURE: 'X.509 authentication failure',
  X509_PEER_UNVERIFIED: 'Peer identity not verified',
  X509_CHAIN_EMPTY: 'No certificates in chain',
  X509_CERT_CN_MISSING: 'Failed to get certificate CN',
  X509_NO_RULES_FOR_CN: 'No authorization rules for CN',
  X509_NO_CREDENTIALS: 'No matching X.509 credentials found',
  X509_CREDENTIALS_UNPARSABLE: 'Cannot parse X.509 credentials',
};

const PLACEHOLDERS = ['{clientId}', '{username}', '{ip}', '{listener}', '{authenticator}'];

describe('the reason catalogue', () => {
  test('has an entry for each of the 98 codes and no other', () => {
    expect(REASON_CODES).toHaveLength(98);
    expect(Object.keys(REASONS).sort()).toEqual([...REASON_CODES].sort());
  });

  test.each(FAMILIES)('files every %s code under that family', (family) => {
    for (const code of REASON_CODES_BY_FAMILY[family]) expect(familyOf(code)).toBe(family);
  });

  test.each(REASON_CODES)('%s says what it is, why it happens, for instance, and what to do', (code) => {
    const { title, cause, example, fix, rank } = REASONS[code];
    expect(title.split(' ').length).toBeLessThanOrEqual(6);
    expect(title).toMatch(/^\p{Lu}.*[^.]$/u);
    for (const text of [cause, example, fix.text]) expect(text).toMatch(/^\p{Lu}.{20,}\.$/u);
    expect(FIX_ACTIONS).toContain(fix.action);
    expect(rank).toBeGreaterThanOrEqual(0);
    expect(rank).toBeLessThanOrEqual(100);
  });

  test.each(REASON_CODES)('%s uses no placeholder that nobody fills', (code) => {
    const { cause, example, fix } = REASONS[code];
    const used = `${cause} ${fix.text}`.match(/\{[^}]*\}/g) ?? [];
    for (const placeholder of used) expect(PLACEHOLDERS).toContain(placeholder);
    expect(example).not.toMatch(/[{}]/);
  });

  test('gives every code a title of its own', () => {
    const titles = REASON_CODES.map((code) => REASONS[code].title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test('keeps the titles that users of the seed know', () => {
    for (const [code, title] of Object.entries(SEED_TITLES)) expect(reasonOf(code)?.title).toBe(title);
    expect(REASONS.X509_TLS_NOT_USED.cause).toContain('SSL handler not constructed');
  });

  test('ranks the exhausted chain below everything that says more', () => {
    const others = REASON_CODES.filter((code) => code !== 'CHAIN_EXHAUSTED');
    for (const code of others) expect(REASONS[code].rank).toBeGreaterThan(REASONS.CHAIN_EXHAUSTED.rank);
  });
});

describe('connack', () => {
  test.each(REASON_CODES)('%s answers each protocol version as auth.md §3 says, and nothing more', (code) => {
    const [v5, v3] = WIRE[code] ?? [null, null];
    expect(connack(5, code)).toBe(v5);
    expect(connack(4, code)).toBe(v3);
    expect(connack(3, code)).toBe(v3);
  });

  test.each([...REASON_CODES_BY_FAMILY.basic, 'TOO_MANY_FAILURES'] as const)(
    '%s is answered as an unknown user is: a peer cannot find out which users exist',
    (code) => {
      for (const version of [3, 4, 5] as const) {
        expect(connack(version, code)).toBe(connack(version, 'BASIC_NO_CREDENTIALS'));
      }
    },
  );

  test('busy is answered as busy, not as unauthorized', () => {
    expect(CONNACK_BUSY).toEqual({ v3: 3, v5: 0x89 });
  });
});

describe('looking a code up', () => {
  test('a known code gives its entry and its page', () => {
    expect(isReasonCode('BASIC_NO_CREDENTIALS')).toBe(true);
    expect(reasonOf('BASIC_NO_CREDENTIALS')).toBe(REASONS.BASIC_NO_CREDENTIALS);
    expect(docsSlugOf('BASIC_NO_CREDENTIALS')).toBe('reasons/BASIC_NO_CREDENTIALS');
  });

  test.each(['', 'basic_no_credentials', 'toString', '__proto__'])('%j is no code', (text) => {
    expect(isReasonCode(text)).toBe(false);
    expect(reasonOf(text)).toBeUndefined();
  });
});

describe('fillReasonText', () => {
  test('puts facts into quotation marks, and words where there is no fact', () => {
    expect(fillReasonText('{username} from {ip} on {listener}', { username: 'pump-7', ip: '' })).toBe(
      '“pump-7” from the address on the listener',
    );
  });

  test('leaves a hostile fact alone: it is not filled a second time', () => {
    expect(fillReasonText('{username}', { username: '{ip}$&', ip: '203.0.113.7' })).toBe('“{ip}$&”');
  });
});
