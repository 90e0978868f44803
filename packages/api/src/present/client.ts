import type { ClientSessionDto, ClientSubscriptionDto } from '@gatehouse/contract';
import type { ClientSession, ClientSubscription } from '@gatehouse/ports';
import { isoOrNull } from './time.ts';

/** `credentialNames`: by ID. */
export const presentClient = (
  { connection, disconnectedAt, ...session }: ClientSession,
  credentialNames: ReadonlyMap<string, string>,
): ClientSessionDto => ({
  ...session,
  credentialName: session.credentialId === null ? null : (credentialNames.get(session.credentialId) ?? null),
  listener: connection?.listener ?? null,
  ip: connection?.ip ?? null,
  tls: connection?.tls ?? null,
  tlsVersion: connection?.tlsVersion ?? null,
  tlsCipher: connection?.tlsCipher ?? null,
  protocol: connection?.protocol ?? null,
  keepAliveSeconds: connection?.keepAliveSeconds ?? null,
  cleanStart: connection?.cleanStart ?? null,
  connectedAt: isoOrNull(connection?.connectedAt ?? null),
  disconnectedAt: isoOrNull(disconnectedAt),
});

export const presentSubscription = (subscription: ClientSubscription): ClientSubscriptionDto => ({
  ...subscription,
});
