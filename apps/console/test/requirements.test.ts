import type { AuthenticatorDto, ChainDto, ListenerCertificatesDto } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { checksOf, type Found, type Proof } from '../components/requirements/missing.ts';

const OFF: ListenerCertificatesDto = {
  listener: 'tls',
  certificate: null,
  certFile: '',
  problem: null,
  takesPreSharedKeys: false,
  clients: null,
  matchesCertificates: false,
};
const asking = (trustsOwnCa: boolean): ListenerCertificatesDto => ({
  ...OFF,
  clients: {
    required: false,
    reject: 'connack',
    caFile: 'ca.pem',
    managed: true,
    trustsOwnCa,
    authorities: [],
    authoritiesCount: 1,
    crl: null,
    problem: null,
  },
});
const chain = (steps: ChainDto['steps'], listeners: string[] = ['tls']): ChainDto => ({
  name: 'default',
  steps,
  declaredAt: null,
  previous: null,
  listeners,
  version: 0,
});
const authenticator = (type: string, more: Partial<AuthenticatorDto> = {}): AuthenticatorDto => ({
  name: type,
  type,
  enabled: true,
  source: 'stored',
  declaredAt: null,
  settings: {},
  secrets: [],
  problem: null,
  chains: [],
  revertible: false,
  version: 1,
  updatedAt: null,
  stats: null,
  ...more,
});
const missing = (proof: Proof, found: Partial<Found>): readonly string[] =>
  checksOf(proof, { listeners: [OFF], chains: [], authenticators: [], credentials: 1, ...found })
    .filter(({ met }) => !met)
    .map(({ what }) => what);

describe('what has to be in place for a client to get in with what was made', () => {
  test('an issued certificate needs a listener that asks for it, the CA, the chain and a credential', () => {
    expect(missing('issued', {})).toEqual(['listener', 'chain']);
    expect(missing('issued', { listeners: [asking(false)], credentials: 0 })).toEqual([
      'ownCa',
      'chain',
      'credential',
    ]);
    const x509 = authenticator('x509');
    const rest = { listeners: [asking(true)], authenticators: [x509] };
    expect(missing('issued', { ...rest, chains: [chain(['x509'])] })).toEqual([]);
    // Another listener's chain is no help.
    expect(missing('issued', { ...rest, chains: [chain(['x509'], ['tcp']), chain([])] })).toEqual(['chain']);
    expect(
      missing('issued', {
        ...rest,
        chains: [chain(['x509'])],
        authenticators: [{ ...x509, enabled: false }],
      }),
    ).toEqual(['chain']);
  });

  test("an authenticator's own list of certificates may know it: no credential is called missing", () => {
    const listed = authenticator('x509', { settings: { credentials: [{ name: 'a' }] } });
    const found = { listeners: [asking(true)], authenticators: [listed], credentials: 0 };
    expect(missing('issued', { ...found, chains: [chain(['x509'])] })).toEqual([]);
  });

  test('a member of a required group is asked too', () => {
    const group = { require: ['x509', 'builtin'], identity: 'x509', bind: 'none' as const };
    const found = { listeners: [asking(true)], authenticators: [authenticator('x509')] };
    expect(missing('x509', { ...found, chains: [chain([group])] })).toEqual([]);
  });

  test('a pre-shared key needs a listener that takes keys; SCRAM needs no listener of its own', () => {
    expect(missing('psk', {})).toEqual(['listener', 'chain']);
    const authenticators = [authenticator('psk'), authenticator('scram')];
    const chains = [chain(['psk', 'scram'])];
    const listeners = [{ ...OFF, takesPreSharedKeys: true }];
    expect(missing('psk', { listeners, authenticators, chains })).toEqual([]);
    expect(missing('scram', {})).toEqual(['chain']);
    expect(missing('scram', { authenticators, chains })).toEqual([]);
  });
});
