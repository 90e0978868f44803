import { REASONS } from '@gatehouse/auth-core';
import { describe, expect, it } from 'vitest';
import type { Circumstances } from '../src/services/unauthorized/circumstances.ts';
import { howToFix } from '../src/services/unauthorized/causes/unread-proof.ts';
import { explain } from '../src/services/unauthorized/explain.ts';
import { about, auditOf, credentialOf, MINUTE, NOW, rowOf } from './rows.ts';

const keysOf = (row: Parameters<typeof explain>[0], circumstances: Circumstances): string[] =>
  explain(row, circumstances, NOW).likelyCause.map((one) => one.key);
const actionsOf = (row: Parameters<typeof explain>[0], circumstances: Circumstances): string[] =>
  explain(row, circumstances, NOW).fixes.map((one) => one.action);

describe('a wrong password', () => {
  const known = (more: Partial<Circumstances> = {}) =>
    about({
      credential: credentialOf({ secretChangedAt: NOW - 15 * MINUTE }),
      secretChangedBy: 'Ada',
      ...more,
    });
  const evidence = rowOf('BASIC_PASSWORD_MISMATCH').evidence;

  it('after a rotation names when and by whom', () => {
    const { likelyCause } = explain(rowOf('BASIC_PASSWORD_MISMATCH'), known(), NOW);
    expect(likelyCause.map((one) => [one.standing, one.key])).toEqual([
      ['fact', 'credential-exists'],
      ['fact', 'secret-changed'],
    ]);
    expect(likelyCause[1]).toMatchObject({
      values: { at: '2026-05-01T11:45:00.000Z', by: 'Ada' },
      text: 'Its secret was last changed at 2026-05-01T11:45:00.000Z by Ada.',
    });
  });

  it('before the latest rotation says that the client has not tried since', () => {
    const circumstances = about({ credential: credentialOf({ secretChangedAt: NOW }) });
    expect(keysOf(rowOf('BASIC_PASSWORD_MISMATCH'), circumstances)).toEqual([
      'credential-exists',
      'secret-changed-since',
    ]);
  });

  it('of who has got in since says nothing of trying again', () => {
    const circumstances = about({ credential: credentialOf({ secretChangedAt: NOW - MINUTE }) });
    const row = rowOf('BASIC_PASSWORD_MISMATCH', {
      state: 'resolved',
      lastAttemptAt: NOW - 2 * MINUTE,
      resolvedAt: NOW,
    });
    expect(keysOf(row, circumstances)).not.toContain('secret-changed-since');
  });

  it('is not put down to the making of its credential', () => {
    const made = known({ precededBy: auditOf('credential.create', NOW - 12 * MINUTE) });
    expect(keysOf(rowOf('BASIC_PASSWORD_MISMATCH'), made)).not.toContain('preceded-by');
    const changed = known({ precededBy: auditOf('credential.update', NOW - 12 * MINUTE) });
    expect(keysOf(rowOf('BASIC_PASSWORD_MISMATCH'), changed)).toContain('preceded-by');
  });

  it('that is the previous one says since when it is over, and offers to accept it first', () => {
    const circumstances = known({
      credential: credentialOf({
        secretChangedAt: NOW - 15 * MINUTE,
        previousSecretValidUntil: NOW - 12 * MINUTE,
      }),
      hasPreviousSecret: true,
    });
    const row = rowOf('BASIC_PASSWORD_MISMATCH', {
      evidence: { ...evidence, mismatchHints: ['previous-secret'] },
    });
    expect(keysOf(row, circumstances)).toEqual([
      'credential-exists',
      'secret-changed',
      'hint.previous-secret',
      'previous-secret-ended',
    ]);
    expect(actionsOf(row, circumstances)).toEqual([
      'accept-previous-secret',
      'reset-secret',
      'open-in-tester',
      'block',
    ]);
  });

  it.each([
    'trailing-whitespace',
    'hex-or-base64-form',
    'username-password-swapped',
    'password-of-other-identity',
  ] as const)('with the hint %s states it as a fact', (hint) => {
    const row = rowOf('BASIC_PASSWORD_MISMATCH', { evidence: { ...evidence, mismatchHints: [hint] } });
    expect(keysOf(row, known())).toContain(`hint.${hint}`);
  });

  it.each([
    [1, false, 60, 'one-secret'],
    [1, false, 2, undefined],
    [2, false, 60, undefined],
    [3, false, 60, 'several-secrets'],
    [4, false, 60, 'guessing'],
    [8, true, 900, 'guessing'],
  ])(
    'with %i distinct secrets (capped: %s) in %i attempts concludes %s',
    (distinctSecrets, distinctSecretsCapped, attempts, key) => {
      const row = rowOf('BASIC_PASSWORD_MISMATCH', {
        attempts,
        evidence: { ...evidence, distinctSecrets, distinctSecretsCapped },
      });
      const concluded = explain(row, known(), NOW).likelyCause.filter((one) => one.standing === 'inference');
      expect(concluded.map((one) => one.key)).toEqual(key === undefined ? [] : [key]);
    },
  );

  it('for a credential without a secret says so', () => {
    const row = rowOf('BASIC_PASSWORD_MISMATCH', { detail: { secretSet: false } });
    expect(keysOf(row, about({ credential: credentialOf({ hasSecret: false }) }))).toEqual([
      'credential-exists',
      'no-secret-set',
    ]);
  });

  it('for a credential that is gone offers to make one', () => {
    expect(actionsOf(rowOf('BASIC_PASSWORD_MISMATCH'), about())[0]).toBe('create-credential');
  });
});

