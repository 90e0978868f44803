import type { Command } from 'commander';
import { z } from 'zod';
import { dataDirOf, prepareDataDir } from '../runtime/data-dir.ts';
import { EXIT, Failure } from '../runtime/failure.ts';
import { createLogger } from '../runtime/logger.ts';
import { action, newCommand, type Context, type Host } from './command.ts';
import { isListening } from './socket-transport.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Opens the store and closes it again; while a server runs, that it answers is enough. */
async function checkStore({ loaded }: Context): Promise<string> {
  const { config } = loaded;
  const dir = dataDirOf(config);
  if (await isListening(dir.controlSocket)) return 'in use by the running server';
  prepareDataDir(dir);
  const { openHouse } = await import('../control/house.ts');
  const { offlineDataPlane } = await import('../data/offline.ts');
  const log = createLogger({ level: 'error', format: 'text' }, 'control');
  const offline = offlineDataPlane(config, () => Promise.resolve([]));
  const house = await openHouse({
    config,
    dir,
    dataPlane: offline.dataPlane,
    ports: () => ({}),
    log,
    sampling: false,
  });
  try {
    await house.store.ping();
    return `${house.store.dialect} answers`;
  } finally {
    await house.close();
    await offline.close();
  }
}

async function attempt(name: string, run: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await run() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { name, ok: false, detail: error.message };
  }
}

/** `gatehouse check`: validates the configuration and reaches every backend. */
export function checkCommand(host: Host): Command {
  return action(
    host,
    newCommand('check', 'validate the configuration and reach every backend'),
    z.object({}),
    async (context) => {
      const configuration = {
        name: 'configuration',
        ok: true,
        detail: context.loaded.file ?? 'built-in defaults',
      };
      const checks = [configuration, await attempt('store', () => checkStore(context))];
      const ok = checks.every((check) => check.ok);
      context.out.answer({ ok, checks }, () =>
        checks.map((check) => `${check.ok ? 'ok  ' : 'FAIL'}  ${check.name}: ${check.detail}`),
      );
      return ok ? EXIT.done : EXIT.failed;
    },
  );
}
