import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/main.ts';
import type { RunFile } from '../../src/runtime/run-file.ts';

const BINARY = fileURLToPath(new URL('../../bin/gatehouse.js', import.meta.url));
const POLL_MS = 20;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real `gatehouse start`. */
export interface TestServer {
  readonly dataDir: string;
  readonly pid: number;
  readonly ports: {
    readonly tcp: number;
    readonly tls: number;
    readonly ws: number;
    readonly wss: number;
    readonly api: number;
  };
  readonly output: () => string;
  readonly end: (signal: NodeJS.Signals) => Promise<Ended>;
}

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'gatehouse-server-'));
export const removeDataDir = (dataDir: string): void => rmSync(dataDir, { recursive: true, force: true });

const settings = (dataDir: string, set: readonly string[]): string[] =>
  [
    `data_dir=${dataDir}`,
    'listeners.tcp.host=127.0.0.1',
    'listeners.tcp.port=0',
    'listeners.ws.host=127.0.0.1',
    'listeners.ws.port=0',
    'listeners.tls.host=127.0.0.1',
    'listeners.tls.port=0',
    'listeners.wss.host=127.0.0.1',
    'listeners.wss.port=0',
    'api.port=0',
    'console.enabled=false',
    ...set,
  ].flatMap((setting) => ['--set', setting]);

/** Starts the command; `ended` resolves when it has. */
export function spawnStart(dataDir: string, set: readonly string[] = []) {
  const child = spawn(process.execPath, [BINARY, 'start', ...settings(dataDir, set)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const ended = once(child, 'close').then((): Ended => ({ code: child.exitCode, stdout, stderr }));
  return { child, ended, output: () => stdout + stderr };
}

/** Starts a server and waits until `run.json` names it. */
export async function startServer(dataDir: string, set: readonly string[] = []): Promise<TestServer> {
  const { child, ended, output } = spawnStart(dataDir, set);
  const runFile = join(dataDir, 'run.json');
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`gatehouse start ended with ${child.exitCode}:\n${output()}`);
    if (existsSync(runFile)) {
      const run = JSON.parse(readFileSync(runFile, 'utf8')) as RunFile;
      if (run.pid === child.pid) {
        const { tcp, tls, ws, wss, api } = run.ports;
        if (tcp === null || tls === null || ws === null || wss === null || api === null)
          throw new Error('a listener is off');
        return {
          dataDir,
          pid: run.pid,
          ports: { tcp, tls, ws, wss, api },
          output,
          end: (signal) => {
            child.kill(signal);
            return ended;
          },
        };
      }
    }
    await pause(POLL_MS);
  }
}

/** Runs a command in this process, as its own would. */
export async function cli(
  args: readonly string[],
  options: { readonly dataDir?: string; readonly input?: string } = {},
): Promise<Ended & { readonly code: number }> {
  let stdout = '';
  let stderr = '';
  const where = options.dataDir === undefined ? [] : ['--set', `data_dir=${options.dataDir}`];
  const code = await run([...args, ...where], {
    stdin: Readable.from([Buffer.from(options.input ?? '')]),
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    env: {},
    cwd: tmpdir(),
    terminal: false,
  });
  return { code, stdout, stderr };
}

/** The same with `--json`, parsed. */
export async function cliJson<T>(
  args: readonly string[],
  options: { readonly dataDir: string; readonly input?: string },
): Promise<T> {
  const { code, stdout, stderr } = await cli([...args, '--json'], options);
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