describe('an unknown client', () => {
  it('whose credential was deleted names when and by whom', () => {
    const circumstances = about({
      deletion: { entry: auditOf('credential.delete', NOW - 11 * MINUTE), name: 'pump' },
    });
    expect(keysOf(rowOf('BASIC_NO_CREDENTIALS'), circumstances)).toEqual([
      'no-credential',
      'credential-deleted',
    ]);
  });

  it('that has a credential by now is told so, and no second one is offered', () => {
    const circumstances = about({ credential: credentialOf({ createdAt: NOW }) });
    expect(keysOf(rowOf('BASIC_NO_CREDENTIALS'), circumstances)).toEqual(['credential-exists-now']);
    expect(actionsOf(rowOf('BASIC_NO_CREDENTIALS'), circumstances)).not.toContain('create-credential');
  });

  it.each([
    [
      { username: 'u', clientId: 'c' },
      { name: 'u', username: 'u', clientId: null },
    ],
    [
      { username: null, clientId: 'c' },
      { name: 'c', username: null, clientId: 'c' },
    ],
    [
      { username: '', clientId: 'c' },
      { name: 'c', username: null, clientId: 'c' },
    ],
  ])('%o prefills %o', (identity, prefill) => {
    const [fix] = explain(rowOf('BASIC_NO_CREDENTIALS', identity), about(), NOW).fixes;
    expect(fix).toMatchObject({ action: 'create-credential', available: true, prefill });
  });

  it('without any identity cannot be given a credential from this attempt', () => {
    const [fix] = explain(
      rowOf('BASIC_NO_CREDENTIALS', { username: null, clientId: '' }),
      about(),
      NOW,
    ).fixes;
    expect(fix).toMatchObject({ action: 'create-credential', available: false, primary: false });
  });
});

