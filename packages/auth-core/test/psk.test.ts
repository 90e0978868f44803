import { expect, test } from 'vitest';
import { createPsk, DEFAULT_RULES, type TlsFacts } from '../src/index.ts';
import { attemptOf } from '../src/testing/index.ts';

const tls = (pskIdentity: string | undefined): TlsFacts => ({
  version: 'TLSv1.2',
  cipher: 'PSK-AES128-CBC-SHA',
  serverName: undefined,
  certificate: undefined,
  pskIdentity,
});
const check = (facts: TlsFacts | null) =>
  createPsk({ name: 'keys', rules: undefined }).check(attemptOf({ username: 'claimed', tls: facts }));

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
  expect(createPsk({ name: 'keys', rules }).check(attemptOf({ tls: tls('x') }))).toMatchObject({
    grant: { rules },
  });
});
