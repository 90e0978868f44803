import { describe, expect, test } from 'vitest';
import { credentialOf, passwordOf } from '../src/testing/index.ts';
import { type World, START, right, worldOf, wrong } from './support/builtin-world.ts';

describe('the six combinations of identity and password', () => {
  const byUsername = { username: 'pump-7', clientId: null };
  const byClientId = { username: null, clientId: 'pump-7' };
  const byBoth = { username: 'pump-7', clientId: 'pump-7' };
  const withPassword = { secretHash: 'plain:right', passwordless: false };
  const withoutPassword = { secretHash: null, passwordless: true };

  test.each([
    ['username', byUsername, withPassword, right],
    ['client ID', byClientId, withPassword, { password: passwordOf('right') }],
    ['username and client ID', byBoth, withPassword, right],
    ['username', byUsername, withoutPassword, { username: 'pump-7' }],
    ['client ID', byClientId, withoutPassword, {}],
    ['username and client ID', byBoth, withoutPassword, { username: 'pump-7' }],
  ])('a credential naming the %s admits who meets it', (matchedBy, identity, secret, sent) => {
    const { check } = worldOf({ records: [credentialOf({ ...identity, ...secret })] });
    expect(check(sent)).toMatchObject({
      outcome: 'allow',
      grant: { credentialId: 'credential-1', bindsClientId: identity.clientId !== null },
      detail: { matchedBy, credential: 'Pump 7' },
    });
  });

  test.each([
    ['another username', byUsername, { ...right, username: 'pump-8' }],
    ['another client ID', byClientId, { password: passwordOf('right'), clientId: 'pump-8' }],
    ['the right username with another client ID', byBoth, { ...right, clientId: 'pump-8' }],
    ['the right client ID with another username', byBoth, { ...right, username: 'pump-8' }],
    ['no username', byUsername, { password: passwordOf('right') }],
    ['an empty username', { username: '', clientId: null }, { ...right, username: '' }],
    ['a credential that names nobody', { username: null, clientId: null }, right],
  ])('even a source that answers loosely never admits %s', (_, identity, sent) => {
    const { check } = worldOf({ records: [credentialOf(identity)] });
    expect(check(sent)).toMatchObject({ outcome: 'ignore', reason: 'BASIC_NO_CREDENTIALS' });
  });

  test('a passwordless credential admits with any password too, and only when no secret verifies', () => {
    const open = credentialOf({ id: 'open', ...byClientId, ...withoutPassword });
    const { check } = worldOf({ records: [open, credentialOf()] });
    expect(check(right)).toMatchObject({ grant: { credentialId: 'credential-1' } });
    expect(check(wrong)).toMatchObject({
      grant: { credentialId: 'open' },
      detail: { secret: 'none needed' },
    });
  });

  test('a wrong password counts as a guess even when a passwordless credential admits', () => {
    const open = credentialOf({ id: 'open', ...byClientId, ...withoutPassword });
    const { check, told } = worldOf({ records: [open, credentialOf()] });
    expect(check(wrong).outcome).toBe('allow');
    expect(told).toEqual(['failed']);
  });

  test('a passwordless credential admits although nothing may be verified now', () => {
    const open = credentialOf({ id: 'open', ...byClientId, ...withoutPassword });
    const { check } = worldOf({ records: [open, credentialOf()], refused: { until: 0, failures: 10 } });
    expect(check(wrong)).toMatchObject({ grant: { credentialId: 'open' } });
  });

  test('a credential that has a secret asks for it, passwordless or not', () => {
    const { check } = worldOf({ records: [credentialOf({ passwordless: true })] });
    expect(check({ username: 'pump-7' })).toMatchObject({
      outcome: 'deny',
      reason: 'BASIC_PASSWORD_MISSING',
    });
  });
});

describe('what is looked up', () => {
  const made = { clientIdAssigned: true };
  test.each([
    ['both', right, { username: 'pump-7', clientId: 'pump-7', strategy: 'both' }],
    ['both', {}, { username: undefined, clientId: 'pump-7', strategy: 'clientid' }],
    ['both', { username: '' }, { username: undefined, clientId: 'pump-7', strategy: 'clientid' }],
    ['both', { ...right, ...made }, { username: 'pump-7', clientId: 'pump-7', strategy: 'username' }],
    ['username', right, { username: 'pump-7', clientId: 'pump-7', strategy: 'username' }],
    ['clientid', right, { username: undefined, clientId: 'pump-7', strategy: 'clientid' }],
  ] as const)('strategy %s with %o asks for what the client names, no more', (strategy, sent, query) => {
    const { check, queries } = worldOf({ strategy, records: [] });
    expect(check(sent)).toMatchObject({ outcome: 'ignore', reason: 'BASIC_NO_CREDENTIALS' });
    expect(queries).toEqual([query]);
  });

  test.each([
    ['username', {}],
    ['clientid', made],
    ['both', made],
  ] as const)('strategy %s asks nobody for a client that names nothing it goes by', (strategy, sent) => {
    const { check, queries } = worldOf({ strategy });
    expect(check(sent)).toMatchObject({ outcome: 'ignore', reason: 'BASIC_NO_CREDENTIALS' });
    expect(queries).toEqual([]);
  });

  test('a source that cannot be asked is an error, never a refusal of the client', () => {
    const { check } = worldOf({ records: 'unavailable' });
    expect(check(right)).toMatchObject({ outcome: 'error', reason: 'AUTHENTICATOR_ERROR' });
  });
});

