import { Worker } from 'node:worker_threads';
import { InvalidCursorError } from '@gatehouse/ports';
import type { QueryArguments, QueryName, QueryResult } from '../queries/catalogue.ts';

/** What the query worker is asked and answers. */
export interface QueryRequest {
  readonly id: number;
  readonly name: QueryName;
  readonly args: unknown;
}
export type QueryReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };

/** The read-only thread of an embedded store. */
export interface QueryThread {
  run<N extends QueryName>(name: N, args: QueryArguments<N>): Promise<QueryResult<N>>;
  close(): Promise<void>;
}

/** Queries waiting at once; more are refused, so that a stuck query cannot fill the memory. */
const PENDING_MAX = 1_000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export function startQueryThread(path: string): QueryThread {
  // Workers run built code; under the test runner this module is the source beside it.
  const url = new URL(
    import.meta.url.replace(/\/src\/sqlite\/query-thread\.ts$/, '/dist/sqlite/query-thread.js'),
  );
  const worker = new Worker(new URL('query-worker.js', url), { workerData: { path } });
  const pending = new Map<number, Pending>();
  let sequence = 0;
  let ended: Error | undefined;

  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  };
  worker.on('message', (reply: QueryReply) => {
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if (pending.size === 0) worker.unref();
    if (waiting === undefined) return;
    if ('error' in reply) waiting.reject(remoteError(reply.error));
    else waiting.resolve(reply.value);
  });
  worker.on('error', (error) => {
    end(error instanceof Error ? error : new Error(String(error)));
  });
  worker.on('exit', () => {
    end(new Error('the query thread has ended'));
  });
  // An open store alone does not keep a process alive; a query that is waited for does.
  worker.unref();

  return {
    run: <N extends QueryName>(name: N, args: QueryArguments<N>) =>
      new Promise<QueryResult<N>>((resolve, reject) => {
        if (ended !== undefined || pending.size >= PENDING_MAX) {
          reject(ended ?? new Error(`more than ${PENDING_MAX} queries are waiting`));
          return;
        }
        sequence += 1;
        worker.ref();
        // The worker runs the query of this name.
        pending.set(sequence, { resolve: (value) => resolve(value as QueryResult<N>), reject });
        worker.postMessage({ id: sequence, name, args } satisfies QueryRequest);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}

/** Errors lose their class between threads; the one that callers look for gets it back. */
function remoteError({ name, message }: { readonly name: string; readonly message: string }): Error {
  return name === 'InvalidCursorError' ? new InvalidCursorError(message) : new Error(message);
}
