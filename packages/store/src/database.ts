import type { Prisma } from './generated/sqlite/client.ts';
import type { QueryArguments, QueryName, QueryResult } from './queries/catalogue.ts';
import type { Dialect, SqlRunner } from './sql.ts';

/**
 * One connection as repositories use it: Prisma for records, SQL for the hot statements. Typed against the SQLite
 * client, the narrower of the two generated ones.
 */
export interface Session {
  readonly prisma: Prisma.TransactionClient;
  readonly sql: SqlRunner;
}

/** A database, or an open transaction on one: what repositories are made of. */
export interface Database {
  readonly dialect: Dialect;
  /** Small reads: by key, or bounded lists. Sees everything committed before the call. */
  readonly read: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** One transaction, serialised with all other writes; durable when it resolves. */
  readonly write: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** Reads that may take their time (pages, facets, exports); SQLite runs them in the query thread. */
  readonly query: <N extends QueryName>(name: N, args: QueryArguments<N>) => Promise<QueryResult<N>>;
}
