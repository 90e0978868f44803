import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { Query } from '@/lib/api';
import { parseAsSortOf } from '@/lib/parse-sort';

export const STATES = ['online', 'offline'] as const;
export const PROTOCOLS = ['3', '4', '5'] as const;

export const SECURITY = ['encrypted', 'plain'] as const;

/** Named here: the contract's list would bring its schemas into the page's script. */
const SORT_FIELDS = ['clientId', 'username', 'listener', 'subscriptions', 'inflight', 'queued', 'dropped'];

/** Everything that changes the rows, and the open row, is in the URL. */
export const clientsParsers = {
  search: parseAsString,
  state: parseAsStringLiteral(STATES),
  listener: parseAsString,
  protocol: parseAsStringLiteral(PROTOCOLS),
  security: parseAsStringLiteral(SECURITY),
  credentialId: parseAsString,
  ip: parseAsString,
  node: parseAsString,
  sort: parseAsSortOf(SORT_FIELDS).withDefault('clientId'),
  cursor: parseAsString,
  open: parseAsString,
};

interface ClientsQuery {
  readonly search: string | null;
  readonly state: (typeof STATES)[number] | null;
  readonly listener: string | null;
  readonly protocol: (typeof PROTOCOLS)[number] | null;
  readonly security: (typeof SECURITY)[number] | null;
  readonly credentialId: string | null;
  readonly ip: string | null;
  readonly node: string | null;
  readonly sort: string;
  readonly cursor: string | null;
}

export const NO_FILTERS = {
  search: null,
  state: null,
  listener: null,
  protocol: null,
  security: null,
  credentialId: null,
  ip: null,
  node: null,
} as const;

const PAGE_ROWS = 50;

/** The query of the API that the URL stands for. */
export const clientsQuery = (query: ClientsQuery): Query => ({
  search: query.search,
  online: query.state === null ? null : query.state === 'online',
  listener: query.listener,
  protocol: query.protocol,
  tls: query.security === null ? null : query.security === 'encrypted',
  credentialId: query.credentialId,
  ip: query.ip,
  node: query.node,
  sort: query.sort,
  cursor: query.cursor,
  limit: PAGE_ROWS,
});
