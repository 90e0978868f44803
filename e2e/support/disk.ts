import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Server } from './server.ts';

/** One page of SQLite: what a file may grow to. */
const FULL_BYTES = 4_096;

/** Runs something while the server's disk takes nothing: no file of its process may grow. */
export async function withFullDisk<T>(server: Server, run: () => Promise<T>): Promise<T> {
  const { pid } = JSON.parse(readFileSync(join(server.dataDir, 'run.json'), 'utf8')) as { pid: number };
  const limit = (bytes: string) => runProgram('prlimit', ['--pid', String(pid), `--fsize=${bytes}`]);
  await limit(`${FULL_BYTES}:unlimited`);
  try {
    return await run();
  } finally {
    await limit('unlimited:unlimited');
  }
}
