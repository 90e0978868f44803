import { REASON_CODES, REASONS } from '@gatehouse/auth-core';
import { fixOption, statement } from '@gatehouse/contract';
import { describe, expect, it } from 'vitest';
import type { Circumstances } from '../src/services/unauthorized/circumstances.ts';
import { explain } from '../src/services/unauthorized/explain.ts';
import { about, auditOf, credentialOf, MINUTE, NOW, rowOf, signatureOf } from './rows.ts';

const keysOf = (row: Parameters<typeof explain>[0], circumstances: Circumstances): string[] =>
  explain(row, circumstances, NOW).likelyCause.map((one) => one.key);

const CODES = REASON_CODES.filter((code) => REASONS[code].since === '0.1');
const SETTINGS = [
  ['nothing is known', {}, about()],
  ['the credential exists', {}, about({ credential: credentialOf(), hasPreviousSecret: true })],
  ['there was no CONNECT', { clientId: null, username: null }, about()],
  ['the client ID was empty or cut', { clientId: '', username: '', clientIdTruncated: true }, about()],
] as const;

describe.each(CODES)('%s', (code) => {
  it.each(SETTINGS)('has a cause and sound fixes when %s', (_name, more, circumstances) => {
    const { likelyCause, fixes } = explain(rowOf(code, more), circumstances, NOW);
    expect(likelyCause.length).toBeGreaterThan(0);
    for (const one of likelyCause) {
      expect(statement.parse(one)).toEqual(one);
      expect(one.text).not.toMatch(/undefined|null|NaN|\{|“”/);
      if (one.key !== 'catalogue') expect(one.text.includes('probably')).toBe(one.standing === 'inference');
    }
    for (const fix of fixes) {
      expect(fixOption.parse(fix)).toEqual(fix);
      if (fix.available && fix.credentialId === null) expect(fix.action).not.toBe('reset-secret');
    }
    expect(fixes.filter((fix) => fix.primary).every((fix) => fix.available)).toBe(true);
    expect(fixes.filter((fix) => fix.primary).length).toBeLessThanOrEqual(1);
    expect(new Set(fixes.map((fix) => fix.action)).size).toBe(fixes.length);
  });
});

describe('what the listener saw', () => {
  it.each([
    ['PROTOCOL_MALFORMED_CONNECT', { what: 'client-id-utf8' }, 'malformed-connect', 'client-id-utf8'],
    ['PROTOCOL_VERSION_UNSUPPORTED', { what: 'MQTT-level-6' }, 'protocol-version', 'MQTT-level-6'],
    [
      'PROTOCOL_PACKET_TOO_LARGE',
      { bytes: 70_000, limitBytes: 65_536 },
      'packet-too-large',
      '70000 bytes; 65536',
    ],
    ['WS_PATH_NOT_FOUND', { path: '/ws', expected: '/mqtt' }, 'ws-path', '“/ws”; MQTT is served on “/mqtt”'],
    ['WS_ORIGIN_DENIED', { origin: 'https://x' }, 'ws-origin', '“https://x”'],
    [
      'WS_SUBPROTOCOL_MISSING',
      { offered: 'chat', expected: 'mqtt' },
      'ws-subprotocol',
      '“chat”; “mqtt” is needed',
    ],
    [
      'WS_SUBPROTOCOL_MISSING',
      { offered: '', expected: 'mqtt' },
      'ws-subprotocol',
      'no WebSocket subprotocol',
    ],
    ['QUOTA_EXCEEDED', { bound: 'sessionsMax' }, 'bound-reached', 'sessionsMax'],
    ['BASIC_CREDENTIALS_UNPARSABLE', { problem: 'truncated' }, 'unparsable', 'truncated'],
  ] as const)('%s with %o is told as the fact %s', (code, detail, key, words) => {
    const told = explain(rowOf(code, { detail }), about({ credential: credentialOf() }), NOW).likelyCause;
    const one = told.find((each) => each.key === key);
    expect(one?.standing).toBe('fact');
    expect(one?.text).toContain(words);
  });
});

describe('whatever the reason', () => {
  const row = rowOf('PROTOCOL_NOT_MQTT');
  it('tells regular attempts, the last good login, several networks, neighbours and the change before', () => {
    const full = {
      ...row,
      signatures: [
        signatureOf('10.4.0.0/24'),
        signatureOf('192.0.2.0/24'),
        signatureOf('198.51.100.0/24', { resolved: true }),
      ],
      evidence: {
        ...row.evidence,
        interval: { medianSeconds: 60.04, regularity: 0.95 },
        lastGoodLogin: {
          at: NOW - 30 * MINUTE,
          ip: '10.4.0.17',
          listener: 'tcp',
          tlsUsed: true,
          protocol: 5 as const,
          clientId: 'pump-7',
          differs: ['tls' as const],
        },
      },
    };
    const circumstances = about({
      othersOfIpAdmitted: { clients: 3, lastAt: NOW },
      precededBy: auditOf('credential.update', NOW - 11 * MINUTE),
    });
    const { likelyCause } = explain(full, circumstances, NOW);
    expect(likelyCause.map((one) => [one.standing, one.key])).toEqual([
      ['inference', 'catalogue'],
      ['inference', 'preceded-by'],
      ['fact', 'last-good-login'],
      ['inference', 'regular'],
      ['inference', 'several-networks'],
      ['fact', 'others-of-ip-admitted'],
    ]);
    expect(likelyCause.find((one) => one.key === 'regular')?.values).toEqual({ seconds: 60 });
    expect(likelyCause.find((one) => one.key === 'several-networks')?.values).toEqual({ networks: 2 });
  });

  it.each([
    [0.02, 1, 1, 'rapid', 'several times a second'],
    [0.02, 0.1, 8, 'rapid', 'several times a second'],
    [5, 1, 1, 'regular', 'probably a retry loop'],
    [5, 1, 8, 'regular-guesses', 'probably a program'],
  ])(
    'attempts %d s apart, regular to %d, with %i secrets are told as %s',
    (medianSeconds, regularity, distinctSecrets, key, words) => {
      const evidence = { ...row.evidence, distinctSecrets, interval: { medianSeconds, regularity } };
      const told = explain({ ...row, attempts: 9, evidence }, about(), NOW).likelyCause;
      const one = told.find((each) => each.key === key);
      expect(one?.standing).toBe('inference');
      expect(one?.text).toContain(words);
      expect(one?.text).not.toContain(' 0 s');
    },
  );

  it('concludes nothing from irregular attempts', () => {
    const irregular = {
      ...row,
      evidence: { ...row.evidence, interval: { medianSeconds: 60, regularity: 0.3 } },
    };
    expect(keysOf(irregular, about())).toEqual(['catalogue']);
  });
});

describe('what only the configuration can change', () => {
  it.each([
    ['TLS_CRL_UNAVAILABLE', 'listeners.tls.crl'],
    ['TLS_CERT_REQUIRED', 'listeners.tls.fail_if_no_peer_cert'],
    ['LISTENER_ADDRESS_DENIED', 'listeners.tls.access'],
    ['TLS_VERSION_UNSUPPORTED', 'listeners.tls.min_version'],
    ['TLS_NO_SHARED_CIPHER', 'listeners.tls.ciphers'],
    ['PROTOCOL_CONNECT_TIMEOUT', 'limits.connectTimeoutMs'],
  ] as const)('%s names the setting %s', (code, setting) => {
    const [fix] = explain(rowOf(code, { listener: 'tls' }), about(), NOW).fixes;
    expect(fix).toMatchObject({ action: 'edit-listener', available: true, prefill: { setting } });
  });

  it.each(['TLS_ON_PLAIN_PORT', 'PLAIN_ON_TLS_PORT', 'TLS_HANDSHAKE_FAILED'] as const)(
    '%s, which no setting mends, offers none',
    (code) => {
      const { fixes } = explain(rowOf(code), about(), NOW);
      expect(fixes.map(({ action }) => action)).not.toContain('edit-listener');
    },
  );

  it('QUOTA_EXCEEDED names the bound that was reached', () => {
    const detail = { bound: 'connectionsPerIpMax' };
    const [fix] = explain(rowOf('QUOTA_EXCEEDED', { detail }), about(), NOW).fixes;
    expect(fix).toMatchObject({ prefill: { setting: 'limits.connectionsPerIpMax' }, available: true });
  });

  it('an unknown CA can be trusted, and a client that does not know ours be given it', () => {
    const first = (code: 'TLS_CERT_UNTRUSTED' | 'X509_PEER_UNVERIFIED' | 'TLS_SERVER_CERT_REJECTED') =>
      explain(rowOf(code, { listener: 'tls' }), about(), NOW).fixes[0];
    expect(first('TLS_CERT_UNTRUSTED')).toMatchObject({ action: 'trust-ca', primary: true });
    expect(first('X509_PEER_UNVERIFIED')).toMatchObject({ action: 'trust-ca', primary: true });
    expect(first('TLS_SERVER_CERT_REJECTED')).toMatchObject({ action: 'install-ca', primary: true });
  });
});
