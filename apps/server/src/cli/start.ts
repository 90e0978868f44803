import type { Command } from 'commander';
import { z } from 'zod';
import { banner } from '../runtime/banner.ts';
import { EXIT } from '../runtime/failure.ts';
import type { RunningServer } from '../runtime/server.ts';
import { VERSION } from '../runtime/version.ts';
import { action, newCommand, type Context, type Host } from './command.ts';

/** Milliseconds after which a stop that hangs is cut short. */
const STOP_MS_MAX = 15_000;

/** What ends the server: a signal, or something it cannot go on without. */
type End = { readonly kind: 'signal' } | { readonly kind: 'fatal'; readonly error: Error };

/** Waits for the end; until `dispose`, also of errors that nobody caught. */
function watchEnd(): {
  readonly ended: Promise<End>;
  readonly fatal: (error: Error) => void;
  readonly dispose: () => void;
} {
  let end: (end: End) => void = () => undefined;
  const ended = new Promise<End>((resolve) => (end = resolve));
  const fatal = (error: unknown): void =>
    end({ kind: 'fatal', error: error instanceof Error ? error : new Error(String(error)) });
  const signalled = (): void => end({ kind: 'signal' });
  process
    .once('SIGINT', signalled)
    .once('SIGTERM', signalled)
    .on('uncaughtException', fatal)
    .on('unhandledRejection', fatal);
  return {
    ended,
    fatal,
    dispose: () => {
      process
        .off('SIGINT', signalled)
        .off('SIGTERM', signalled)
        .off('uncaughtException', fatal)
        .off('unhandledRejection', fatal);
    },
  };
}

/** A second Ctrl-C, or a stop that hangs, ends the process as it is: what was answered is stored already. */
function cutShortIfHanging(context: Context): () => void {
  const cut = (): void => {
    context.out.note('Stopped without waiting.');
    process.exit(EXIT.failed);
  };
  const timer = setTimeout(cut, STOP_MS_MAX);
  process.once('SIGINT', cut);
  return () => {
    clearTimeout(timer);
    process.off('SIGINT', cut);
  };
}

function announce(context: Context, server: RunningServer): void {
  const { ports, dataDir, ownCaFile, setupUrl } = server;
  if (context.out.json) context.out.answer({ pid: process.pid, version: VERSION, dataDir, ports }, () => []);
  else
    context.io.stdout(
      `${banner({ config: context.loaded.config, version: VERSION, dataDir, ports, ownCaFile, setupUrl })}\n`,
    );
}

async function runUntilEnd(context: Context): Promise<number> {
  const { loaded, io } = context;
  const { config, isSet } = loaded;
  const logFormat = io.terminal && !isSet('log.format') ? 'text' : config.log.format;
  const watch = watchEnd();
  try {
    const { startServer } = await import('../runtime/server.ts');
    const server = await startServer({ loaded, logFormat, onFatal: watch.fatal });
    announce(context, server);
    const end = await watch.ended;
    if (end.kind === 'fatal')
      server.log.fatal({ err: end.error }, `stopped by an error: ${end.error.message}`);
    const done = cutShortIfHanging(context);
    await server.stop();
    done();
    if (end.kind === 'signal' && !context.out.json) io.stdout('  Stopped.\n');
    return end.kind === 'signal' ? EXIT.done : EXIT.failed;
  } finally {
    watch.dispose();
  }
}

/** `gatehouse start`: everything in one process tree, until Ctrl-C. */
export const startCommand = (host: Host): Command =>
  action(
    host,
    newCommand('start', 'start the broker, the management API and the console'),
    z.object({}),
    runUntilEnd,
  );