describe('the reasons', () => {
  const parsed = credentialOf();
  const damaged = { id: 'damaged', version: 1, unparsable: 'not JSON' };
  const badHash = {
    answers: { 'plain:right': { result: 'invalid-hash', found: 'a bcrypt hash cut short' } },
  } as const;

  test.each([
    ['BASIC_PASSWORD_MISSING', { records: [parsed] }, { username: 'pump-7' }, { credential: 'Pump 7' }],
    [
      'BASIC_PASSWORD_MISSING',
      { records: [parsed, damaged] },
      { username: 'pump-7' },
      { unreadableCredentials: ['damaged'] },
    ],
    [
      'BASIC_PASSWORD_MISSING',
      { records: [credentialOf({ secretHash: null })] },
      { username: 'pump-7' },
      { credential: 'Pump 7' },
    ],
    ['BASIC_PASSWORD_MISMATCH', { records: [parsed] }, wrong, { matchedBy: 'username', hashForm: 'plain' }],
    ['BASIC_PASSWORD_MISMATCH', { records: [parsed] }, { ...wrong, password: passwordOf('') }, {}],
    [
      'BASIC_PASSWORD_MISMATCH',
      { records: [parsed, damaged] },
      wrong,
      { unreadableCredentials: ['damaged'] },
    ],
    [
      'BASIC_PASSWORD_MISMATCH',
      { records: [credentialOf({ secretHash: null })] },
      right,
      { secretSet: false },
    ],
    [
      'BASIC_CREDENTIALS_UNPARSABLE',
      { records: [damaged] },
      right,
      { credentialId: 'damaged', problem: 'not JSON' },
    ],
    [
      'BASIC_CREDENTIALS_UNPARSABLE',
      { records: [damaged] },
      { username: 'pump-7' },
      { credentialId: 'damaged' },
    ],
    [
      'BASIC_CREDENTIALS_UNPARSABLE',
      { ...badHash },
      right,
      { credential: 'Pump 7', problem: 'a bcrypt hash cut short' },
    ],
  ])('%s is given with its detail', (reason, world: World, sent, detail) => {
    const { check } = worldOf(world);
    expect(check(sent)).toMatchObject({ outcome: 'deny', reason, detail });
  });

  test.each([
    ['disabled', { enabled: false }, 'CREDENTIAL_DISABLED'],
    ['expired', { expiresAt: START }, 'CREDENTIAL_EXPIRED'],
    ['disabled and expired', { enabled: false, expiresAt: START }, 'CREDENTIAL_DISABLED'],
  ])('that a credential is %s is told only to who knows its secret', (_, differs, reason) => {
    const { check, told } = worldOf({ records: [credentialOf(differs)] });
    expect(check(wrong)).toMatchObject({ outcome: 'deny', reason: 'BASIC_PASSWORD_MISMATCH' });
    expect(check({ username: 'pump-7' })).toMatchObject({
      outcome: 'deny',
      reason: 'BASIC_PASSWORD_MISSING',
    });
    expect(told).toEqual(['failed']);
    expect(check(right)).toMatchObject({ outcome: 'deny', reason });
    expect(told).toEqual(['failed', 'released']);
  });

  test('an expiry in the future admits, and ends the session then', () => {
    const expiresAt = START + 1;
    const { check } = worldOf({ records: [credentialOf({ expiresAt })] });
    expect(check(right)).toMatchObject({ outcome: 'allow', grant: { expiresAt } });
  });

  test.each([
    ['no', { username: 'pump-7' }],
    ['any', wrong],
  ])('a disabled passwordless credential says so to who sends %s password', (_, sent) => {
    const { check } = worldOf({
      records: [credentialOf({ secretHash: null, passwordless: true, enabled: false })],
    });
    expect(check(sent)).toMatchObject({ outcome: 'deny', reason: 'CREDENTIAL_DISABLED' });
  });

  test('a disabled credential does not stand in the way of another one that verifies', () => {
    const off = credentialOf({ id: 'off', enabled: false, clientId: 'pump-7' });
    const { check, told } = worldOf({ records: [off, credentialOf()] });
    expect(check(right)).toMatchObject({ outcome: 'allow', grant: { credentialId: 'credential-1' } });
    expect(told).toEqual(['succeeded']);
  });

  test('the first of several credentials whose secret is right but that are off is the one shown', () => {
    const off = credentialOf({ id: 'off', enabled: false, clientId: 'pump-7' });
    const expired = credentialOf({ id: 'expired', expiresAt: START });
    const { check } = worldOf({ records: [expired, off] });
    expect(check(right)).toMatchObject({ reason: 'CREDENTIAL_DISABLED', detail: { credentialId: 'off' } });
  });

  test('a refusal never carries a password or a stored secret', () => {
    const { check } = worldOf({ records: [credentialOf({ secretHash: 'stored-in-the-clear' })] });
    const verdict = check(wrong);
    expect(verdict).toMatchObject({ detail: { hashForm: 'unknown' } });
    expect(JSON.stringify(verdict)).not.toMatch(/wrong|stored-in/);
  });

  test.each([
    ['$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 'argon2'],
    ['$scrypt$ln=15,r=8,p=1$c2FsdA$aGFzaA', 'scrypt'],
    ['$pbkdf2-sha512$101$c2FsdA$aGFzaA', 'pbkdf2'],
    ['$sha256-salted$c2FsdA$aGFzaA', 'sha256-salted'],
    ['$2b$10$abcdefghijklmnopqrstuv', 'bcrypt'],
    ['$7$101$c2FsdA==$aGFzaA==', 'mosquitto'],
    ['{SSHA}c2FsdA==', 'LDAP'],
    ['sha256,prefix:00:11', 'EMQX'],
    ['sha256horse', 'unknown'],
    ['horse:battery', 'unknown'],
  ])('the form of %s is shown as %s', (secretHash, hashForm) => {
    const { check } = worldOf({ records: [credentialOf({ secretHash })] });
    expect(check(wrong)).toMatchObject({ detail: { hashForm } });
  });
});
