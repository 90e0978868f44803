import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, programPath, startProgram, temporaryDirectory, type Program } from './programs.ts';

const server = programPath('redis-server');

export const REDIS = server !== undefined;

/** A throwaway server that knows the account `gatehouse` / `backend-secret`, which may read alone. */
export interface RedisServer {
  readonly port: number;
  readonly admin: Redis;
  readonly program: Program;
  readonly stop: () => Promise<void>;
}

async function start(argumentsFor: (port: number, folder: string) => readonly string[], wanted?: number) {
  if (server === undefined) throw new Error('Redis is not installed');
  const folder = temporaryDirectory();
  const port = wanted ?? (await freePort());
  const program = await startProgram(server, argumentsFor(port, folder.path), port);
  const admin = new Redis({ port, host: '127.0.0.1', protocol: 2 });
  admin.on('error', () => undefined);
  return {
    port,
    admin,
    program,
    stop: async () => {
      admin.disconnect();
      await program.stop();
      folder.discard();
    },
  };
}

const plain = (port: number, folder: string): readonly string[] => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
];

/** One server. */
export async function startRedis(port?: number, extra: readonly string[] = []): Promise<RedisServer> {
  const started = await start((at, folder) => [...plain(at, folder), ...extra], port);
  await allowReader(started.admin);
  return started;
}

const allowReader = (admin: Redis): Promise<unknown> =>
  admin.call(
    'ACL',
    'SETUSER',
    'gatehouse',
    'on',
    '>backend-secret',
    '~*',
    '+@read',
    '+ping',
    '+info',
    '+cluster',
    '+select',
    '+client',
    '+readonly',
  );

/** A master and a sentinel that knows it as `mqtt`. */
export async function startSentinel(): Promise<{
  readonly master: RedisServer;
  readonly sentinel: RedisServer;
}> {
  const master = await startRedis();
  const sentinel = await start((port, folder) => {
    const file = join(folder, 'sentinel.conf');
    writeFileSync(
      file,
      `port ${String(port)}\nbind 127.0.0.1\nsentinel monitor mqtt 127.0.0.1 ${String(master.port)} 1\n`,
    );
    return [file, '--sentinel'];
  });
  return { master, sentinel };
}

const SLOTS = 16_384;
const NODES = 3;
/** The cluster's bus listens that much higher; a port above would not fit. */
const BUS_OFFSET = 10_000;
const PORT_MAX = 55_535;

async function clusterPort(): Promise<number> {
  const port = await freePort();
  return port > PORT_MAX ? clusterPort() : port;
}

/** Three nodes that share the slots. */
export async function startCluster(): Promise<readonly RedisServer[]> {
  const nodes: RedisServer[] = [];
  for (let index = 0; index < NODES; index += 1) {
    if (server === undefined) throw new Error('Redis is not installed');
    const port = await clusterPort();
    const folder = temporaryDirectory();
    const args = [
      ...plain(port, folder.path),
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(port + BUS_OFFSET),
    ];
    const program = await startProgram(server, args, port);
    const admin = new Redis({ port, host: '127.0.0.1', protocol: 2, enableReadyCheck: false });
    nodes.push({
      port,
      admin,
      program,
      stop: async () => {
        admin.disconnect();
        await program.stop();
        folder.discard();
      },
    });
  }
  const [first] = nodes;
  for (const [index, { admin, port }] of nodes.entries()) {
    const from = Math.floor((SLOTS * index) / NODES);
    const to = Math.floor((SLOTS * (index + 1)) / NODES) - 1;
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    await allowReader(admin);
    if (first !== undefined && port !== first.port) {
      await first.admin.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(port + BUS_OFFSET));
    }
  }
  return nodes;
}
