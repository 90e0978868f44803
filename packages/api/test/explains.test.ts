import type { ReasonCode, TraceStep } from '@gatehouse/auth-core';
import type { AuditEntry, StoredCertificate } from '@gatehouse/ports';
import { describe, expect, test } from 'vitest';
import { explain } from '../src/services/unauthorized/explain.ts';
import { explainsRefusal } from '../src/services/unauthorized/explains.ts';
import { about, auditOf, credentialOf, MINUTE, NOW, rowOf } from './rows.ts';

const step = (authenticator: string, outcome: TraceStep['outcome'], detail?: TraceStep['detail']) => ({
  authenticator,
  type: authenticator,
  outcome,
  reason: null,
  ms: 1,
  ...(detail === undefined ? {} : { detail }),
});

const change = (
  action: string,
  target: { readonly kind: string; readonly id: string } | null,
  before: unknown = null,
  after: unknown = null,
): AuditEntry => ({
  ...auditOf(action, NOW),
  target: target === null ? null : { ...target, name: target.id },
  before,
  after,
});

const chainChange = (before: readonly unknown[], after: readonly unknown[], action = 'chain.update') =>
  change(action, { kind: 'chain', id: 'default' }, { steps: before }, { steps: after });

const blames = (
  entry: AuditEntry,
  reason: ReasonCode,
  trace: readonly ReturnType<typeof step>[] = [],
  credential = credentialOf(),
) =>
  explainsRefusal(entry, {
    row: rowOf(reason, { trace }),
    credential,
    listenersOf: { default: ['tcp'], other: ['tls'] },
  });

describe('a change of the chain is blamed', () => {
  const denied = [step('builtin', 'ignore'), step('mysql', 'deny')];
  const ignored = [step('builtin', 'ignore'), step('mysql', 'ignore')];

  test.each<[string, readonly unknown[], readonly unknown[], typeof denied, boolean]>([
    ['when the step that refused is new', ['builtin'], ['builtin', 'mysql'], denied, true],
    ['when one before it is gone', ['builtin', 'jwt', 'mysql'], ['builtin', 'mysql'], denied, true],
    ['when one before it stands behind it now', ['jwt', 'mysql'], ['mysql', 'jwt'], denied, true],
    ['when one before it was in a group', [{ require: ['jwt', 'x'] }, 'mysql'], ['mysql'], denied, true],
    ['not when one behind it is gone', ['builtin', 'mysql', 'jwt'], ['builtin', 'mysql'], denied, false],
    ['not when one before it is new', ['mysql'], ['builtin', 'mysql'], denied, false],
    ['when nobody refused and one is gone', ['builtin', 'mysql', 'jwt'], ['builtin', 'mysql'], ignored, true],
    ['not when nobody refused and one is new', ['builtin'], ['builtin', 'mysql'], ignored, false],
  ])('%s', (_name, before, after, trace, expected) => {
    expect(blames(chainChange(before, after), 'BASIC_NO_CREDENTIALS', trace)).toBe(expected);
  });

  test('not when another listener goes by it', () => {
    const other = { ...chainChange(['jwt'], []), target: { kind: 'chain', id: 'other', name: 'other' } };
    expect(blames(other, 'CHAIN_EXHAUSTED')).toBe(false);
  });

  test('never when it is a revert', () => {
    expect(blames(chainChange(['jwt'], [], 'chain.revert'), 'CHAIN_EXHAUSTED')).toBe(false);
    for (const action of ['authenticator.revert', 'anonymous.revert']) {
      expect(blames(change(action, { kind: 'anonymous', id: 'anonymous' }), 'ANONYMOUS_DENIED')).toBe(false);
    }
  });
});

describe('a change of an authenticator is blamed', () => {
  const edit = (name: string, enabled = true) =>
    change(
      'authenticator.update',
      { kind: 'authenticator', id: name },
      { settings: { enabled: true } },
      { settings: { enabled } },
    );

  test('when it refused, or stood before the one that did', () => {
    const trace = [step('jwt', 'ignore'), step('mysql', 'deny'), step('ldap', 'not-asked')];
    expect(
      ['jwt', 'mysql', 'ldap', 'redis'].map((name) => blames(edit(name), 'SOURCE_NO_RECORD', trace)),
    ).toEqual([...[true, true, false, false]]);
  });

  test('when it was switched off and would have been asked', () => {
    const off = step('jwt', 'not-asked', { enabled: false });
    expect(blames(edit('jwt', false), 'CHAIN_EXHAUSTED', [off])).toBe(true);
    expect(blames(edit('jwt', false), 'SOURCE_NO_RECORD', [step('mysql', 'deny'), off])).toBe(false);
  });

  test('a failing step whose policy is to pass on refuses nobody', () => {
    const trace = [step('mysql', 'error', { treatedAs: 'ignore' }), step('builtin', 'ignore')];
    expect(
      blames(chainChange(['jwt', 'mysql', 'builtin'], ['mysql', 'builtin']), 'SOURCE_TIMEOUT', trace),
    ).toBe(true);
    expect(blames(chainChange(['builtin'], ['mysql', 'builtin']), 'SOURCE_TIMEOUT', trace)).toBe(false);
  });
});

