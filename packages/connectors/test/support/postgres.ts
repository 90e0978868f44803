import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort, runToEnd, startProgram, temporaryDirectory, type Program } from './programs.ts';

const BASE = '/usr/lib/postgresql';
const bin = existsSync(BASE)
  ? readdirSync(BASE)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(BASE, version, 'bin'))
      .find((folder) => existsSync(join(folder, 'initdb')))
  : undefined;

export const POSTGRES = bin !== undefined;

/** A throwaway PostgreSQL with the account `gatehouse` / `backend-secret` and the database `mqtt`. */
export interface Postgres {
  readonly port: number;
  readonly admin: pg.Client;
  readonly signal: Program['signal'];
  /** Cuts every connection and ends the server as a crash does. */
  readonly crash: () => Promise<void>;
  /** Starts it again after that, on the same data and port; `admin` is not connected then. */
  readonly recover: () => Promise<void>;
  /** Stops all of its processes where they stand, and lets them go on. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  readonly stop: () => Promise<void>;
}

const isRoot = process.getuid?.() === 0;
/** PostgreSQL does not run as root. */
const asPostgres = (command: string, args: readonly string[]): [string, readonly string[]] =>
  isRoot
    ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', command, ...args]]
    : [command, args];

/** Starts one; `settings` are more `name=value` of the server, `files` are written into its data directory, which lies in `at`. */
export async function startPostgres(
  settings: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
  at?: string,
): Promise<Postgres> {
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  const folder = temporaryDirectory();
  chmodSync(folder.path, 0o755);
  if (isRoot) runToEnd('chown', ['postgres', folder.path]);
  if (at !== undefined && isRoot) runToEnd('chown', ['postgres', at]);
  const data = join(at ?? folder.path, 'data');
  runToEnd(
    ...asPostgres(join(bin, 'initdb'), [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--no-sync',
    ]),
  );
  // The account of the tests has a password that is asked for; the administrator has not.
  runToEnd(
    ...asPostgres('tee', [join(data, 'pg_hba.conf')]),
    'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
  );
  for (const [name, text] of Object.entries(files)) {
    runToEnd(...asPostgres('tee', [join(data, name)]), text);
    runToEnd(...asPostgres('chmod', ['600', join(data, name)]));
  }
  const port = await freePort();
  const launch = (): Promise<Program> =>
    startProgram(
      ...asPostgres(join(bin, 'postgres'), [
        '-D',
        data,
        '-p',
        String(port),
        '-k',
        folder.path,
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        'fsync=off',
        ...settings.flatMap((setting) => ['-c', setting]),
      ]),
      port,
    );
  let program = await launch();
  const admin = await connectWhenReady(port);
  await admin.query("create user gatehouse password 'backend-secret'");
  await admin.query('create database mqtt');
  await admin.end();
  const inside = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'mqtt' });
  inside.on('error', () => undefined);
  await inside.connect();
  await inside.query('alter default privileges grant select on tables to gatehouse');
  return {
    port,
    admin: inside,
    signal: (signal) => {
      program.signal(signal);
    },
    crash: async () => {
      program.signal('SIGQUIT');
      await program.ended;
    },
    recover: async () => {
      program = await launch();
      await (await connectWhenReady(port)).end();
    },
    freeze: () => {
      signalAll(data, 'SIGSTOP');
    },
    thaw: () => {
      signalAll(data, 'SIGCONT');
    },
    stop: async () => {
      await inside.end().catch(() => undefined);
      await program.stop();
      folder.discard();
    },
  };
}

/** The postmaster, and each process that it has made. */
function signalAll(data: string, signal: NodeJS.Signals): void {
  const [first = ''] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  const children = readFileSync(`/proc/${first}/task/${first}/children`, 'utf8').trim().split(' ');
  for (const pid of [first, ...children]) if (pid !== '') process.kill(Number(pid), signal);
}

/** It listens before it takes connections, and says so. */
async function connectWhenReady(port: number): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '57P03') return connectWhenReady(port);
    throw error;
  }
}
