import { describe, expect, test } from 'vitest';
import {
  type AclRule,
  type Attempt,
  type CertificateProblem,
  type CertificateVerification,
  type ChainCertificate,
  createAccess,
  createX509,
  createX509List,
  type TlsFacts,
  type Verdict,
  type X509Credential,
  type X509Credentials,
  type X509Match,
} from '../src/index.ts';
import { attemptOf } from '../src/testing/index.ts';

const NOW = Date.UTC(2026, 0, 1);
const clock = { now: () => NOW, monotonic: () => 0, after: () => () => undefined };

const certificate = (differs: Partial<ChainCertificate> = {}): ChainCertificate => ({
  subject: 'CN=pump-7,O=Acme',
  issuer: 'CN=Middle,O=Acme',
  commonName: 'pump-7',
  fingerprint: 'ab'.repeat(32),
  serialNumber: '0A1B',
  notBefore: '2025-12-01T00:00:00.000Z',
  notAfter: '2026-12-01T00:00:00.000Z',
  alternativeNames: { dns: ['pump.example'], uri: ['urn:dev:7'], email: ['Pump@Example.org'] },
  ...differs,
});
const MIDDLE = certificate({
  subject: 'CN=Middle,O=Acme',
  commonName: 'Middle',
  fingerprint: 'cd'.repeat(32),
  serialNumber: '02',
  alternativeNames: { dns: [], uri: [], email: [] },
});

const overTls = (
  chain: readonly ChainCertificate[],
  verification: CertificateVerification | undefined = { verified: true },
): Attempt => {
  const tls: TlsFacts = {
    version: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    serverName: undefined,
    certificate: chain[0],
    chain,
    verification,
    pskIdentity: undefined,
  };
  return attemptOf({ transport: 'tls', tls });
};

const whole = (source: string) => {
  const pattern = new RegExp(`^(?:${source})$`, 'u');
  return (text: string): boolean => pattern.test(text);
};

const credential = (match: X509Match, differs: Partial<X509Credential> = {}): X509Credential => ({
  id: `id-${match.by}`,
  version: 1,
  name: 'Pumps',
  match,
  rules: undefined,
  rulesByCn: undefined,
  superuser: false,
  enabled: true,
  expiresAt: null,
  skipValidity: false,
  ...differs,
});
const BY_CN = { by: 'cn', value: 'pump-7' } as const;

function checkFrom(attempt: Attempt, credentials: X509Credentials, alongChain = false): Verdict {
  const verdict = createX509({ name: 'certificates', credentials, alongChain, clock }).check(attempt);
  if (verdict instanceof Promise) throw new Error('a list in memory answers at once');
  return verdict;
}

const check = (attempt: Attempt, list = [credential(BY_CN)], alongChain = false): Verdict =>
  checkFrom(attempt, createX509List(list), alongChain);

const reasonOf = (verdict: Verdict) =>
  'reason' in verdict ? `${verdict.outcome} ${verdict.reason}` : verdict.outcome;
const failing = (problem: CertificateProblem): CertificateVerification => ({
  verified: false,
  problem,
  code: 'SOME_CODE',
  subject: 'CN=Middle,O=Acme',
  depth: 1,
});
const NAMELESS = certificate({ subject: 'O=Acme', commonName: undefined });

