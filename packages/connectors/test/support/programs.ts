import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, test } from 'vitest';

const START_MS_MAX = 30_000;
const OUTPUT_CHARS_MAX = 20_000;

/** The path of a program of the system; undefined when it is not installed. */
export function programPath(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** A suite that needs a program: a visible skip without it, and a failure where `CI` is set. */
export function describeWith(program: string, found: boolean, title: string, suite: () => void): void {
  if (found) {
    describe(title, suite);
    return;
  }
  const missing = `${title}: ${program} is not installed`;
  if (process.env['CI'] === undefined) test.skip(missing, () => undefined);
  else
    test(missing, () => {
      throw new Error(`${program} is required where CI is set`);
    });
}

/** A directory of its own that goes when the test does. */
export function temporaryDirectory(): { readonly path: string; readonly discard: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-connectors-'));
  return {
    path,
    discard: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}

/** Runs a program to its end. */
export function runToEnd(command: string, args: readonly string[], input = ''): string {
  const result = spawnSync(command, args, { encoding: 'utf8', input });
  if (result.status !== 0) throw new Error(`${command} failed: ${result.stdout}${result.stderr}`);
  return result.stdout;
}

/** A server process of the tests' own. */
export interface Program {
  readonly stop: () => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/** Starts a server and waits until something listens on its port. */
export async function startProgram(command: string, args: readonly string[], port: number): Promise<Program> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (data: Buffer): void => {
    output = (output + data.toString()).slice(-OUTPUT_CHARS_MAX);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', kill);
      resolve();
    });
  });
  await listening(child, port, () => output).catch((error: unknown) => {
    kill();
    throw error;
  });
  return {
    ended,
    signal: (signal) => {
      child.kill(signal);
    },
    stop: async () => {
      kill();
      await ended;
    },
  };
}

/** Resolves when a connection to the port is accepted; tries again as soon as one is refused. */
function listening(child: ChildProcess, port: number, output: () => string): Promise<void> {
  const until = Date.now() + START_MS_MAX;
  return new Promise((resolve, reject) => {
    const attempt = (): void => {
      if (child.exitCode !== null || Date.now() > until) {
        reject(new Error(`the program does not listen:\n${output()}`));
        return;
      }
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('connect', () => {
        socket.destroy();
        resolve();
      });
      socket.once('error', () => {
        setImmediate(attempt);
      });
    };
    attempt();
  });
}
