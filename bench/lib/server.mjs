// A real server in a data directory of its own, and the API as a script would call it.
import { spawn, execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const binary = fileURLToPath(new URL('../../apps/server/bin/gatehouse.js', import.meta.url));
const START_MS_MAX = 30_000;
/** Flags of Node for the server, to look into it: `BENCH_NODE_FLAGS='--cpu-prof --cpu-prof-dir=/tmp/prof'`. */
const NODE_FLAGS = process.env.BENCH_NODE_FLAGS?.split(' ') ?? [];

/**
 * @param {string[]} [set] further settings, `path=value`
 * @param {string[]} [wrap] command and arguments that run the server, such as `taskset -c 0`
 * @param {string} [dataDir] one that is there already, and is removed with the server as well
 */
export async function startServer(
  set = [],
  wrap = [],
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-bench-')),
) {
  const settings = [
    `data_dir=${dataDir}`,
    'listeners.tcp.host=127.0.0.1',
    'listeners.tcp.port=0',
    'listeners.ws.enabled=false',
    'listeners.tls.enabled=false',
    'listeners.wss.enabled=false',
    'api.port=0',
    'console.enabled=false',
    'log.level=error',
    ...set,
  ].flatMap((setting) => ['--set', setting]);
  const [command, ...args] = [...wrap, process.execPath, ...NODE_FLAGS, binary, 'start', ...settings];
  const child = spawn(command, args, {
    stdio: ['ignore', NODE_FLAGS.length > 0 ? 'inherit' : 'ignore', 'inherit'],
  });
  const deadline = performance.now() + START_MS_MAX;
  const runFile = join(dataDir, 'run.json');
  while (!existsSync(runFile)) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error('the server did not start');
    }
    await pause(50);
  }
  const { ports } = JSON.parse(readFileSync(runFile, 'utf8'));
  /** Runs a command of `gatehouse` against this server; what it says as JSON. */
  async function cli(...args) {
    const said = await promisify(execFile)(process.execPath, [
      binary,
      ...args,
      '--json',
      '--set',
      `data_dir=${dataDir}`,
    ]);
    return JSON.parse(said.stdout);
  }
  const { key } = await cli('api-keys', 'create', '--name', `bench-${child.pid}`, '--role', 'admin');

  async function api(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${ports.api}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** What `/metrics` says: values by name, with the labels as they are written. */
  async function metrics() {
    const headers = { authorization: `Bearer ${key}` };
    const text = await (await fetch(`http://127.0.0.1:${ports.api}/metrics`, { headers })).text();
    return Object.fromEntries(
      [...text.matchAll(/^(\w[^ ]*) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
    );
  }

  return {
    pid: child.pid,
    ports,
    key,
    dataDir,
    api,
    cli,
    metrics,
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
