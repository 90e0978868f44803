import { StoreOpenError } from '@gatehouse/ports';
import type { Command } from 'commander';
import { z } from 'zod';
import { dataDirOf } from '../runtime/data-dir.ts';
import { settleDataDir } from '../runtime/settled-dir.ts';
import { EXIT, Failure } from '../runtime/failure.ts';
import { whoHolds } from '../runtime/lock.ts';
import { action, newCommand, type Host } from './command.ts';

/** `gatehouse migrate`: brings the schema up to date. `start` does so by itself. */
export function migrateCommand(host: Host): Command {
  return action(
    host,
    newCommand('migrate', 'bring the database up to date (start does it by itself)'),
    z.object({}),
    async (context) => {
      const { config } = context.loaded;
      const dir = dataDirOf(config);
      settleDataDir(dir);
      const { migrate } = await import('@gatehouse/store');
      try {
        const applied = await migrate({ url: config.database_url.reveal(), dataDir: dir.path });
        context.out.answer({ applied }, () => [
          applied.length === 0 ? 'Nothing to do.' : `Applied ${applied.join(', ')}.`,
        ]);
        return EXIT.done;
      } catch (error) {
        if (!(error instanceof StoreOpenError)) throw error;
        throw new Failure(error.code === 'locked' ? whoHolds(dir) : error.message);
      }
    },
  );
}
