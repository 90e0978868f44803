import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NATS, startNats } from '../../packages/bus/test/support/nats-server.ts';
import { POSTGRES, startPostgres, type Postgres } from '../../packages/connectors/test/support/postgres.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';

/** A database and a bus of their own, and the servers that were started on them. */
export interface Cluster {
  readonly database: Postgres;
  /** In the order in which they were started. */
  readonly nodes: readonly Server[];
  start(node: string, options?: Pick<ServerOptions, 'console' | 'set'>): Promise<Server>;
  /** Kills the servers, and ends database and bus. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL and NATS; servers are started by name. */
export async function startCluster(): Promise<Cluster> {
  if (!POSTGRES || !NATS) throw new Error('PostgreSQL or NATS is not installed');
  const database = await startPostgres();
  await database.admin.query('create database house owner gatehouse');
  const bus = await startNats({ account: true });
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-cluster-'));
  const nodes: Server[] = [];
  return {
    database,
    nodes,
    start: async (node, { set = [], ...options } = {}) => {
      const server = await startServer({
        ...options,
        dataDir: mkdtempSync(join(folder, `${node}-`)),
        set: [
          `database_url=postgresql://gatehouse:backend-secret@127.0.0.1:${String(database.port)}/house`,
          `bus_url=${bus.url}`,
          `node_id=${node}`,
          `secret_key_file=${join(folder, 'secret.key')}`,
          ...set,
        ],
      });
      nodes.push(server);
      return server;
    },
    stop: async () => {
      for (const server of nodes) await server.kill('SIGKILL');
      await bus.stop();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
