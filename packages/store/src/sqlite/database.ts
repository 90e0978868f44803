import { PrismaClient } from '../generated/sqlite/client.ts';
import type { ChangeFeed, StoreRecord } from '@gatehouse/ports';
import type { Database, Session } from '../database.ts';
import { createWriteQueue } from '../write-queue.ts';
import { dumpInThread } from './dump-thread.ts';
import { type Commits, createCommits } from './long-commit.ts';
import { openFile, openReader, WAL_AUTOCHECKPOINT_PAGES } from './open.ts';
import { prismaAdapter } from './prisma-adapter.ts';
import type { Connection } from './connection.ts';
import { startQueryThread } from './query-thread.ts';
import { rollBack } from './roll-back.ts';

/** A database that can be closed. */
export interface OpenDatabase extends Database {
  readonly applied: readonly string[];
  /** Undefined: nobody else can write it. */
  readonly changeFeed: ChangeFeed | undefined;
  /** Everything in it as of the first record that is asked for. */
  dump(): AsyncIterable<StoreRecord>;
  close(): Promise<void>;
}

/**
 * The embedded database: one writing and one reading connection in this thread, and a query thread with a reading
 * connection of its own. @throws StoreOpenError
 */
export async function openSqlite(dataDir: string): Promise<OpenDatabase> {
  const file = await openFile(dataDir);
  const reader = openReader(file.path);
  const readSession = session(reader);
  const writeSession = session(file.writer);
  const queue = createWriteQueue();
  const commits = createCommits(file.path, file.writer, WAL_AUTOCHECKPOINT_PAGES);
  const queries = startQueryThread(file.path);

  return {
    dialect: 'sqlite',
    applied: file.applied,
    changeFeed: undefined,
    read: (work) => work(readSession),
    write: (work) => queue.run(() => inTransaction(file.writer, commits, () => work(writeSession))),
    query: (name, args) => queries.run(name, args),
    dump: () => dumpInThread(file.path),
    close: async () => {
      await queue.idle();
      await commits.idle();
      await queries.close();
      await Promise.all([readSession.prisma.$disconnect(), writeSession.prisma.$disconnect()]);
      reader.close();
      file.close();
    },
  };
}

function session(connection: Connection): Session & { readonly prisma: PrismaClient } {
  return { prisma: new PrismaClient({ adapter: prismaAdapter(connection) }), sql: connection.runner };
}

async function inTransaction<T>(
  connection: Connection,
  commits: Commits,
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = await work();
    await commits.commit(started);
    return result;
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}