describe('who is admitted', () => {
  test.each<[string, X509Match, string]>([
    ['exact CN', BY_CN, 'cn:pump-7'],
    ['CN pattern', { by: 'cn_pattern', pattern: 'pump-\\d+', test: whole('pump-\\d+') }, 'cn:pump-7'],
    ['DNS name, without case', { by: 'san', kind: 'dns', value: 'PUMP.example' }, 'dns:PUMP.example'],
    ['URI', { by: 'san', kind: 'uri', value: 'urn:dev:7' }, 'uri:urn:dev:7'],
    ['mail address', { by: 'san', kind: 'email', value: 'pump@example.org' }, 'email:pump@example.org'],
    ['fingerprint', { by: 'fingerprint', value: 'AB'.repeat(32) }, 'credential:Pumps'],
    [
      'issuer and serial number',
      { by: 'issuer_serial', issuer: 'CN=Middle,O=Acme', serial: 'a1b' },
      'credential:Pumps',
    ],
  ])('a certificate that matches by %s, with the default rules, until it ends', (_what, match, subject) => {
    expect(check(overTls([certificate()]), [credential(match)])).toEqual({
      outcome: 'allow',
      detail: { credentialId: `id-${match.by}`, credential: 'Pumps', matchedBy: match.by, depth: 0 },
      grant: {
        principal: { namespace: 'certificates', subject },
        superuser: false,
        rules: [{ permission: 'allow', action: 'all', topic: '#' }],
        credentialId: undefined,
        bindsClientId: false,
        expiresAt: Date.parse('2026-12-01T00:00:00.000Z'),
        rehash: false,
        anonymous: false,
      },
    });
  });

  test.each<[string, X509Match]>([
    ['a CN that only begins alike', { by: 'cn', value: 'pump-' }],
    ['a CN in other case', { by: 'cn', value: 'PUMP-7' }],
    ['a pattern of a part of the CN', { by: 'cn_pattern', pattern: 'pump', test: whole('pump') }],
    ['a URI in other case', { by: 'san', kind: 'uri', value: 'URN:DEV:7' }],
    ['a name of another kind', { by: 'san', kind: 'email', value: 'pump.example' }],
    ['the serial number of another issuer', { by: 'issuer_serial', issuer: 'CN=Other', serial: '0A1B' }],
  ])('not one that matches %s', (_what, match) => {
    expect(reasonOf(check(overTls([certificate()]), [credential(match)]))).toBe('ignore X509_NO_CREDENTIALS');
  });

  test('the more specific credential decides, then the first', () => {
    const pattern = { by: 'cn_pattern', pattern: '.*', test: whole('.*') } as const;
    const list = [
      credential(pattern, { id: 'all' }),
      credential(BY_CN, { id: 'first' }),
      credential(BY_CN, { id: 'second' }),
    ];
    expect(check(overTls([certificate()]), list)).toMatchObject({ detail: { credentialId: 'first' } });
  });

  test('a credential of the CA speaks for all below it, along the chain only', () => {
    const list = [credential({ by: 'cn', value: 'Middle' })];
    expect(reasonOf(check(overTls([certificate(), MIDDLE]), list))).toBe('ignore X509_NO_CREDENTIALS');
    expect(check(overTls([certificate(), MIDDLE]), list, true)).toMatchObject({
      outcome: 'allow',
      grant: { principal: { subject: 'cn:pump-7' } },
      detail: { depth: 1 },
    });
  });

  test('the session ends with the credential where that is sooner', () => {
    const verdict = check(overTls([certificate()]), [credential(BY_CN, { expiresAt: NOW + 1 })]);
    expect(verdict).toMatchObject({ grant: { expiresAt: NOW + 1 } });
  });
});

describe('the nine reasons', () => {
  test('X509_TLS_NOT_USED: the client came without TLS', () => {
    expect(reasonOf(check(attemptOf()))).toBe('ignore X509_TLS_NOT_USED');
  });

  test('X509_CHAIN_EMPTY: TLS, but no certificate; a pre-shared key is none', () => {
    expect(reasonOf(check(overTls([], undefined)))).toBe('ignore X509_CHAIN_EMPTY');
    const psk = overTls([], undefined);
    const tls = psk.tls && { ...psk.tls, pskIdentity: 'pump-7' };
    expect(reasonOf(check({ ...psk, tls }))).toBe('ignore X509_CHAIN_EMPTY');
  });

  test('X509_CHAIN_EMPTY: a certificate that nobody verified is none', () => {
    const { tls, ...attempt } = overTls([certificate()]);
    const unasked = tls && { ...tls, verification: undefined };
    expect(reasonOf(check({ ...attempt, tls: unasked }))).toBe('ignore X509_CHAIN_EMPTY');
  });

  test('X509_PEER_UNVERIFIED: no path to a trusted CA', () => {
    expect(check(overTls([certificate()], failing('no-path')))).toEqual({
      outcome: 'deny',
      reason: 'X509_PEER_UNVERIFIED',
      detail: { problem: 'no-path', code: 'SOME_CODE', certificate: 'CN=Middle,O=Acme', depth: 1 },
    });
  });

  test.each(['revoked', 'crl-unavailable', 'invalid', 'expired', 'not-yet-valid'] as const)(
    'X509_AUTH_FAILURE: a path, but %s, whatever credential matches',
    (problem) => {
      expect(reasonOf(check(overTls([certificate()], failing(problem))))).toBe('deny X509_AUTH_FAILURE');
    },
  );

  test('X509_CLIENT_CN_MISSING: no CN to match by, and none for rules by CN', () => {
    expect(reasonOf(check(overTls([NAMELESS])))).toBe('ignore X509_CLIENT_CN_MISSING');
    const dns = { by: 'san', kind: 'dns', value: 'pump.example' } as const;
    expect(reasonOf(check(overTls([NAMELESS]), [credential(dns, { rulesByCn: [] })]))).toBe(
      'deny X509_CLIENT_CN_MISSING',
    );
    expect(check(overTls([NAMELESS]), [credential(dns)]).outcome).toBe('allow');
    const other = credential({ by: 'san', kind: 'dns', value: 'other' });
    expect(reasonOf(check(overTls([NAMELESS]), [other]))).toBe('ignore X509_NO_CREDENTIALS');
  });

  test('X509_CERT_CN_MISSING: one above has no CN, where the chain is matched', () => {
    const chain = [
      certificate({ commonName: 'stranger' }),
      { ...MIDDLE, subject: 'O=Acme', commonName: undefined },
    ];
    expect(check(overTls(chain), undefined, true)).toEqual({
      outcome: 'ignore',
      reason: 'X509_CERT_CN_MISSING',
      detail: { certificate: 'O=Acme', depth: 1 },
    });
    expect(reasonOf(check(overTls(chain)))).toBe('ignore X509_NO_CREDENTIALS');
  });

  test('X509_NO_CREDENTIALS: a good certificate that nobody knows, also where there are none at all', () => {
    expect(reasonOf(check(overTls([certificate()]), []))).toBe('ignore X509_NO_CREDENTIALS');
  });

  test('X509_NO_RULES_FOR_CN: a credential matches, its rules say nothing of this CN', () => {
    const rulesByCn = [{ pattern: 'pump-[1-6]', test: whole('pump-[1-6]'), rules: [] }];
    expect(check(overTls([certificate()]), [credential(BY_CN, { rulesByCn })])).toMatchObject({
      outcome: 'deny',
      reason: 'X509_NO_RULES_FOR_CN',
      detail: { cn: 'pump-7', credential: 'Pumps' },
    });
  });

  test('X509_CREDENTIALS_UNPARSABLE: the record that could match cannot be read', () => {
    const broken = { id: 'x', unparsable: 'rules: not JSON' };
    const source: X509Credentials = {
      find: () => ({ matches: [], unparsable: [broken], byCommonName: true }),
    };
    expect(checkFrom(overTls([certificate()]), source)).toEqual({
      outcome: 'deny',
      reason: 'X509_CREDENTIALS_UNPARSABLE',
      detail: { credentialId: 'x', problem: 'rules: not JSON' },
    });
  });

  test('a source that cannot be asked is an error, never an admission', () => {
    expect(reasonOf(checkFrom(overTls([certificate()]), { find: () => 'unavailable' }))).toBe(
      'error AUTHENTICATOR_ERROR',
    );
  });
});

