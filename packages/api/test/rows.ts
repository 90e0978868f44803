import { familyOf, type ReasonCode } from '@gatehouse/auth-core';
import type { AuditEntry, Credential, Signature, UnauthorizedClientDetail } from '@gatehouse/ports';
import type { Circumstances } from '../src/services/unauthorized/circumstances.ts';

export const NOW = Date.parse('2026-05-01T12:00:00Z');
export const MINUTE = 60_000;

/** A refused client as the store gives it. */
export const rowOf = (
  reason: ReasonCode,
  more: Partial<UnauthorizedClientDetail> = {},
): UnauthorizedClientDetail => ({
  id: '1',
  clientId: 'pump-7',
  clientIdTruncated: false,
  username: 'user-7',
  passwordProvided: true,
  tlsUsed: false,
  ip: '10.4.0.17',
  ips: ['10.4.0.17'],
  reason,
  family: familyOf(reason),
  detail: {},
  connackCode: 0x86,
  authenticator: 'builtin',
  attempts: 1,
  firstAttemptAt: NOW - 10 * MINUTE,
  lastAttemptAt: NOW - MINUTE,
  listener: 'tcp',
  node: 'a',
  protocol: 5,
  keepAliveSeconds: 60,
  cleanStart: true,
  pskIdentity: null,
  state: 'open',
  resolvedAt: null,
  certificate: null,
  trace: [],
  evidence: {
    distinctSecrets: 1,
    distinctSecretsCapped: false,
    mismatchHints: [],
    interval: null,
    lastGoodLogin: null,
  },
  signatures: [],
  ref: 'ref',
  ...more,
});

export const signatureOf = (network: string, more: Partial<Signature> = {}): Signature => ({
  username: 'user-7',
  network,
  reason: 'BASIC_PASSWORD_MISMATCH',
  listener: 'tcp',
  attempts: 1,
  firstAt: NOW - 10 * MINUTE,
  lastAt: NOW - MINUTE,
  resolved: false,
  ...more,
});

export const credentialOf = (more: Partial<Credential> = {}): Credential => ({
  id: 'cred-1',
  version: 1,
  name: 'Pump 7',
  facts: { type: 'basic' },
  username: 'user-7',
  clientId: null,
  hasSecret: true,
  hashFormat: 'argon2id',
  secretKind: 'chosen',
  passwordless: false,
  superuser: false,
  enabled: true,
  expiresAt: null,
  description: '',
  tags: [],
  rules: [],
  previousSecretValidUntil: null,
  secretChangedAt: null,
  createdAt: NOW - 1000 * MINUTE,
  updatedAt: NOW - 1000 * MINUTE,
  lastUsedAt: null,
  lastUsedIp: null,
  source: 'api',
  ...more,
});

export const auditOf = (action: string, at: number): AuditEntry => ({
  id: 'audit-1',
  at,
  actor: { kind: 'user', id: 'u', name: 'Ada' },
  action,
  target: { kind: 'credential', id: 'cred-1', name: 'Pump 7' },
  before: null,
  after: null,
  ip: '127.0.0.1',
  requestId: 'r',
  previousHash: '',
  hash: '',
});

export const about = (more: Partial<Circumstances> = {}): Circumstances => ({
  credential: null,
  near: null,
  hasPreviousSecret: false,
  secretChangedBy: null,
  disabledBy: null,
  deletion: null,
  precededBy: null,
  block: null,
  revertible: null,
  slowedUntil: undefined,
  sessionHeld: undefined,
  certificate: null,
  othersRefusedSince: 0,
  othersOfIpAdmitted: null,
  ...more,
});
