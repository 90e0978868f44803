import type { ClientFilter, ClientSession } from '@gatehouse/ports';
import type { Session } from '../session/session.ts';
import type { SessionRegistry } from '../session/registry.ts';
import { type Query, type ScanSource, sourceOf } from './scan.ts';
import { isAsked } from './text.ts';

/** The sessions that can match: one, where the filter names it, else all. */
export function sessionsFor(
  registry: SessionRegistry,
  clientId: ClientFilter['clientId'],
): IterableIterator<Session> {
  if (clientId?.op !== 'eq') return registry[Symbol.iterator]();
  const session = registry.get(clientId.value);
  return (session === undefined ? [] : [session]).values();
}

export const clientSource = (registry: SessionRegistry, filter: ClientFilter): ScanSource<Session> =>
  sourceOf(sessionsFor(registry, filter.clientId));

/** Sessions by client ID. */
export function clientQuery(filter: ClientFilter): Query<Session, ClientSession> {
  const search = filter.search?.toLowerCase();
  return {
    keyOf: ({ clientId }) => clientId,
    matches: (session) =>
      isFound(session, search) && hasIdentity(session, filter) && isConnectedAs(session, filter),
    present: presentSession,
  };
}

const isFound = ({ clientId, username }: Session, search: string | undefined): boolean =>
  search === undefined ||
  clientId.toLowerCase().includes(search) ||
  username?.toLowerCase().includes(search) === true;

function hasIdentity({ clientId, username, grant }: Session, filter: ClientFilter): boolean {
  if (!isAsked(clientId, filter.clientId)) return false;
  if (filter.username !== undefined && (username === undefined || !isAsked(username, filter.username)))
    return false;
  return filter.credentialId === undefined || grant.credentialId === filter.credentialId;
}

function isConnectedAs({ link, connection }: Session, filter: ClientFilter): boolean {
  const { online, listener, protocol, ip } = filter;
  if (online !== undefined && (link !== undefined) !== online) return false;
  if (listener !== undefined && connection?.listener !== listener) return false;
  if (protocol !== undefined && connection?.protocol !== protocol) return false;
  return ip === undefined || connection?.ip === ip;
}

/** A session in plain data. */
export function presentSession(session: Session): ClientSession {
  const { clientId, username, grant, principal, connection, load, will } = session;
  return {
    clientId,
    username: username ?? null,
    credentialId: grant.credentialId ?? null,
    principal: `${principal.namespace}:${principal.subject}`,
    anonymous: grant.anonymous,
    superuser: grant.superuser,
    online: session.link !== undefined,
    connection: connection === undefined ? null : presentConnection(connection),
    disconnectedAt: session.disconnectedAt ?? null,
    expirySeconds: session.expirySeconds,
    subscriptions: session.subscriptions.size,
    ...load,
    willTopic: will?.topic ?? null,
  };
}

const presentConnection = ({
  transport: _transport,
  ...facts
}: NonNullable<Session['connection']>): ClientSession['connection'] => facts;
