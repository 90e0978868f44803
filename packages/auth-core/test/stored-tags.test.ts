import { describe, expect, test } from 'vitest';
import {
  type Grant,
  type PskCredential,
  regrantStored,
  type ScramCredential,
  type X509Credential,
} from '../src/index.ts';
import { type AllowedBy, grantOfGroup } from '../src/require.ts';
import { manualClock } from '../src/testing/index.ts';

const clock = manualClock();
const shared = {
  id: 'c1',
  name: 'Pump',
  enabled: true,
  expiresAt: null,
  superuser: false,
  rules: [],
} as const;
const psk: PskCredential = { ...shared, identity: 'pump', keyChangedAt: 1 };
const scram: ScramCredential = { ...shared, username: 'pump', clientId: null, keys: {} };
const x509: X509Credential = {
  ...shared,
  version: 1,
  match: { by: 'cn', value: 'pump' },
  rulesByCn: undefined,
  skipValidity: false,
};
const granted: Grant = {
  principal: { namespace: 'n', subject: 'pump' },
  superuser: false,
  rules: [],
  tags: ['before'],
  credentialId: 'c1',
  bindsClientId: false,
  expiresAt: undefined,
  rehash: false,
  anonymous: false,
};

describe.each([
  ['PSK', psk],
  ['SCRAM', scram],
  ['X.509', x509],
])('the open session of a %s credential', (_type, credential) => {
  test('has the tags that the credential has now', () => {
    expect(regrantStored({ ...credential, tags: ['now'] }, granted, clock)).toMatchObject({ tags: ['now'] });
    expect(regrantStored(credential, granted, clock)).not.toHaveProperty('tags');
  });
});

test('in a group the tags of all credentials count', () => {
  const by = (name: string, tags: readonly string[]): AllowedBy => ({
    name,
    type: 'psk',
    grant: { ...granted, tags },
  });
  const group = { require: [], identity: 'one', bind: 'none' } as const;
  expect(grantOfGroup(group, [by('one', ['a']), by('two', ['a', 'b'])])).toMatchObject({ tags: ['a', 'b'] });
});
