import { createHash } from 'node:crypto';
import { createServer as createHttpServer, Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { startMariaDb } from '../../packages/connectors/test/support/mariadb.ts';
import { startMongoWire } from '../../packages/connectors/test/support/mongo-wire.ts';
import { startPostgres } from '../../packages/connectors/test/support/postgres.ts';
import { freePort } from '../../packages/connectors/test/support/programs.ts';
import { startRedis } from '../../packages/connectors/test/support/redis-servers.ts';
import { device, DEVICES, ROOT, startSlapd } from '../../packages/connectors/test/support/slapd.ts';

type Settings = Readonly<Record<string, unknown>>;

/** One kind of backend: the authenticator's settings for a server at this port, and how it is made slow. */
export interface Backend {
  readonly port: number;
  readonly settings: (port: number) => Settings;
  /** Those of the settings that are never told again. */
  readonly secrets: readonly string[];
  /** Settings that wait for it no longer than a test should. */
  readonly impatient: Settings;
  /** What is asked for instead, so that the answer does not come in time or is of another shape. */
  readonly slow: Settings | 'stopped';
  readonly odd: Settings | undefined;
  readonly signal?: (signal: NodeJS.Signals) => void;
  readonly stop: () => Promise<void>;
}

export const KNOWN = { username: 'device-1', password: 'public' } as const;
const HASH = createHash('sha256').update(KNOWN.password).digest('hex');
/** Each client asks the backend itself, whatever came of the ones before. */
const NO_BREAKER = { breaker_failures: 0 };
/** How long a backend that is not to answer may take: no more than a test need wait. */
const IMPATIENT_MS = 400;
const IMPATIENT = { connect_timeout_ms: IMPATIENT_MS, query_timeout_ms: IMPATIENT_MS };

/** The tables of both SQL databases; `slow_user` answers too late. */
const TABLES = `
  create table mqtt_user (username varchar(64), password varchar(64));
  insert into mqtt_user values ('${KNOWN.username}', '${HASH}');
  create table odd_user (username varchar(64), secret varchar(64));
  insert into odd_user values ('${KNOWN.username}', '${HASH}');`;
const ODD_QUERY = { query: 'select secret from odd_user where username = ${username}' };

export async function mysql(): Promise<Backend> {
  const { admin, port, stop } = await startMariaDb();
  await admin.query(TABLES);
  return {
    port,
    secrets: ['password'],
    settings: (at) => ({
      type: 'mysql',
      server: `127.0.0.1:${String(at)}`,
      username: 'gatehouse',
      password: 'backend-secret',
      ...NO_BREAKER,
    }),
    impatient: IMPATIENT,
    slow: { query: 'select password, sleep(5) from mqtt_user where username = ${username}' },
    odd: ODD_QUERY,
    stop,
  };
}

export async function postgresql(): Promise<Backend> {
  const { admin, port, stop } = await startPostgres();
  await admin.query(TABLES);
  return {
    port,
    secrets: ['password'],
    settings: (at) => ({
      type: 'postgresql',
      server: `127.0.0.1:${String(at)}`,
      username: 'gatehouse',
      password: 'backend-secret',
      ...NO_BREAKER,
    }),
    impatient: IMPATIENT,
    slow: { query: 'select password, pg_sleep(5) from mqtt_user where username = ${username}' },
    odd: ODD_QUERY,
    stop,
  };
}

export async function redis(): Promise<Backend> {
  const { admin, port, program, stop } = await startRedis();
  await admin.hset('mqtt_user:device-1', 'password', HASH);
  await admin.set('mqtt_odd:device-1', 'no hash');
  return {
    port,
    secrets: [],
    settings: (at) => ({
      type: 'redis',
      servers: [`127.0.0.1:${String(at)}`],
      password_hash: 'sha256',
      ...NO_BREAKER,
    }),
    impatient: IMPATIENT,
    slow: 'stopped',
    // HMGET of a key that holds no hash: an error instead of an array.
    odd: { command: 'HMGET mqtt_odd:${username} password' },
    signal: (signal) => {
      program.signal(signal);
    },
    stop,
  };
}

export async function mongodb(): Promise<Backend> {
  const { port, close } = await startMongoWire({
    documents: {
      mqtt_user: [{ username: KNOWN.username, password: HASH }],
      odd_user: [{ username: KNOWN.username, password: { nested: HASH } }],
    },
    onFind: (command) => (command['find'] === 'slow_user' ? 'silence' : undefined),
  });
  return {
    port,
    secrets: [],
    settings: (at) => ({ type: 'mongodb', servers: [`127.0.0.1:${String(at)}`], ...NO_BREAKER }),
    impatient: IMPATIENT,
    slow: { collection: 'slow_user' },
    odd: { collection: 'odd_user' },
    stop: close,
  };
}

const ldapSettings = (port: number): Settings => ({
  type: 'ldap',
  servers: [`127.0.0.1:${String(port)}`],
  bind_dn: ROOT.dn,
  bind_password: ROOT.password,
  base_dn: DEVICES,
  filter: '(|(uid=${username})(description=${username}))',
  ...NO_BREAKER,
});

export async function ldap(): Promise<Backend> {
  // `public`, as OpenLDAP stores it.
  const userPassword = '{SSHA}Q+cYNAZ9Wdg66TS7gGcBeLgQub5zYWx0';
  const { port, signal, stop } = await startSlapd(
    [
      device(KNOWN.username, { userPassword }),
      device('disabled', { userPassword, isEnabled: 'FALSE' }),
      device('clear', { userPassword: KNOWN.password }),
      device('nothing-stored'),
    ].join(''),
  );
  const secrets = ['bind_password'];
  const backend = { port, secrets, settings: ldapSettings, impatient: IMPATIENT, signal, stop };
  return { ...backend, slow: 'stopped', odd: undefined };
}

/** What the service answers to a username that holds the word; who is nobody of these is told to be somebody else's. */
const ANSWERS: readonly (readonly [string, number])[] = [
  ['status-400', 400],
  ['status-401', 401],
  ['status-403', 403],
  ['status-429', 429],
  ['status-500', 500],
  ['status-503', 503],
  ['status-504', 504],
];

export async function http(): Promise<Backend> {
  const service = createHttpServer((request, response) => {
    void text(request).then((body) => {
      if (request.url === '/slow') return;
      const params = new URLSearchParams(body);
      const username = params.get('username') ?? '';
      const status = ANSWERS.find(([word]) => username === word)?.[1];
      const right = params.get('password') === KNOWN.password;
      if (status !== undefined) response.writeHead(status).end();
      else if (username !== KNOWN.username) response.writeHead(200).end('ignore');
      else response.writeHead(right ? 200 : 401).end();
    });
  });
  const { port } = await listening(service);
  return {
    port,
    secrets: [],
    settings: (at) => ({
      type: 'http',
      contract: 'status',
      url: `http://127.0.0.1:${String(at)}/auth`,
      ...NO_BREAKER,
    }),
    impatient: { response_timeout_ms: IMPATIENT_MS },
    slow: { url: `http://127.0.0.1:${String(port)}/slow` },
    odd: undefined,
    stop: () => closed(service),
  };
}

/** A server that is no backend at all. */
export interface Impostor {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Says something that no protocol begins with, at once and again to whatever it hears. */
export async function garbage(): Promise<Impostor> {
  const noise = Buffer.from('\x16\x03\x01 this is no backend \xff\xfe\r\n\r\n', 'latin1');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(noise));
    socket.write(noise);
  });
  const { port } = await listening(server);
  return { port, stop: () => closed(server) };
}

/** Nobody listens there. */
export const deadPort = freePort;

async function listening(server: TcpServer): Promise<AddressInfo> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address() as AddressInfo;
}

const closed = (server: TcpServer): Promise<void> =>
  new Promise((resolve) => {
    if (server instanceof HttpServer) server.closeAllConnections();
    server.close(() => {
      resolve();
    });
  });
