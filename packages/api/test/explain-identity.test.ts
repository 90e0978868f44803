import { describe, expect, test } from 'vitest';
import { advise } from '../src/services/unauthorized/advise.ts';
import { explain } from '../src/services/unauthorized/explain.ts';
import { about, credentialOf, MINUTE, NOW, rowOf, signatureOf } from './rows.ts';

type Row = ReturnType<typeof rowOf>;
const keysOf = (row: Row, circumstances = about()): string[] =>
  explain(row, circumstances, NOW).likelyCause.map(({ key }) => key);
const offeredBy = (row: Row, circumstances = about()): string[] =>
  explain(row, circumstances, NOW).fixes.flatMap(({ action, available }) => (available ? [action] : []));
const primaryOf = (row: Row, circumstances = about()) =>
  explain(row, circumstances, NOW).fixes.find(({ primary }) => primary);

describe('a credential that has one of the names and wants another of the other', () => {
  const row = rowOf('BASIC_NO_CREDENTIALS', { username: 'pump-7', clientId: 'pump7' });
  const credential = credentialOf({ name: 'Pump', username: 'pump-7', clientId: 'pump-7' });
  const near = { credential, differs: 'clientId', isMeant: true } as const;

  test('is named with what it wants, and never is it said that none names the username', () => {
    const [told, ...others] = explain(row, about({ near }), NOW).likelyCause;
    expect(told).toMatchObject({
      standing: 'fact',
      key: 'credential-other-client-id',
      values: { credentialId: 'cred-1', name: 'Pump', wants: 'pump-7', sent: 'pump7' },
    });
    expect(told?.text).toContain('has this username, but expects the client ID “pump-7”');
    expect(others.map(({ key }) => key)).not.toContain('no-credential');
  });

  test('is told the other way round, too', () => {
    const other = { ...near, differs: 'username' } as const;
    const client = rowOf('BASIC_NO_CREDENTIALS', { username: null, clientId: 'pump-7' });
    const [told] = explain(client, about({ near: other }), NOW).likelyCause;
    expect(told?.key).toBe('credential-other-username');
    expect(told?.text).toContain('expects the username “pump-7”; it was sent without one');
  });

  test('is what the first fix opens; a second one is made where it is one of many', () => {
    expect(primaryOf(row, about({ near }))).toMatchObject({
      action: 'edit-credential',
      credentialId: 'cred-1',
    });
    const oneOfMany = about({ near: { ...near, isMeant: false } });
    expect(primaryOf(row, oneOfMany)?.action).toBe('create-credential');
    expect(offeredBy(row, oneOfMany)).toContain('edit-credential');
    expect(advise(row, about({ near }))).toContain('Correct the client ID of the credential');
  });
});

describe('a guesser', () => {
  const network = '198.51.100.0/24';
  const guesser = rowOf('BASIC_NO_CREDENTIALS', {
    ip: '10.4.0.17',
    ips: ['10.4.0.17', '198.51.100.9'],
    signatures: [
      signatureOf('10.4.0.0/24'),
      ...['root', 'admin', 'user', 'test'].map((username) =>
        signatureOf(network, { username, attempts: 20 }),
      ),
    ],
    evidence: { ...rowOf('BASIC_NO_CREDENTIALS').evidence, distinctSecrets: 8, distinctSecretsCapped: true },
  });

  test('is told by how many usernames and secrets were tried', () => {
    const told = explain(guesser, about(), NOW).likelyCause.find(({ key }) => key === 'guessing');
    expect(told).toMatchObject({
      standing: 'inference',
      values: { usernames: 5, secrets: 8, capped: true },
      text: 'At least 5 usernames and 8 or more different passwords were tried: probably somebody is guessing.',
    });
  });

  test('is kept out first, by the network that most of it comes from, and not helped in', () => {
    expect(primaryOf(guesser)).toMatchObject({
      action: 'block',
      prefill: { ip: '198.51.100.9', cidr: network, fingerprint: null },
    });
    expect(Object.keys(primaryOf(guesser)?.prefill ?? {})).not.toContain('clientId');
    expect(advise(guesser, about())).toContain(`block where it comes from (${network})`);
  });

  test('is none whose password nearly fits, or who is refused for a token', () => {
    const { evidence } = guesser;
    const hinted = { ...evidence, mismatchHints: ['trailing-whitespace' as const] };
    expect(primaryOf({ ...guesser, evidence: hinted })?.action).toBe('create-credential');
    const token: Row = { ...guesser, reason: 'JWT_EXPIRED' };
    expect(keysOf(token)).not.toContain('guessing');
    expect(advise(token, about())).not.toContain('guesses');
    expect(explain(token, about(), NOW).fixes.at(-1)?.prefill).toMatchObject({ clientId: 'pump-7' });
  });
});

describe('the last good login', () => {
  const lastGoodLogin = {
    at: NOW - 30 * MINUTE,
    ip: '192.0.2.5',
    listener: 'tcp',
    tlsUsed: false,
    protocol: 5 as const,
    clientId: 'press-1',
    username: 'press',
    differs: ['ip' as const, 'clientId' as const],
  };
  const row = rowOf('BASIC_PASSWORD_MISMATCH');
  const withLogin = (more: Partial<typeof lastGoodLogin>): Row => ({
    ...row,
    evidence: { ...row.evidence, lastGoodLogin: { ...lastGoodLogin, ...more } },
  });

  test('of another client is told as that client’s, never as “it got in”', () => {
    const told = explain(withLogin({}), about(), NOW).likelyCause;
    expect(told.map(({ key }) => key)).not.toContain('last-good-login');
    expect(told.find(({ key }) => key === 'last-good-login-of-other')?.text).toBe(
      'The username “press” was last used successfully at 2026-05-01T11:30:00.000Z, by another client: “press-1” from 192.0.2.5. No login of this client ID is known.',
    );
  });

  test('of the same client ID is its own', () => {
    expect(keysOf(withLogin({ clientId: 'pump-7' }))).toContain('last-good-login');
  });
});

describe('what there is nothing left of to do', () => {
  test('a client that has got in since is offered no repair, and nothing as the first thing to do', () => {
    const row = rowOf('BASIC_NO_CREDENTIALS', { state: 'resolved', resolvedAt: NOW });
    const mended = about({ credential: credentialOf({ createdAt: NOW }) });
    expect(offeredBy(row, mended)).toEqual(['open-in-tester', 'block']);
    expect(primaryOf(row, mended)).toBeUndefined();
  });

  const changed = (secretChangedAt: number) =>
    about({ credential: credentialOf({ secretChangedAt }), hasPreviousSecret: true });

  test('the old secret is not offered where it was refused before the last change as well', () => {
    const row = rowOf('BASIC_PASSWORD_MISMATCH');
    expect(offeredBy(row, changed(NOW - 5 * MINUTE))).not.toContain('accept-previous-secret');
    expect(offeredBy(row, changed(NOW - 15 * MINUTE))).toContain('accept-previous-secret');
  });

  test('it is offered all the same where another secret was refused then, and the old one after', () => {
    const row = rowOf('BASIC_PASSWORD_MISMATCH');
    const evidence = { ...row.evidence, distinctSecrets: 2, mismatchHints: ['previous-secret' as const] };
    expect(primaryOf({ ...row, evidence }, changed(NOW - 5 * MINUTE))?.action).toBe('accept-previous-secret');
  });
});
