import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { parseAsSortOf } from '@/lib/parse-sort';
import { CREDENTIAL_TYPES, type CredentialType } from './typed-draft';

export const STATUSES = ['enabled', 'disabled', 'expired'] as const;
type StatusFilter = (typeof STATUSES)[number];

const SORT_FIELDS = [
  'name',
  'username',
  'clientId',
  'createdAt',
  'updatedAt',
  'lastUsedAt',
  'expiresAt',
] as const;

/** Everything that changes the rows, and the open row, is in the URL. */
export const credentialsParsers = {
  search: parseAsString,
  type: parseAsStringLiteral(CREDENTIAL_TYPES),
  status: parseAsStringLiteral(STATUSES),
  tag: parseAsString,
  sort: parseAsSortOf(SORT_FIELDS).withDefault('-createdAt'),
  cursor: parseAsString,
  open: parseAsString,
  /** A common name that rules are to be added for, in the open row. */
  cn: parseAsString,
};

interface CredentialsQuery {
  readonly search: string | null;
  readonly type: CredentialType | null;
  readonly status: StatusFilter | null;
  readonly tag: string | null;
  readonly sort: string;
  readonly cursor: string | null;
}

export const NO_FILTERS = { search: null, type: null, status: null, tag: null } as const;

const PAGE_ROWS = 50;

/** The query of the API that the URL stands for. */
export const toApiQuery = (query: CredentialsQuery) => ({
  search: query.search,
  type: query.type,
  tag: query.tag,
  ...(query.status === 'enabled' ? { enabled: true, expired: false } : {}),
  ...(query.status === 'disabled' ? { enabled: false } : {}),
  ...(query.status === 'expired' ? { expired: true } : {}),
  sort: query.sort,
  cursor: query.cursor,
  limit: PAGE_ROWS,
});
