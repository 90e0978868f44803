import { createRequire } from 'node:module';
import type * as ioredis from 'ioredis';
import type { Cluster, Redis } from 'ioredis';
import type { BackendFault } from '@gatehouse/auth-core';
import {
  type SourceAddress,
  type SourceConnection,
  type SourcePool,
  tlsOptionsOf,
} from './source-backend.ts';
import { TOO_LATE, within } from './source-deadline.ts';
import { badResult, errorCodeOf } from './source-errors.ts';

/** The driver takes 8 MiB of each thread that loads it: only a thread that asks Redis does. */
const driver = (): Driver => load('ioredis') as Driver;
const load = createRequire(import.meta.url);
type Driver = typeof ioredis;

export interface RedisConnection extends SourceConnection {
  readonly mode: 'single' | 'sentinel' | 'cluster';
  readonly addresses: readonly SourceAddress[];
  /** Name of the master that sentinels watch. */
  readonly sentinel: string;
  readonly sentinelPassword: string | undefined;
  readonly database: number;
}

/** Asks one command; neither throws nor rejects. */
export type RunRedis = (
  name: string,
  words: readonly string[],
) => Promise<{ readonly result: 'reply'; readonly reply: unknown } | BackendFault>;

const RETRY_MS_STEP = 50;
const RETRY_MS_MAX = 1_000;
const REDIRECTIONS_MAX = 4;

/** One client of the driver, with what it is doing. */
interface Member {
  readonly client: Redis | Cluster;
  /** Commands under way. */
  running: number;
  /** The last failure to connect, by its code. */
  problem: string;
  /** One wait for the connection, which all share who need it meanwhile. */
  connecting: Promise<boolean> | undefined;
}

/** Replies by which a server says that it is not there for this account, or not now. */
const AWAY = /^(?:NOAUTH|WRONGPASS|LOADING|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|NOREPLICAS)\b/;

/**
 * Connections to Redis: as many as the pool has for one server and for sentinels, and one client for a cluster, which
 * holds a connection to each node. Nothing waits in the driver's queues: a command is sent on a connection that
 * stands, or not at all.
 */
export function createRedisClients(options: RedisConnection): {
  readonly run: RunRedis;
  readonly pool: () => SourcePool;
  readonly close: () => void;
} {
  const members: Member[] = [];
  const sizeMax = options.mode === 'cluster' ? 1 : options.poolSize;
  let waiting = 0;

  /** The least busy connection; another one while all are busy and there may be more. */
  const pick = (): Member => {
    const [best] = members.toSorted((a, b) => a.running - b.running);
    if (best !== undefined && (best.running === 0 || members.length >= sizeMax)) return best;
    const member = memberOf(options);
    members.push(member);
    return member;
  };

  const run: RunRedis = async (name, words) => {
    const member = pick();
    member.running += 1;
    try {
      waiting += 1;
      const isReady = await ready(member, options.connectTimeoutMs).finally(() => (waiting -= 1));
      if (!isReady) return { result: 'unreachable', problem: member.problem };
      return await ask(member, options, name, words);
    } finally {
      member.running -= 1;
    }
  };

  return {
    run,
    pool: () => ({
      open: members.reduce((sum, { client }) => sum + openOf(client), 0),
      idle: members.filter(({ client, running }) => client.status === 'ready' && running === 0).length,
      waiting,
      max: options.poolSize,
    }),
    close: () => {
      for (const { client } of members) client.disconnect();
    },
  };
}

const openOf = (client: Redis | Cluster): number =>
  client instanceof driver().Cluster
    ? client.nodes('all').filter(({ status }) => status === 'ready').length
    : Number(client.status === 'ready');

