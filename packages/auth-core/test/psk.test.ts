import { expect, test } from 'vitest';
import { createPsk, DEFAULT_RULES, type StoredPskCredential, type TlsFacts } from '../src/index.ts';
import { attemptOf, manualClock } from '../src/testing/index.ts';

const clock = manualClock();
const tls = (pskIdentity: string | undefined): TlsFacts => ({
  version: 'TLSv1.2',
  cipher: 'PSK-AES128-CBC-SHA',
  serverName: undefined,
  certificate: undefined,
  pskIdentity,
});
const check = (facts: TlsFacts | null) =>
  createPsk({ name: 'keys', rules: undefined, clock }).check(attemptOf({ username: 'claimed', tls: facts }));

test('a proved identity is admitted as itself, whatever CONNECT claims', () => {
  expect(check(tls('client1'))).toMatchObject({
    outcome: 'allow',
    grant: { principal: { namespace: 'keys', subject: 'client1' }, rules: DEFAULT_RULES, superuser: false },
    detail: { identity: 'client1' },
  });
});

test.each([
  ['without TLS', null],
  ['with TLS but no key', tls(undefined)],
  ['with an empty identity', tls('')],
])('a client %s is left to the next step', (_what, facts) => {
  expect(check(facts)).toMatchObject({ outcome: 'ignore' });
});

test('its rules are those of the settings', () => {
  const rules = [{ permission: 'allow', action: 'publish', topic: 'a' }] as const;
  expect(createPsk({ name: 'keys', rules, clock }).check(attemptOf({ tls: tls('x') }))).toMatchObject({
    grant: { rules },
  });
});

const stored = {
  id: 'c1',
  name: 'pump',
  identity: 'pump-1',
  enabled: true,
  expiresAt: null,
  keyChangedAt: 7,
  superuser: false,
  rules: [{ permission: 'allow', action: 'publish', topic: 'pump/#' }],
} as const;
const proved = { ...tls('pump-1'), pskOrigin: { credentialId: 'c1', keyChangedAt: 7 } };
const decide = (facts: TlsFacts, found: StoredPskCredential | undefined | 'unavailable') =>
  createPsk({ name: 'keys', rules: [], credentials: { find: () => found }, clock }).check(
    attemptOf({ tls: facts }),
  );

test('a key of a stored credential gives what the credential gives, and its session follows it', () => {
  expect(decide(proved, stored)).toMatchObject({
    outcome: 'allow',
    grant: {
      principal: { namespace: 'keys', subject: 'pump-1' },
      rules: stored.rules,
      credentialId: 'c1',
    },
  });
});

test.each<readonly [string, StoredPskCredential | undefined | 'unavailable', string]>([
  ['was disabled', { ...stored, enabled: false }, 'CREDENTIAL_DISABLED'],
  ['has expired', { ...stored, expiresAt: clock.now() }, 'CREDENTIAL_EXPIRED'],
  ['got another key since the handshake', { ...stored, keyChangedAt: 8 }, 'PSK_KEY_MISMATCH'],
  ['was made again since the handshake', { ...stored, id: 'c2' }, 'PSK_KEY_MISMATCH'],
  ['was removed since the handshake', undefined, 'PSK_UNKNOWN_IDENTITY'],
])('a client whose credential %s is refused', (_what, found, reason) => {
  expect(decide(proved, found)).toMatchObject({ outcome: 'deny', reason });
});

test.each<readonly [string, StoredPskCredential | 'unavailable']>([
  ['cannot be read', { id: 'c1', unparsable: 'the rules are not JSON' }],
  ['cannot be asked for', 'unavailable'],
])('a client whose credential %s is admitted by nothing else', (_what, found) => {
  expect(decide(proved, found)).toMatchObject({ outcome: 'error', reason: 'AUTHENTICATOR_ERROR' });
});

test("a key of the listener's file gives what the settings say, whatever the store has under its name", () => {
  expect(decide({ ...tls('pump-1'), pskOrigin: null }, stored)).toMatchObject({
    outcome: 'allow',
    grant: { rules: [], credentialId: undefined },
  });
});
