import { describe, expect, test } from 'vitest';
import { authenticatorsOf, chainProblems, type ChainSetupEntry, completeGroup } from '../src/chain-setup.ts';

const TYPES: Readonly<Record<string, string>> = {
  builtin: 'builtin',
  fleet: 'x509',
  tokens: 'jwt',
  scram: 'scram',
  scram2: 'scram',
};
const typeOf = (name: string): string | undefined => TYPES[name];
const pathsOf = (...entries: readonly ChainSetupEntry[]): readonly string[] =>
  chainProblems(entries, Object.keys(TYPES), typeOf).map(({ path }) => path);

describe('a chain as written', () => {
  test('names authenticators alone and in groups', () => {
    expect(authenticatorsOf(['tokens', { require: ['fleet', 'builtin'] }])).toEqual([
      'tokens',
      'fleet',
      'builtin',
    ]);
  });

  test.each([
    [[]],
    [['tokens', 'builtin']],
    [[{ require: ['fleet', 'builtin'] }]],
    [['tokens', { require: ['fleet', 'scram'], identity: 'fleet', bind: 'san_username' }]],
    [[{ require: ['tokens', 'builtin'] }]],
  ] as const)('%j can be used', (entries) => {
    expect(pathsOf(...entries)).toEqual([]);
  });

  test.each([
    ['names nobody', ['ldap'], ['0']],
    ['has a member that is nobody', [{ require: ['fleet', 'ldap'] }], ['0.require.1']],
    [
      'has an identity step that is no member',
      [{ require: ['fleet', 'builtin'], identity: 'tokens' }],
      ['0.identity'],
    ],
    [
      'binds to a certificate that is not asked for',
      [{ require: ['tokens', 'builtin'], bind: 'cn_username' }],
      ['0.bind'],
    ],
    [
      'asks questions by two members',
      [{ require: ['scram', 'scram2'], bind: 'same_username' }],
      ['0.require'],
    ],
    ['has something after a group', [{ require: ['fleet', 'builtin'] }, 'tokens'], ['0']],
    ['asks a member alone before', ['fleet', { require: ['fleet', 'builtin'] }], ['1.require']],
    ['has a member twice', [{ require: ['fleet', 'fleet'] }], ['0.require']],
  ] as const)('that %s is told so', (_, entries, paths) => {
    expect(pathsOf(...entries)).toEqual(paths);
  });
});

describe('a group that leaves something open', () => {
  test.each([
    [['fleet', 'builtin'], 'builtin', 'cn_username'],
    [['builtin', 'fleet'], 'fleet', 'cn_username'],
    [['tokens', 'builtin'], 'builtin', 'same_username'],
  ] as const)(
    '%j: the last member names the principal, and a certificate binds',
    (require, identity, bind) => {
      expect(completeGroup({ require }, typeOf)).toEqual({ require, identity, bind });
    },
  );

  test('keeps what it says', () => {
    const said = { require: ['fleet', 'builtin'], identity: 'fleet', bind: 'none' } as const;
    expect(completeGroup(said, typeOf)).toEqual(said);
  });
});
