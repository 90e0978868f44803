import { inCidr, parseAddress, parseCidr } from '@gatehouse/auth-core';
import type { ClientFilter, ClientOrder, ClientSession } from '@gatehouse/ports';
import type { Session } from '../session/session.ts';
import type { SessionRegistry } from '../session/registry.ts';
import { keyOf } from './keys.ts';
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

/** The text that sessions are put in order by. */
const KEY_OF: Readonly<Record<ClientOrder, (session: Session) => string>> = {
  clientId: ({ clientId }) => clientId,
  username: ({ username, clientId }) => keyOf(username ?? '', clientId),
  listener: ({ connection, clientId }) => keyOf(connection?.listener ?? '', clientId),
  subscriptions: ({ subscriptions, clientId }) => keyOf(subscriptions.size, clientId),
  inflight: ({ load, clientId }) => keyOf(load.inflight, clientId),
  queued: ({ load, clientId }) => keyOf(load.queued, clientId),
  dropped: ({ load, clientId }) => keyOf(load.dropped, clientId),
};

export function clientQuery(
  filter: ClientFilter,
  node: string,
  order: ClientOrder = 'clientId',
): Query<Session, ClientSession> {
  const search = filter.search?.toLowerCase();
  const isFrom = addressTest(filter.ip);
  return {
    keyOf: KEY_OF[order],
    matches: (session) =>
      isFound(session, search) &&
      hasIdentity(session, filter) &&
      isConnectedAs(session, filter) &&
      (filter.node === undefined || filter.node === node) &&
      isFrom(session.connection?.ip),
    present: (session) => presentSession(session, node),
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
  const { online, listener, protocol, tls } = filter;
  if (online !== undefined && (link !== undefined) !== online) return false;
  if (listener !== undefined && connection?.listener !== listener) return false;
  if (protocol !== undefined && connection?.protocol !== protocol) return false;
  return tls === undefined || connection?.tls === tls;
}

/** Whether an address is the one asked for, or in the network asked for. */
function addressTest(asked: string | undefined): (ip: string | undefined) => boolean {
  if (asked === undefined) return () => true;
  const network = parseCidr(asked);
  if (network === undefined) return (ip) => ip === asked;
  return (ip) => {
    const address = ip === undefined ? undefined : parseAddress(ip);
    return address !== undefined && inCidr(network, address);
  };
}

/** A session in plain data, as the node that holds it tells it. */
export function presentSession(session: Session, node: string): ClientSession {
  const { clientId, username, grant, principal, connection, load, will } = session;
  return {
    clientId,
    node,
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
    mountpoint: session.mountpoint ?? null,
  };
}

const presentConnection = ({
  transport: _transport,
  commonName: _commonName,
  ...facts
}: NonNullable<Session['connection']>): ClientSession['connection'] => facts;