describe('a change of the anonymous policy is blamed', () => {
  const policy = (before: string, after: string) =>
    change('anonymous.update', { kind: 'anonymous', id: 'anonymous' }, { policy: before }, { policy: after });

  test('when it let everybody in before and nobody else refused', () => {
    expect(blames(policy('allow', 'deny'), 'ANONYMOUS_DENIED')).toBe(true);
    expect(blames(policy('deny', 'quick_deny'), 'ANONYMOUS_QUICK_DENIED')).toBe(true);
    expect(blames(policy('deny', 'allow'), 'ANONYMOUS_DENIED')).toBe(false);
    expect(blames(policy('allow', 'deny'), 'BASIC_PASSWORD_MISMATCH', [step('builtin', 'deny')])).toBe(false);
  });
});

describe('a change of a credential is blamed', () => {
  const target = { kind: 'credential', id: 'cred-1' };
  const edit = (before: object, after: object) => change('credential.update', target, before, after);

  test('a new secret for a wrong one, and for nothing else', () => {
    const rotated = change('credential.reset-secret', target);
    expect(blames(rotated, 'BASIC_PASSWORD_MISMATCH')).toBe(true);
    expect(blames(rotated, 'PSK_KEY_MISMATCH')).toBe(true);
    expect(blames(rotated, 'CREDENTIAL_DISABLED')).toBe(false);
    expect(blames(rotated, 'WILL_NOT_AUTHORIZED')).toBe(false);
  });

  test('an edit for what it changed', () => {
    const [on, off] = [{ enabled: true }, { enabled: false }];
    expect(blames(edit(on, off), 'CREDENTIAL_DISABLED')).toBe(true);
    expect(blames(edit(off, on), 'CREDENTIAL_DISABLED')).toBe(false);
    expect(blames(edit({ expiresAt: null }, { expiresAt: '2026-01-01' }), 'CREDENTIAL_EXPIRED')).toBe(true);
    expect(blames(edit({ rules: [1] }, { rules: [] }), 'WILL_NOT_AUTHORIZED')).toBe(true);
    expect(blames(edit({ rules: [1] }, { rules: [] }), 'BASIC_PASSWORD_MISMATCH')).toBe(false);
  });

  test('switching many off, for each of them', () => {
    const off = (id: string) =>
      change('credential.disable-many', null, null, { count: 1, credentials: [{ id, name: 'x' }] });
    expect(blames(off('cred-1'), 'CREDENTIAL_DISABLED')).toBe(true);
    expect(blames(off('cred-2'), 'CREDENTIAL_DISABLED')).toBe(false);
    expect(blames(change('credential.disable', target), 'CREDENTIAL_DISABLED')).toBe(true);
    expect(blames(change('credential.disable', target), 'BASIC_PASSWORD_MISMATCH')).toBe(false);
  });

  test("not another's, and not one that was only exported", () => {
    const other = change('credential.reset-secret', { kind: 'credential', id: 'cred-2' });
    expect(blames(other, 'BASIC_PASSWORD_MISMATCH')).toBe(false);
    expect(blames(change('credential.export', null), 'BASIC_PASSWORD_MISMATCH')).toBe(false);
  });
});

test('a global access rule is blamed for a will that is not authorized, and for nothing else', () => {
  const rule = (action: string, permission: string) =>
    change(action, { kind: 'access-rule', id: 'r' }, null, { permission });
  expect(blames(rule('access-rule.create', 'deny'), 'WILL_NOT_AUTHORIZED')).toBe(true);
  expect(blames(rule('access-rule.create', 'allow'), 'WILL_NOT_AUTHORIZED')).toBe(false);
  expect(blames(rule('access-rule.delete', 'allow'), 'WILL_NOT_AUTHORIZED')).toBe(true);
  expect(blames(rule('access-rule.create', 'deny'), 'BASIC_PASSWORD_MISMATCH')).toBe(false);
});

