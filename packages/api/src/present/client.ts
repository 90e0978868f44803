import type { ClientSessionDto, ClientSubscriptionDto } from '@gatehouse/contract';
import type { ClientSession, ClientSubscription } from '@gatehouse/ports';
import { isoOrNull } from './time.ts';

export const presentClient = ({
  connection,
  disconnectedAt,
  ...session
}: ClientSession): ClientSessionDto => ({
  ...session,
  listener: connection?.listener ?? null,
  ip: connection?.ip ?? null,
  tls: connection?.tls ?? null,
  protocol: connection?.protocol ?? null,
  keepAliveSeconds: connection?.keepAliveSeconds ?? null,
  cleanStart: connection?.cleanStart ?? null,
  connectedAt: isoOrNull(connection?.connectedAt ?? null),
  disconnectedAt: isoOrNull(disconnectedAt),
});

export const presentSubscription = (subscription: ClientSubscription): ClientSubscriptionDto => ({
  ...subscription,
});