describe('a credential that is not in force', () => {
  test.each([
    ['disabled', { enabled: false }, 'deny CREDENTIAL_DISABLED'],
    ['expired', { expiresAt: NOW }, 'deny CREDENTIAL_EXPIRED'],
  ])('refuses when %s', (_what, differs, reason) => {
    expect(reasonOf(check(overTls([certificate()]), [credential(BY_CN, differs)]))).toBe(reason);
  });

  test('does not stand in the way of another one', () => {
    const list = [credential(BY_CN, { enabled: false }), credential(BY_CN, { id: 'good' })];
    expect(check(overTls([certificate()]), list)).toMatchObject({ detail: { credentialId: 'good' } });
  });
});

describe('validity that is skipped', () => {
  const skipping = [credential(BY_CN, { skipValidity: true })];

  test.each(['expired', 'not-yet-valid'] as const)(
    'admits a certificate that is %s and nothing worse',
    (problem) => {
      expect(check(overTls([certificate()], failing(problem)), skipping)).toMatchObject({
        outcome: 'allow',
        grant: { expiresAt: undefined },
      });
    },
  );

  test.each(['no-path', 'revoked', 'crl-unavailable', 'invalid'] as const)(
    'never one that is %s',
    (problem) => {
      expect(check(overTls([certificate()], failing(problem)), skipping).outcome).toBe('deny');
    },
  );
});

describe('rules for the common name', () => {
  const rulesOf = (commonName: string, rules: readonly AclRule[]) => {
    const cn = certificate({ commonName });
    const match = { by: 'fingerprint', value: cn.fingerprint } as const;
    const rulesByCn = [
      {
        pattern: 'pump-.*',
        test: whole('pump-.*'),
        rules: [{ permission: 'allow', action: 'all', topic: 'all/pumps' }],
      },
      { pattern: '.*', test: whole('.*'), rules },
    ] as const;
    const verdict = check(overTls([cn]), [credential(match, { rulesByCn })]);
    if (verdict.outcome !== 'allow') throw new Error(reasonOf(verdict));
    return verdict.grant.rules;
  };
  const OWN = [{ permission: 'allow', action: 'all', topic: 'devices/${cn}/#' }] as const;
  const subject = { username: undefined, clientId: 'c', commonName: undefined, superuser: false };

  test('all entries that match apply, with ${cn} as one level', () => {
    expect(rulesOf('pump-7', OWN).map(({ topic }) => topic)).toEqual(['all/pumps', 'devices/pump-7/#']);
    expect(rulesOf('valve', OWN).map(({ topic }) => topic)).toEqual(['devices/valve/#']);
  });

  test.each(['a/b', '+', '#', 'a+', '%u', '${clientid}', 'a\0b'])(
    'a common name that is more than a level (%j) opens nothing',
    (name) => {
      const access = createAccess(rulesOf(name, OWN), subject);
      for (const topic of [`devices/${name}/x`, 'devices/c/x', 'devices/a/b/x', 'devices/x/y']) {
        expect(access.publish(topic).allowed).toBe(false);
      }
    },
  );

  test('a common name that begins with $ does not become a topic of the broker', () => {
    const access = createAccess(
      rulesOf('$SYS', [{ permission: 'allow', action: 'all', topic: '${cn}/#' }]),
      subject,
    );
    expect(access.publish('$SYS/x').allowed).toBe(false);
  });

  test('text that is to be taken as it is stays so', () => {
    const literal = { permission: 'allow', action: 'all', topic: '${cn}', literal: true } as const;
    expect(rulesOf('valve', [literal])).toEqual([literal]);
  });
});