describe('the policies', () => {
  it.each([
    [{ enabled: false }, { disabledBy: 'Ada' }, 'CREDENTIAL_DISABLED', 'disabled', 'enable-credential'],
    [{ enabled: true }, {}, 'CREDENTIAL_DISABLED', 'enabled-since', 'enable-credential'],
    [{ expiresAt: NOW - MINUTE }, {}, 'CREDENTIAL_EXPIRED', 'expired', 'extend-credential'],
    [{ expiresAt: NOW + MINUTE }, {}, 'CREDENTIAL_EXPIRED', 'extended-since', 'extend-credential'],
  ] as const)(
    'credential %o, %o: %s says %s and offers %s while it is needed',
    (credential, more, code, key, action) => {
      const circumstances = about({ credential: credentialOf(credential), ...more });
      expect(keysOf(rowOf(code), circumstances)).toEqual([key]);
      const needed = !key.endsWith('-since');
      expect(explain(rowOf(code), circumstances, NOW).fixes[0]).toMatchObject({
        action,
        primary: needed,
        available: needed,
        credentialId: 'cred-1',
      });
    },
  );

  it('of the guessing budget names the failures and until when', () => {
    const row = rowOf('TOO_MANY_FAILURES', { detail: { failures: 12, until: '2026-05-01T12:10:00.000Z' } });
    expect(keysOf(row, about())).toEqual(['failures', 'slowed-until']);
    expect(actionsOf(row, about())[0]).toBe('forgive-failures');
  });

  it('of the chain names who was asked', () => {
    const step = { type: 'builtin', outcome: 'ignore', reason: null, ms: 1 } as const;
    const row = rowOf('CHAIN_EXHAUSTED', {
      trace: [
        { authenticator: 'a', ...step },
        { authenticator: 'b', ...step },
      ],
    });
    expect(explain(row, about(), NOW).likelyCause[0]).toMatchObject({
      key: 'all-ignored',
      values: { authenticators: 'a, b' },
    });
    expect(keysOf(rowOf('CHAIN_EXHAUSTED'), about())).toEqual(['nobody-asked']);
  });

  describe('of a client that proved who it is', () => {
    const certificate = {
      subject: 'CN=pump-7',
      issuer: 'CN=Plant CA',
      commonName: 'pump-7',
      fingerprint: 'ab',
      serialNumber: '01',
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
    };
    const step = { authenticator: 's', outcome: 'ignore', reason: null, ms: 1 } as const;
    const builtin = { ...step, type: 'builtin' };

    it.each([
      ['ANONYMOUS_DENIED', { certificate }, 'certificate-unread', 'x509'],
      ['CHAIN_EXHAUSTED', { certificate }, 'certificate-unread', 'x509'],
      ['ANONYMOUS_DENIED', { pskIdentity: 'meter-9' }, 'psk-unread', 'psk'],
      ['X509_CHAIN_EMPTY', { pskIdentity: 'meter-9' }, 'psk-unread', 'psk'],
    ] as const)(
      '%s with %o says that nobody looked at it, and leads to the chain',
      (code, more, key, type) => {
        const row = rowOf(code, { username: null, trace: [builtin], ...more });
        const { likelyCause, fixes } = explain(row, about(), NOW);
        expect(likelyCause).toMatchObject([{ standing: 'fact', key }]);
        expect(likelyCause[0]?.text).toContain(`no enabled authenticator of type ${type} is in the chain`);
        expect(fixes[0]).toMatchObject({ action: 'edit-chain', primary: true, available: true });
        expect(howToFix(row)).toContain(`of type ${type} into the chain`);
      },
    );

    it('says nothing of the kind where such a step was asked, or the certificate did not verify', () => {
      const asked = rowOf('CHAIN_EXHAUSTED', { certificate, trace: [{ ...step, type: 'x509' }] });
      expect(keysOf(asked, about())).toEqual(['all-ignored']);
      const presented = [{ ...certificate, problem: 'expired', pem: null }] as const;
      const unverified = rowOf('ANONYMOUS_DENIED', { certificate, presented, trace: [builtin] });
      expect(keysOf(unverified, about())).toEqual(['no-username']);
      expect(howToFix(rowOf('ANONYMOUS_DENIED'))).toBe(REASONS.ANONYMOUS_DENIED.fix.text);
    });
  });

  it('of the will names its topic', () => {
    expect(keysOf(rowOf('WILL_NOT_AUTHORIZED', { detail: { topic: 'a/b' } }), about())).toEqual([
      'will-topic',
    ]);
  });

  it('on an owned session offers its release', () => {
    const { fixes } = explain(rowOf('SESSION_OWNED_BY_OTHER'), about(), NOW);
    expect(fixes[0]).toMatchObject({
      action: 'release-session',
      primary: true,
      prefill: { clientId: 'pump-7' },
    });
  });

  it('on a failed step names it', () => {
    const row = rowOf('AUTHENTICATOR_ERROR', {
      trace: [
        { authenticator: 'builtin', type: 'builtin', outcome: 'error', reason: 'AUTHENTICATOR_ERROR', ms: 5 },
      ],
    });
    expect(keysOf(row, about())).toEqual(['step-failed']);
  });
});