async function ask(
  { client, problem }: Member,
  { queryTimeoutMs }: RedisConnection,
  name: string,
  words: readonly string[],
): ReturnType<RunRedis> {
  try {
    const reply = await within(client.call(name, ...words), queryTimeoutMs);
    if (reply !== TOO_LATE) return { result: 'reply', reply };
    // What was asked may still be answered: on a connection that nobody listens to any more.
    client.disconnect(true);
    return { result: 'timeout', ms: queryTimeoutMs };
  } catch (error) {
    const message = error instanceof Error && error.name === 'ReplyError' ? error.message : '';
    const [word = ''] = /^[A-Z]+\b/.exec(message) ?? [];
    if (AWAY.test(message)) return { result: 'unreachable', problem: word };
    if (message !== '') return badResult(`the server refused the command: ${word}`);
    return { result: 'unreachable', problem: problem === NEVER ? errorCodeOf(error) : problem };
  }
}

const NEVER = 'ETIMEDOUT';

/** Whether a client is connected, now or within the time. */
function ready(member: Member, ms: number): Promise<boolean> {
  if (member.client.status === 'ready') return Promise.resolve(true);
  member.connecting ??= connected(member.client, ms).finally(() => {
    member.connecting = undefined;
  });
  return member.connecting;
}

/** Waits until a client is connected, or has failed to; opens it when nobody has. */
function connected(client: Redis | Cluster, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isReady: boolean) => (): void => {
      clearTimeout(timer);
      client.off('ready', good);
      client.off('close', bad);
      client.off('end', bad);
      resolve(isReady);
    };
    const good = settle(true);
    const bad = settle(false);
    const timer = setTimeout(bad, ms);
    client.on('ready', good);
    client.on('close', bad);
    client.on('end', bad);
    // Its failure is told by the events.
    if (client.status === 'wait' || client.status === 'end') client.connect().catch(() => undefined);
  });
}

const retryStrategy = (times: number): number => Math.min(times * RETRY_MS_STEP, RETRY_MS_MAX);

function memberOf(options: RedisConnection): Member {
  const client = clientOf(options);
  const member: Member = { client, running: 0, problem: NEVER, connecting: undefined };
  const keep = (error: unknown): void => {
    member.problem = problemOf(error);
  };
  client.on('error', keep);
  // A cluster tells of a node that it cannot reach here, and of all of them only in general.
  if (client instanceof driver().Cluster) client.on('node error', keep);
  return member;
}

/** The last error of a driver, by its code, or by the first word of a refusal. */
function problemOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return errorCodeOf(error);
  if ('lastNodeError' in error && error.lastNodeError !== undefined) return problemOf(error.lastNodeError);
  const [word] = error instanceof Error ? (/^[A-Z]{4,}\b/.exec(error.message) ?? []) : [];
  return word ?? errorCodeOf(error);
}

function clientOf(options: RedisConnection): Redis | Cluster {
  const { addresses, tls, mode } = options;
  const [first] = addresses;
  const common = {
    protocol: 2 as const,
    ...(options.username === '' ? {} : { username: options.username }),
    ...(options.password.reveal() === '' ? {} : { password: options.password.reveal() }),
    connectTimeout: options.connectTimeoutMs,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectionName: 'gatehouse',
    ...(tls && { tls: tlsOptionsOf(tls) }),
  };
  if (mode === 'cluster') {
    return new (driver().Cluster)([...addresses], {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryStrategy,
      slotsRefreshTimeout: options.connectTimeoutMs,
      maxRedirections: REDIRECTIONS_MAX,
      redisOptions: common,
    });
  }
  const standing = {
    ...common,
    db: options.database,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy,
  };
  if (mode === 'single')
    return new (driver().Redis)({ ...standing, host: first?.host ?? '', port: first?.port ?? 0 });
  return new (driver().Redis)({
    ...standing,
    sentinels: [...addresses],
    name: options.sentinel,
    sentinelRetryStrategy: retryStrategy,
    ...(options.sentinelPassword === undefined ? {} : { sentinelPassword: options.sentinelPassword }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tlsOptionsOf(tls) }),
  });
}
