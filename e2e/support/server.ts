import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const binary = fileURLToPath(new URL('../../apps/server/bin/gatehouse.js', import.meta.url));

/** The ports in use, as run.json and /readyz tell them. */
interface Ports {
  readonly tcp: number;
  readonly ws: number;
  readonly tls: number;
  readonly wss: number;
  readonly api: number;
  readonly console?: number;
}

/** A real server in a data directory of its own. */
export interface Server {
  readonly dataDir: string;
  readonly ports: Ports;
  readonly apiKey: string;
  /** Of its process. */
  readonly pid: number;
  /** What the server printed so far (both streams). */
  output(): string;
  /** The one-time setup link that the first start printed. */
  setupLink(): string;
  /** Runs the command line against this server. */
  cli(args: readonly string[], input?: string): Promise<{ code: number; stdout: string; stderr: string }>;
  kill(signal: NodeJS.Signals): Promise<number | null>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly console?: boolean;
  readonly dataDir?: string;
  /** `path=value`, as on the command line. */
  readonly set?: readonly string[];
  /** A program that becomes the server by its last arguments, as `ip netns exec NAME`; none otherwise. */
  readonly through?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** How long it may take until it is ready. */
  readonly startMsMax?: number;
}

/** Starts `gatehouse start` on free ports and waits until run.json says that it is ready. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'gatehouse-e2e-'));
  const settings = [
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
    'console.port=0',
    `console.enabled=${String(options.console ?? false)}`,
    ...(options.set ?? []),
  ].flatMap((setting) => ['--set', setting]);
  const [program = process.execPath, ...args] = [
    ...(options.through ?? []),
    process.execPath,
    binary,
    'start',
    ...settings,
  ];
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));

  const runFile = join(dataDir, 'run.json');
  const ports = await until(
    'the server writes run.json',
    () => {
      if (child.exitCode !== null)
        throw new Error(`gatehouse start ended with ${String(child.exitCode)}:\n${output}`);
      if (!existsSync(runFile)) return undefined;
      const state = parseRunFile(readFileSync(runFile, 'utf8'));
      return state?.pid === child.pid ? state?.ports : undefined;
    },
    options.startMsMax,
  ).catch((error: unknown) => {
    throw new Error(`the server did not start; it said:\n${output}`, { cause: error });
  });
  const cli: Server['cli'] = (args, input) => runCli([...args, '--set', `data_dir=${dataDir}`], input);
  const key = await adminKey(dataDir).catch((error: unknown) => {
    throw new Error(`no API key was made; the server said:\n${output}`, { cause: error });
  });
  return {
    dataDir,
    ports,
    apiKey: key,
    pid: child.pid ?? 0,
    output: () => output,
    setupLink: () =>
      /https?:\/\/\S+\/setup#token=\S+/.exec(output)?.[0] ?? fail('no setup link was printed', output),
    cli,
    kill: (signal) => killAndWait(child, signal, exited),
    stop: async () => {
      await killAndWait(child, 'SIGTERM', exited);
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A key over the control socket, as `gatehouse api-keys create` makes one, without a process of its own. */
async function adminKey(dataDir: string): Promise<string> {
  const body = JSON.stringify({ name: `e2e-${String(Date.now())}`, role: 'admin', scopes: [] });
  const asked = request({
    socketPath: join(dataDir, 'control.sock'),
    method: 'POST',
    path: '/api/v1/api-keys',
    headers: {
      host: 'localhost',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
  });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const said = await text(answer);
  if (answer.statusCode !== 201) throw new Error(`an API key was not made: ${said}`);
  return (JSON.parse(said) as { key: string }).key;
}

function fail(what: string, output: string): never {
  throw new Error(`${what}:\n${output}`);
}

function parseRunFile(text: string): { pid: number; ports: Ports } | undefined {
  try {
    return JSON.parse(text) as { pid: number; ports: Ports };
  } catch {
    return undefined; // being written
  }
}

function killAndWait(child: ChildProcess, signal: NodeJS.Signals, exited: Promise<number | null>) {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  return exited;
}

/** Runs the `gatehouse` command. */
function runCli(args: readonly string[], input?: string) {
  return runProgram(process.execPath, [binary, ...args], input);
}

/** Runs a program to its end, with text on its standard input. */
export function runProgram(
  command: string,
  args: readonly string[],
  input?: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code: code ?? 1, stdout, stderr });
    });
    child.stdin.on('error', () => undefined); // the program may end without reading
    child.stdin.end(input ?? '');
  });
}
