import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { StoreRecord } from '@gatehouse/ports';
import type { DumpAnswer } from './dump-worker.ts';

/** Everything in a file as of now, read by a thread and a connection of its own: nobody waits for it. */
export async function* dumpInThread(path: string): AsyncGenerator<StoreRecord> {
  // Workers run built code; under the test runner this module is the source beside it.
  const url = new URL(
    import.meta.url.replace(/\/src\/sqlite\/dump-thread\.ts$/, '/dist/sqlite/dump-thread.js'),
  );
  const worker = new Worker(new URL('dump-worker.js', url), { workerData: { path } });
  try {
    for (;;) {
      const answered = once(worker, 'message') as Promise<[DumpAnswer]>;
      worker.postMessage('next');
      const [answer] = await answered;
      if (answer.kind === 'failed') throw new Error(answer.message);
      if (answer.kind === 'done') return;
      yield answer.record;
    }
  } finally {
    await worker.terminate();
  }
}
