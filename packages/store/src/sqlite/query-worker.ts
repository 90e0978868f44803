import { parentPort, workerData } from 'node:worker_threads';
import { runQuery } from '../queries/catalogue.ts';
import { openReader } from './open.ts';
import type { QueryReply, QueryRequest } from './query-thread.ts';

const port = parentPort;
if (port === null) throw new Error('the query worker runs as a worker thread only');
const { path } = workerData as { readonly path: string };
const connection = openReader(path);

/** Its answer goes to nobody: it compiles the code and reads the pages that the first page asked for would wait for. */
const WARM_UP: QueryRequest = {
  id: 0,
  name: 'unauthorized.page',
  args: { filter: {}, request: { limit: 1, sort: { field: 'lastAttemptAt', direction: 'desc' } } },
};

let tail: Promise<unknown> = answer(WARM_UP);
port.on('message', (request: QueryRequest) => {
  tail = tail.then(async () => {
    port.postMessage(await answer(request));
  });
});

/** Each query reads one snapshot. */
async function answer({ id, name, args }: QueryRequest): Promise<QueryReply> {
  connection.exec('BEGIN');
  try {
    return { id, value: await runQuery(connection.runner, name, args) };
  } catch (error) {
    const { name: errorName, message } = error instanceof Error ? error : new Error(String(error));
    return { id, error: { name: errorName, message } };
  } finally {
    connection.exec('COMMIT');
  }
}
