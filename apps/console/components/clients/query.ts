import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { Query } from '@/lib/api';

export const STATES = ['online', 'offline'] as const;
export const PROTOCOLS = ['3', '4', '5'] as const;

/** Everything that changes the rows, and the open row, is in the URL. */
export const clientsParsers = {
  search: parseAsString,
  state: parseAsStringLiteral(STATES),
  listener: parseAsString,
  protocol: parseAsStringLiteral(PROTOCOLS),
  credentialId: parseAsString,
  ip: parseAsString,
  sort: parseAsStringLiteral(['clientId', '-clientId']).withDefault('clientId'),
  cursor: parseAsString,
  open: parseAsString,
};

interface ClientsQuery {
  readonly search: string | null;
  readonly state: (typeof STATES)[number] | null;
  readonly listener: string | null;
  readonly protocol: (typeof PROTOCOLS)[number] | null;
  readonly credentialId: string | null;
  readonly ip: string | null;
  readonly sort: string;
  readonly cursor: string | null;
}

export const NO_FILTERS = {
  search: null,
  state: null,
  listener: null,
  protocol: null,
  credentialId: null,
  ip: null,
} as const;

const PAGE_ROWS = 50;

/** The query of the API that the URL stands for. */
export const clientsQuery = (query: ClientsQuery): Query => ({
  search: query.search,
  online: query.state === null ? null : query.state === 'online',
  listener: query.listener,
  protocol: query.protocol,
  credentialId: query.credentialId,
  ip: query.ip,
  sort: query.sort,
  cursor: query.cursor,
  limit: PAGE_ROWS,
});
