import {
  ColumnTypeEnum,
  DriverAdapterError,
  type ColumnType,
  type MappedError,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import type { SqlValue } from '../sql.ts';
import type { Connection } from './connection.ts';
import { rollBackTo } from './roll-back.ts';

const INFO = { provider: 'sqlite', adapterName: 'gatehouse-libsql' } as const;
const SAVEPOINT = 'prisma_statement';

/**
 * Prisma on a connection of ours. The published libsql adapter opens connections of its own, and an open transaction
 * on one of them and a hot statement on ours would wait for each other in one thread until the busy time-out; with
 * one connection, Prisma's statements are simply part of the transaction that the write queue has opened.
 */
export function prismaAdapter(connection: Connection): SqlDriverAdapterFactory {
  const queryable = {
    ...INFO,
    queryRaw: (query: SqlQuery) => guarded(() => queryRaw(connection, query)),
    executeRaw: (query: SqlQuery) => guarded(() => connection.run(query.sql, boundArguments(query))),
  };
  const script = (sql: string): Promise<void> =>
    guarded(() => {
      connection.exec(sql);
    });
  // A savepoint nests in the open transaction, and is a transaction of its own where there is none.
  const transaction: Transaction = {
    ...queryable,
    options: { usePhantomQuery: true },
    commit: () => script(`RELEASE ${SAVEPOINT}`),
    rollback: () => {
      rollBackTo(connection, SAVEPOINT);
      return Promise.resolve();
    },
  };
  const adapter: SqlDriverAdapter = {
    ...queryable,
    executeScript: script,
    startTransaction: async () => {
      await script(`SAVEPOINT ${SAVEPOINT}`);
      return transaction;
    },
    getConnectionInfo: () => ({ maxBindValues: 32_766, supportsRelationJoins: false }),
    dispose: () => Promise.resolve(),
  };
  return { ...INFO, connect: () => Promise.resolve(adapter) };
}

function queryRaw(connection: Connection, query: SqlQuery): SqlResultSet {
  const { columns, rows } = connection.table(query.sql, boundArguments(query));
  const columnTypes = columns.map(({ type }, index) => columnType(type, rows[0]?.[index]));
  return {
    columnNames: columns.map(({ name }) => name),
    columnTypes,
    rows: rows.map((row) => row.map((value, index) => resultValue(value, columnTypes[index]))),
  };
}

/** By the declared type; an expression has none and is judged by its first value. */
function columnType(declared: string | null, sample: unknown): ColumnType {
  switch (declared?.toUpperCase()) {
    case 'BIGINT':
      return ColumnTypeEnum.Int64;
    // Row ids are declared INTEGER in SQLite and BigInt in the models.
    case 'INTEGER':
      return ColumnTypeEnum.Int64;
    case 'BOOLEAN':
      return ColumnTypeEnum.Boolean;
    case 'TEXT':
      return ColumnTypeEnum.Text;
    default:
      return typeof sample === 'string' ? ColumnTypeEnum.Text : ColumnTypeEnum.Int64;
  }
}

function resultValue(value: unknown, type: ColumnType | undefined): unknown {
  return typeof value === 'number' && type === ColumnTypeEnum.Int64 ? String(value) : value;
}

function boundArguments({ args, argTypes }: SqlQuery): SqlValue[] {
  return args.map((value, index) => {
    if (typeof value === 'string') return argTypes[index]?.scalarType === 'bigint' ? BigInt(value) : value;
    if (
      value === null ||
      typeof value === 'number' ||
      typeof value === 'bigint' ||
      typeof value === 'boolean'
    )
      return value;
    throw new TypeError('the models have columns of text, numbers and booleans only');
  });
}

function guarded<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    try {
      resolve(work());
    } catch (error) {
      throw new DriverAdapterError(mapError(error));
    }
  });
}

/** Extended result codes of SQLite: unique index and primary key. */
const UNIQUE_CODES: ReadonlySet<number> = new Set([2067, 1555]);

function mapError(error: unknown): MappedError {
  if (!(error instanceof Error)) throw new TypeError('the driver threw no error', { cause: error });
  const code = 'rawCode' in error && typeof error.rawCode === 'number' ? error.rawCode : 1;
  if (UNIQUE_CODES.has(code)) {
    const [, columns = ''] = error.message.split('constraint failed: ');
    const fields = columns.split(', ').map((column) => column.slice(column.lastIndexOf('.') + 1));
    return { kind: 'UniqueConstraintViolation', constraint: { fields } };
  }
  return { kind: 'sqlite', extendedCode: code, message: error.message };
}
