import { join } from 'node:path';
import { createConnection, type Connection } from 'mysql2/promise';
import {
  freePort,
  programPath,
  runToEnd,
  startProgram,
  temporaryDirectory,
  type Program,
} from './programs.ts';

const server = programPath('mariadbd');
const installer = programPath('mariadb-install-db');

export const MARIADB = server !== undefined && installer !== undefined;

/** A throwaway MariaDB with the account `gatehouse` / `backend-secret` and the database `mqtt`. */
export interface MariaDb {
  readonly port: number;
  readonly admin: Connection;
  readonly signal: Program['signal'];
  readonly stop: () => Promise<void>;
}

/** Starts one; `extra` are more arguments of the server. */
export async function startMariaDb(extra: readonly string[] = []): Promise<MariaDb> {
  if (server === undefined || installer === undefined) throw new Error('MariaDB is not installed');
  const folder = temporaryDirectory();
  const data = join(folder.path, 'data');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  runToEnd(installer, [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asRoot,
  ]);
  const port = await freePort();
  const program = await startProgram(
    server,
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${String(port)}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder.path, 'socket')}`,
      `--pid-file=${join(folder.path, 'pid')}`,
      '--innodb-flush-log-at-trx-commit=0',
      ...asRoot,
      ...extra,
    ],
    port,
  );
  const admin = await createConnection({ host: '127.0.0.1', port, user: 'root', multipleStatements: true });
  await admin.query(
    `create database mqtt character set utf8mb4; use mqtt;
     create user gatehouse@'%' identified by 'backend-secret'; grant select, execute on mqtt.* to gatehouse@'%';`,
  );
  return {
    port,
    admin,
    signal: program.signal,
    stop: async () => {
      admin.destroy();
      await program.stop();
      folder.discard();
    },
  };
}
