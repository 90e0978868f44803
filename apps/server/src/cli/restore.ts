import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { dataDirOf } from '../runtime/data-dir.ts';
import { EXIT } from '../runtime/failure.ts';
import { action, newCommand, type Host } from './command.ts';

/** `gatehouse restore FILE`: puts a backup into an empty place, while no server runs there. */
export function restoreCommand(host: Host): Command {
  const command = newCommand(
    'restore',
    'put a backup into an empty data directory or database, while no server runs there',
  )
    .argument('<file>', 'what `gatehouse backup` made, from either kind of database')
    .option('--force', 'replace what is there');
  return action(
    host,
    command,
    z.object({ force: z.boolean().default(false) }),
    async (context, { force }, [name = '']) => {
      const { config } = context.loaded;
      const dir = dataDirOf(config);
      // Loaded only where it is needed: every other command starts without.
      const [{ restoreBackup }, { backupFacts, backupLines }] = await Promise.all([
        import('../backup/restore.ts'),
        import('../backup/present.ts'),
      ]);
      const file = resolve(context.io.cwd, name);
      const { summary, key } = await restoreBackup(file, { config, dir, force });
      context.out.answer({ file, dataDir: dir.path, ...backupFacts(summary), key }, () => [
        `Restored ${file} into ${config.database_url.reveal() === '' ? dir.path : 'the database'}.`,
        ...backupLines(summary),
      ]);
      if (key === 'missing')
        context.out.note(
          `Without the secret key ${dir.secretKeyFile} what is sealed cannot be opened: set the secrets of authenticators, pre-shared keys, alert channels and authenticator apps anew.`,
        );
      context.out.note('People sign in anew; devices come back with the passwords that they have.');
      return EXIT.done;
    },
  );
}
