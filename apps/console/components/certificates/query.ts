import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { parseAsSortOf } from '@/lib/parse-sort';

export const CERTIFICATE_STATES = ['valid', 'expiring', 'expired', 'revoked'] as const;
export const PURPOSES = ['client', 'server'] as const;
const SORT_FIELDS = ['createdAt', 'commonName', 'notAfter'] as const;

/** Everything that changes the rows is in the URL. */
export const certificateParsers = {
  search: parseAsString,
  state: parseAsStringLiteral(CERTIFICATE_STATES),
  purpose: parseAsStringLiteral(PURPOSES),
  sort: parseAsSortOf(SORT_FIELDS).withDefault('-createdAt'),
  cursor: parseAsString,
};

interface CertificateQuery {
  readonly search: string | null;
  readonly state: (typeof CERTIFICATE_STATES)[number] | null;
  readonly purpose: (typeof PURPOSES)[number] | null;
  readonly sort: string;
  readonly cursor: string | null;
}

export const NO_FILTERS = { search: null, state: null, purpose: null } as const;

const PAGE_ROWS = 50;

/** The query of the API that the URL stands for. */
export const toApiQuery = (query: CertificateQuery) => ({ ...query, limit: PAGE_ROWS });

/** Paths whose data a change of the certificates makes old. */
export const STALE = [
  '/certificates',
  '/certificates/authority',
  '/clients',
  '/unauthorized-clients',
] as const;
