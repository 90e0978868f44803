import { workerData } from 'node:worker_threads';
import { openConnection } from './connection.ts';

const { path } = workerData as { readonly path: string };
const connection = openConnection(path);
try {
  // Copies what no reader holds, and keeps nobody from reading or writing meanwhile.
  connection.all('PRAGMA wal_checkpoint(PASSIVE)');
} finally {
  connection.close();
}
