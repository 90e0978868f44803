import type { UnauthorizedClientDto } from '@gatehouse/contract';
import type { AttemptSample, UnauthorizedClient } from '@gatehouse/ports';
import { iso, isoOrNull } from './time.ts';

type Detail = UnauthorizedClientDto['detail'];

/** The contract's record is mutable; the port's is not. */
export const presentDetail = (detail: UnauthorizedClient['detail']): Detail =>
  Object.fromEntries(
    Object.entries(detail).map(([key, value]) => [key, typeof value === 'object' ? [...value] : value]),
  );

/** A row of the table. Client ID and username are what a stranger sent: text, to be escaped by whoever shows it. */
export const presentUnauthorized = (row: UnauthorizedClient): UnauthorizedClientDto => ({
  id: row.id,
  clientId: row.clientId,
  clientIdTruncated: row.clientIdTruncated,
  username: row.username,
  passwordProvided: row.passwordProvided,
  tlsUsed: row.tlsUsed,
  ip: row.ip,
  ips: [...row.ips],
  reason: row.reason,
  family: row.family,
  detail: presentDetail(row.detail),
  connackCode: row.connackCode,
  authenticator: row.authenticator,
  attempts: row.attempts,
  firstAttemptAt: iso(row.firstAttemptAt),
  lastAttemptAt: iso(row.lastAttemptAt),
  listener: row.listener,
  node: row.node,
  protocol: row.protocol,
  keepAliveSeconds: row.keepAliveSeconds,
  cleanStart: row.cleanStart,
  pskIdentity: row.pskIdentity,
  state: row.state,
  resolvedAt: isoOrNull(row.resolvedAt),
  certificate: null,
  trace: null,
});

export const presentAttempt = (sample: AttemptSample) => ({
  ref: sample.ref,
  at: iso(sample.at),
  reason: sample.reason,
  ip: sample.ip,
  username: sample.username,
  listener: sample.listener,
  connackCode: sample.connackCode,
  passwordProvided: sample.passwordProvided,
  tlsUsed: sample.tlsUsed,
  protocol: sample.protocol,
});
