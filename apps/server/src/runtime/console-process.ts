import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';
import { Failure } from './failure.ts';

/** What a supervised console is started with. */
export interface ConsoleOptions {
  /** The script to run. */
  readonly script: string;
  /** Environment of the child; `port` is put in by `environment`. */
  readonly environment: (port: number) => Readonly<Record<string, string>>;
  /** 0 picks a free one, which a restart then keeps. */
  readonly port: number;
  readonly log: Logger;
  /** What to say when its port is taken. */
  readonly portInUse: (port: number) => string;
}

/** A console that is started again when it dies. */
export interface ConsoleProcess {
  readonly port: number;
  stop(): Promise<void>;
}

const BACK_OFF = { firstMs: 1_000, maxMs: 30_000, forgottenAfterMs: 60_000 } as const;
/** How long the console may take to listen, and to end. */
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 3_000;
/** Characters of its standard error that are kept to explain a failed start. */
const ERROR_CHARACTERS_MAX = 4_000;

interface Launched {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  readonly listening: Promise<number>;
}

function listeningPort(line: string): number | undefined {
  try {
    const message: unknown = JSON.parse(line);
    const known =
      typeof message === 'object' && message !== null && 'listening' in message
        ? message.listening
        : undefined;
    return typeof known === 'number' ? known : undefined;
  } catch {
    return undefined;
  }
}

/** Preloaded into the child, which ends when the channel to this process closes. */
const FOLLOW_PARENT = new URL('../../dist/runtime/follow-parent.js', import.meta.url).href;

/** This process's environment without our own settings: the console is told what it needs and no secret. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GATEHOUSE_')));

function launch(options: ConsoleOptions, port: number): Launched {
  const child = spawn(process.execPath, ['--import', FOLLOW_PARENT, options.script], {
    env: { ...inherited(), ...options.environment(port) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  const exited = once(child, 'exit').then(() => undefined);
  const listening = new Promise<number>((resolve, reject) => {
    if (child.stdout) {
      createInterface(child.stdout).on('line', (line) => {
        const found = listeningPort(line);
        if (found === undefined) options.log.debug({ line }, 'console');
        else resolve(found);
      });
    }
    if (child.stderr) {
      createInterface(child.stderr).on('line', (line) => {
        said = `${said}${line}\n`.slice(-ERROR_CHARACTERS_MAX);
        options.log.warn({ line }, 'console');
      });
    }
    const fail = (): void =>
      reject(
        new Failure(
          said.includes('EADDRINUSE')
            ? options.portInUse(port)
            : `The console does not start:\n${said.trim()}`,
        ),
      );
    child.once('error', fail);
    child.once('close', fail);
    setTimeout(fail, START_MS_MAX).unref();
  });
  listening.catch(() => undefined);
  return { child, exited, listening };
}

async function end({ child, exited }: Launched): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await exited;
  clearTimeout(timer);
}

/** Starts the console and resolves when it listens; afterwards keeps it running until `stop`. */
export async function startConsole(options: ConsoleOptions): Promise<ConsoleProcess> {
  let current = launch(options, options.port);
  let stopping = false;
  let waitMs: number = BACK_OFF.firstMs;
  let timer: NodeJS.Timeout | undefined;
  const port = await current.listening.catch(async (error: unknown) => {
    await end(current);
    throw error;
  });

  const supervise = (launched: Launched): void => {
    const startedAt = performance.now();
    void launched.exited.then(() => {
      if (stopping) return;
      if (performance.now() - startedAt > BACK_OFF.forgottenAfterMs) waitMs = BACK_OFF.firstMs;
      options.log.error({ restartInMs: waitMs }, 'the console ended; it is started again');
      timer = setTimeout(() => {
        current = launch(options, port);
        supervise(current);
      }, waitMs);
      waitMs = Math.min(waitMs * 2, BACK_OFF.maxMs);
    });
  };
  supervise(current);

  return {
    port,
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await end(current);
    },
  };
}
