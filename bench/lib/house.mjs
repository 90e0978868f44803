// Several nodes on one PostgreSQL and one NATS, all of them on this machine.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort, startPostgres } from '../../scripts/lib/services.mjs';
import { startServer } from './server.mjs';

const START_MS = 500;

const parentOf = (pid) => Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/**
 * Starts them; `settings` are those of each node besides.
 * @param {number} count
 * @param {string[]} [settings]
 */
export async function startHouse(count, settings = []) {
  const postgres = await startPostgres(console.log);
  if (postgres === undefined) throw new Error('PostgreSQL is not installed');
  const port = await freePort();
  const nats = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-house-'));
  const nodes = [];
  const client = new pg.Client({ connectionString: postgres.url });
  const stop = async () => {
    for (const node of nodes) await node.stop();
    await client.end();
    nats.kill('SIGTERM');
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await client.connect();
  await pause(START_MS);
  try {
    for (let index = 0; index < count; index += 1) {
      nodes.push(
        await startServer([
          `database_url=${postgres.url}`,
          `bus_url=nats://127.0.0.1:${port}`,
          `node_id=node-${index + 1}`,
          `secret_key_file=${join(folder, 'secret.key')}`,
          ...settings,
        ]),
      );
    }
  } catch (error) {
    await stop();
    throw error;
  }
  /** The first value of the first row. */
  const ask = async (sql) => Number(Object.values((await client.query(sql)).rows[0])[0]);
  return {
    nodes,
    postgresPid: parentOf(await ask('SELECT pg_backend_pid()')),
    natsPid: nats.pid,
    ask,
    stop,
  };
}
