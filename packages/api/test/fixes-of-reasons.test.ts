import { REASON_CODES, type ReasonCode, REASONS } from '@gatehouse/auth-core';
import type { StoredBlock, StoredCertificate, UnauthorizedClientDetail } from '@gatehouse/ports';
import { describe, expect, test } from 'vitest';
import type { Circumstances } from '../src/services/unauthorized/circumstances.ts';
import { type FixOption, type FIXES, fixesOf } from '../src/services/unauthorized/fixes.ts';
import { sourceOf } from './declares.ts';
import { about, auditOf, credentialOf, MINUTE, NOW, rowOf } from './rows.ts';

const CONFIGURATION = sourceOf('docs/reference/configuration.md');

const facts = {
  ...{ subject: 'CN=pump-7', issuer: 'CN=Gatehouse', commonName: 'pump-7', fingerprint: 'f' },
  ...{ serialNumber: '0A', notBefore: '2025-01-01T00:00:00Z', notAfter: '2026-01-01T00:00:00Z' },
};
const registered: StoredCertificate = {
  ...{ serial: '0A', version: 1, authority: 'a', fingerprint: 'f', commonName: 'pump-7', names: [] },
  ...{ purpose: 'client', notBefore: 0, notAfter: NOW - 60 * MINUTE, keyOrigin: 'server', createdAt: 0 },
  ...{ createdBy: 'Ada', replaces: null, replacedBy: null, revokedAt: null, revokedBy: null },
  ...{ revocationReason: null, pem: '' },
};
const block: StoredBlock = {
  ...{ id: 'block-1', version: 1, kind: 'clientId', value: 'pump-7', expiresAt: null, comment: '' },
  ...{ createdAt: 0, createdBy: 'Ada', hits: 1, lastHitAt: NOW },
};

/** Who may have been refused. */
const ROWS: readonly Partial<UnauthorizedClientDetail>[] = [
  {},
  { detail: { block: 'block-1' } },
  { detail: { bound: 'connectionsMax' } },
  { username: null },
  { username: null, clientId: null, authenticator: null },
  { clientId: 'x'.repeat(100), clientIdTruncated: true, username: '' },
  { certificate: facts, username: null, tlsUsed: true },
  { certificate: { ...facts, commonName: undefined }, username: null, tlsUsed: true },
  { pskIdentity: 'meter-7', username: null, clientId: null, tlsUsed: true },
  { state: 'resolved', resolvedAt: NOW },
  {
    evidence: {
      ...{ distinctSecrets: 2, distinctSecretsCapped: false, interval: null, lastGoodLogin: null },
      mismatchHints: ['previous-secret'],
    },
  },
];
/** What may be known besides. */
const CIRCUMSTANCES: readonly Partial<Circumstances>[] = [
  {},
  { credential: credentialOf() },
  { credential: credentialOf({ enabled: false, expiresAt: NOW - MINUTE }), hasPreviousSecret: true },
  { near: { credential: credentialOf({ id: 'near-1' }), differs: 'clientId', isMeant: true } },
  { block, slowedUntil: NOW + MINUTE, sessionHeld: true },
  { certificate: registered },
  { certificate: { ...registered, revokedAt: NOW, revokedBy: 'Ada', revocationReason: 'keyCompromise' } },
  { revertible: { kind: 'chain', name: 'default' }, precededBy: auditOf('chain.update', NOW - 20 * MINUTE) },
  {
    precededBy: {
      ...auditOf('access-rule.create', NOW - 20 * MINUTE),
      target: { kind: 'access-rule', id: 'rule-1', name: 'deny' },
    },
  },
];

/** The listener that a client is refused at for such a reason. */
const listenerOf = (reason: ReasonCode): string =>
  reason.startsWith('TLS_') ? 'tls' : reason.startsWith('WS_') ? 'ws' : 'tcp';

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const onCredential = ({ credentialId }: FixOption): boolean => isText(credentialId);
const always = (): boolean => true;

/** What a button needs to do what it says; a fix that is not here does not compile. */
const NEEDS: Readonly<Record<(typeof FIXES)[number], (fix: FixOption) => boolean>> = {
  'create-credential': ({ prefill }) =>
    [prefill['value'], prefill['identity'], prefill['username'], prefill['clientId']].some(isText),
  'reset-secret': onCredential,
  'accept-previous-secret': onCredential,
  'enable-credential': onCredential,
  'extend-credential': onCredential,
  'edit-credential': onCredential,
  'edit-rules': onCredential,
  'release-session': ({ prefill }) => isText(prefill['clientId']),
  unblock: ({ prefill }) => isText(prefill['block']),
  'edit-authenticator': ({ prefill }) => isText(prefill['authenticator']),
  'add-rules-for-cn': ({ prefill }) => isText(prefill['authenticator']),
  'edit-listener': ({ prefill }) => CONFIGURATION.includes(`\`${String(prefill['setting'])}\``),
  'show-certificate': ({ prefill }) => isText(prefill['serial']),
  'renew-certificate': ({ prefill }) => isText(prefill['serial']),
  'revert-change': ({ prefill }) => isText(prefill['kind']) && isText(prefill['name']),
  'edit-access-rules': ({ prefill }) => isText(prefill['rule']),
  'trust-ca': ({ prefill }) => isText(prefill['listener']),
  'open-in-tester': ({ prefill }) => isText(prefill['listener']),
  block: ({ prefill }) => Object.values(prefill).some(isText),
  'edit-chain': always,
  'edit-anonymous-policy': always,
  'forgive-failures': always,
  'install-ca': always,
};

/** Every case of a reason, with the buttons that it can be pressed with. */
const casesOf = (reason: ReasonCode) =>
  ROWS.flatMap((row) =>
    CIRCUMSTANCES.filter((known) => known.block === undefined || row.detail?.['block'] !== undefined).map(
      (known) => ({
        row,
        known,
        fixes: fixesOf(rowOf(reason, { listener: listenerOf(reason), ...row }), about(known), NOW).filter(
          ({ available }) => available,
        ),
      }),
    ),
  );

describe('for each reason, whoever is refused and whatever is known', () => {
  test.each(REASON_CODES.map((reason) => [reason]))(
    '%s: each button has all that it needs, at most one is the primary one, and what the catalogue names is among them',
    (reason) => {
      const cases = casesOf(reason);
      for (const { row, known, fixes } of cases) {
        const of = JSON.stringify({ row, known });
        for (const fix of fixes)
          expect(NEEDS[fix.action as (typeof FIXES)[number]](fix), `${fix.action} of ${of}`).toBe(true);
        expect(fixes.filter(({ primary }) => primary).length, of).toBeLessThanOrEqual(1);
        expect(new Set(fixes.map(({ action }) => action)).size, of).toBe(fixes.length);
      }
      const { action } = REASONS[reason].fix;
      const offered = new Set(cases.flatMap(({ fixes }) => fixes.map((fix) => fix.action)));
      if (action !== 'none') expect([...offered]).toContain(action);
    },
  );
});
