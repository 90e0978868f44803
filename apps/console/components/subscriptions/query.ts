import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { Query } from '@/lib/api';
import { parseAsSortOf } from '@/lib/parse-sort';

export const KINDS = ['shared', 'notShared'] as const;
export const QOS_LEVELS = ['0', '1', '2'] as const;

/** Everything that changes the rows is in the URL. */
export const subscriptionsParsers = {
  search: parseAsString,
  topic: parseAsString,
  clientId: parseAsString,
  kind: parseAsStringLiteral(KINDS),
  qos: parseAsStringLiteral(QOS_LEVELS),
  node: parseAsString,
  sort: parseAsSortOf(['clientId', 'topicFilter', 'qos']).withDefault('clientId'),
  cursor: parseAsString,
};

interface SubscriptionsQuery {
  readonly search: string | null;
  readonly topic: string | null;
  readonly clientId: string | null;
  readonly kind: (typeof KINDS)[number] | null;
  readonly qos: (typeof QOS_LEVELS)[number] | null;
  readonly node: string | null;
  readonly sort: string;
  readonly cursor: string | null;
}

export const NO_FILTERS = {
  search: null,
  topic: null,
  clientId: null,
  kind: null,
  qos: null,
  node: null,
} as const;

const PAGE_ROWS = 50;
/** The API finds fewer characters only at the beginning. */
const CONTAINS_MIN = 3;

const textFilter = (text: string | null): string | null =>
  text === null ? null : `${text.length < CONTAINS_MIN ? 'starts' : 'contains'}:${text}`;

/** The query of the API that the URL stands for. */
export const subscriptionsQuery = (query: SubscriptionsQuery): Query => ({
  filter: textFilter(query.search),
  topic: query.topic,
  clientId: query.clientId === null ? null : `eq:${query.clientId}`,
  shared: query.kind === null ? null : query.kind === 'shared',
  qos: query.qos,
  node: query.node,
  sort: query.sort,
  cursor: query.cursor,
  limit: PAGE_ROWS,
});