describe('what is so by now', () => {
  const told = (...given: Parameters<typeof explain>) => explain(...given).likelyCause.map(({ key }) => key);
  const offered = (...given: Parameters<typeof explain>) =>
    explain(...given)
      .fixes.filter(({ available }) => available)
      .map(({ action }) => action);

  test('whoever was forgiven is not slowed any more, and there is nothing to forgive', () => {
    const row = rowOf('TOO_MANY_FAILURES', { detail: { failures: 9, until: '2026-05-01T13:00:00Z' } });
    expect(told(row, about({ slowedUntil: NOW + MINUTE }), NOW)).toEqual(['failures', 'slowed-until']);
    expect(offered(row, about({ slowedUntil: NOW + MINUTE }), NOW)).toContain('forgive-failures');
    expect(told(row, about({ slowedUntil: null }), NOW)).toEqual(['failures', 'slowed-no-longer']);
    expect(offered(row, about({ slowedUntil: null }), NOW)).not.toContain('forgive-failures');
  });

  test('a session that was released is in nobody’s way', () => {
    const row = rowOf('SESSION_OWNED_BY_OTHER');
    expect(told(row, about({ sessionHeld: true }), NOW)).toContain('session-held');
    expect(told(row, about({ sessionHeld: false }), NOW)).toContain('session-free');
    expect(offered(row, about({ sessionHeld: false }), NOW)).not.toContain('release-session');
  });

  test('what a credential is already is not offered again', () => {
    const credential = credentialOf({ previousSecretValidUntil: NOW + MINUTE });
    const known = about({ credential, hasPreviousSecret: true });
    expect(offered(rowOf('CREDENTIAL_DISABLED'), known, NOW)).not.toContain('enable-credential');
    expect(offered(rowOf('CREDENTIAL_EXPIRED'), known, NOW)).not.toContain('extend-credential');
    expect(offered(rowOf('BASIC_PASSWORD_MISMATCH'), known, NOW)).toEqual([
      ...['reset-secret', 'open-in-tester', 'block'],
    ]);
  });

  test('others that the same change keeps out are counted', () => {
    const entry = auditOf('credential.reset-secret', NOW - 12 * MINUTE);
    const keys = told(
      rowOf('BASIC_PASSWORD_MISMATCH'),
      about({ credential: credentialOf(), precededBy: entry, othersRefusedSince: 3 }),
      NOW,
    );
    expect(keys).toContain('preceded-by');
    expect(keys).toContain('others-refused-since');
  });
});

describe('a certificate of the private CA', () => {
  const facts = {
    ...{ subject: 'CN=pump-7', issuer: 'CN=Gatehouse', commonName: 'pump-7', fingerprint: 'f' },
    ...{ serialNumber: '0A', notBefore: '2025-01-01T00:00:00Z', notAfter: '2026-01-01T00:00:00Z' },
  };
  const registered: StoredCertificate = {
    serial: '0A',
    version: 1,
    authority: 'a',
    fingerprint: 'f',
    commonName: 'pump-7',
    names: [],
    purpose: 'client',
    notBefore: 0,
    notAfter: NOW - 60 * MINUTE,
    keyOrigin: 'server',
    createdAt: 0,
    createdBy: 'Ada',
    replaces: null,
    replacedBy: null,
    revokedAt: null,
    revokedBy: null,
    revocationReason: null,
    pem: '',
  };

  test('that was revoked says by whom and when, and is shown', () => {
    const certificate = {
      ...registered,
      revokedAt: NOW,
      revokedBy: 'Ada',
      revocationReason: 'keyCompromise',
    } as const;
    const { likelyCause, fixes } = explain(
      rowOf('TLS_CERT_REVOKED', { certificate: facts, username: null }),
      about({ certificate }),
      NOW,
    );
    expect(likelyCause[0]).toMatchObject({ key: 'certificate-revoked', values: { by: 'Ada', serial: '0A' } });
    expect(fixes[0]).toMatchObject({ action: 'show-certificate', primary: true, prefill: { serial: '0A' } });
  });

  test('that has ended says when, and is renewed; one that was renewed shows the new one', () => {
    const row = rowOf('TLS_CERT_EXPIRED', { certificate: facts, username: null });
    const ended = explain(row, about({ certificate: registered }), NOW);
    expect(ended.likelyCause[0]).toMatchObject({ key: 'certificate-ended', values: { at: facts.notAfter } });
    expect(ended.fixes[0]).toMatchObject({ action: 'renew-certificate', prefill: { serial: '0A' } });
    const renewed = explain(row, about({ certificate: { ...registered, replacedBy: '0B' } }), NOW);
    expect(renewed.likelyCause.map(({ key }) => key)).toContain('certificate-renewed');
    expect(renewed.fixes[0]).toMatchObject({ action: 'show-certificate', prefill: { serial: '0B' } });
  });

  test('of somebody else is told from the list alone', () => {
    const row = rowOf('TLS_CERT_REVOKED', { certificate: facts, username: null });
    const { likelyCause, fixes } = explain(row, about(), NOW);
    expect(likelyCause[0]).toMatchObject({ key: 'certificate-listed' });
    expect(fixes.map(({ action }) => action)).not.toContain('show-certificate');
  });
});

test('a certificate or a key that quick deny never looked at is said to be so', () => {
  const row = rowOf('ANONYMOUS_QUICK_DENIED', { username: null, pskIdentity: 'meter' });
  expect(explain(row, about(), NOW).likelyCause[0]?.key).toBe('quick-denied-psk');
  expect(explain({ ...row, pskIdentity: null }, about(), NOW).likelyCause[0]?.key).toBe('quick-denied');
});
