// The brokers that are compared. Each is started anew for each measurement, and every client of each logs in.
import { execFileSync, spawn } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startServer } from './server.mjs';

const MOSQUITTO = '/usr/sbin/mosquitto';
const MOSQUITTO_PASSWD = '/usr/bin/mosquitto_passwd';
const STRONG_ITERATIONS = 100_000;
const CHOSEN_PASSWORD = 'chosen-by-a-person-7';
const START_MS_MAX = 10_000;
const STOP_MS_MAX = 5_000;
const CHECK_MS = 20;
const SAID_CHARS_MAX = 2_000;
const RECORDED_MS_MAX = 15_000;

/**
 * @typedef {object} Peer
 * @property {number} pid the server; its children count too
 * @property {number} port
 * @property {{username: string, password: string}[]} users
 * @property {((attempts: number) => Promise<object>)} [recorded] whether so many attempts are accounted for
 * @property {() => Promise<void>} stop
 */

/** A port that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    setTimeout(() => socket.destroy(), CHECK_MS);
  });

/** Starts a program that listens on `port` and ends with SIGTERM. */
async function startProgram(commandLine, port, input = '') {
  const [command, ...args] = commandLine;
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-SAID_CHARS_MAX)));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.once('error', (error) => (said = error.message));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const deadline = performance.now() + START_MS_MAX;
  while (!(await answers(port))) {
    if (child.pid === undefined || child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${command} ${args.join(' ')} did not start: ${said}`);
    }
    await pause(CHECK_MS);
  }
  return {
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      // A server that hashes may be long in hearing of it.
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await exited;
      clearTimeout(timer);
    },
  };
}

const namesOf = (count) => Array.from({ length: count }, (_, index) => `bench-${index}`);
const usersOf = (count) =>
  namesOf(count).map((username) => ({ username, password: randomBytes(24).toString('base64url') }));

/** All recorded: each attempt is itemised, aggregated or counted as dropped, and so many were made. */
async function recordedBy(server, attempts) {
  const deadline = performance.now() + RECORDED_MS_MAX;
  for (;;) {
    const { recorder, totals } = await server.api('GET', '/stats');
    const { itemised, aggregated, dropped } = recorder;
    const complete = recorder.attempts === attempts && itemised + aggregated + dropped === attempts;
    if (complete || performance.now() > deadline) {
      const { refused, busy } = totals;
      return {
        complete,
        made: attempts,
        attempts: recorder.attempts,
        itemised,
        aggregated,
        dropped,
        refused,
        busy,
      };
    }
    await pause(250);
  }
}

/** The real server with its defaults; credentials over the API: generated secrets, or chosen ones (argon2id). */
async function startGatehouse({ wrap, users: count, chosen, settings = [] }) {
  const server = await startServer(settings, wrap);
  try {
    const users = [];
    for (const username of namesOf(count)) {
      const body = { username, ...(chosen ? { password: CHOSEN_PASSWORD } : {}) };
      const { secret } = await server.api('POST', '/credentials', body);
      users.push({ username, password: chosen ? CHOSEN_PASSWORD : secret });
    }
    const recorded = (attempts) => recordedBy(server, attempts);
    return { pid: server.pid, port: server.ports.tcp, users, recorded, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A password file line as mosquitto_passwd writes it, but with as many iterations as a password needs today. */
function strongLines(users) {
  const salt = randomBytes(12);
  const hash = pbkdf2Sync(CHOSEN_PASSWORD, salt, STRONG_ITERATIONS, 64, 'sha512');
  const written = `$7$${STRONG_ITERATIONS}$${salt.toString('base64')}$${hash.toString('base64')}`;
  return users.map(({ username }) => `${username}:${written}\n`).join('');
}

const mosquittoConf = (port, passwords) => `listener ${port} 127.0.0.1
allow_anonymous false
password_file ${passwords}
max_queued_messages 0
max_inflight_messages 100
set_tcp_nodelay true
persistence false
connection_messages false
log_type error
user ${os.userInfo().username}
`;

async function startMosquitto({ wrap, users: count, strong = false }) {
  const folder = mkdtempSync(join(os.tmpdir(), 'mosquitto-bench-'));
  const port = await freePort();
  const passwords = join(folder, 'passwords');
  const users = strong
    ? namesOf(count).map((username) => ({ username, password: CHOSEN_PASSWORD }))
    : usersOf(count);
  writeFileSync(passwords, strong ? strongLines(users) : '', { mode: 0o600 });
  if (!strong) {
    for (const { username, password } of users) {
      execFileSync(MOSQUITTO_PASSWD, ['-b', passwords, username, password]);
    }
  }
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, mosquittoConf(port, passwords));
  const program = await startProgram([...wrap, MOSQUITTO, '-c', config], port);
  return {
    ...program,
    port,
    users,
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A broker of this folder that reads its users from standard input. */
async function startScript(url, { wrap, users: count }, args = []) {
  const port = await freePort();
  const users = usersOf(count);
  const command = [...wrap, process.execPath, fileURLToPath(url), String(port), ...args];
  return { ...(await startProgram(command, port, JSON.stringify(users))), port, users };
}

const startFloor = (options, args) =>
  startScript(new URL('./floor-server.mjs', import.meta.url), options, args);

/** The floor of a refusal whose row is stored. */
async function startFloorWithRows(options) {
  const folder = mkdtempSync(join(os.tmpdir(), 'floor-bench-'));
  const program = await startFloor(options, [join(folder, 'main.db')]);
  return {
    ...program,
    async stop() {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * By name: starts that broker with `users` users.
 * @type {Record<string, (options: {wrap: string[], users: number, chosen: boolean}) => Promise<Peer>>}
 */
export const PEERS = {
  gatehouse: startGatehouse,
  'gatehouse-memory': (options) => startGatehouse({ ...options, settings: ['journal=memory'] }),
  mosquitto: startMosquitto,
  'mosquitto-100k': (options) => startMosquitto({ ...options, strong: true }),
  aedes: (options) => startScript(new URL('./aedes-server.mjs', import.meta.url), options),
  null: (options) => startScript(new URL('./null-server.mjs', import.meta.url), options),
  floor: (options) => startFloor(options),
  'floor-rows': startFloorWithRows,
};
