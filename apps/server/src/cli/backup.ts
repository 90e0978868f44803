import {
  closeSync,
  createWriteStream,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { backupFacts, backupLines } from '../backup/present.ts';
import { summarize } from '../backup/summary.ts';
import { dataDirOf } from '../runtime/data-dir.ts';
import { codeOf, EXIT, Failure, messageOf } from '../runtime/failure.ts';
import { action, newCommand, type Host } from './command.ts';
import { withApi } from './with-api.ts';

const FOR_OWNER_ONLY = 0o600;

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'a part of the path is a file',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
};

/** Written whole or not at all, readable for its owner only; on the disk when it resolves. */
async function writeWhole(
  path: string,
  bytes: () => Promise<AsyncIterable<Uint8Array>>,
  check: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
  try {
    // Made before anything is asked of the server.
    const out = createWriteStream(draft, { mode: FOR_OWNER_ONLY, flags: 'wx', flush: true });
    await new Promise<void>((opened, failed) => out.once('open', () => opened()).once('error', failed));
    await pipeline(await bytes(), out);
    await check(draft);
    renameSync(draft, path);
    const directory = openSync(dirname(path), 'r');
    fsyncSync(directory);
    closeSync(directory);
  } catch (error) {
    rmSync(draft, { force: true });
    if (error instanceof Failure) throw error;
    const why = WHY[codeOf(error) ?? ''] ?? messageOf(error);
    throw new Failure(`The backup ${path} cannot be written: ${why}. Nothing was left there.`);
  }
}

/** `gatehouse backup FILE`: everything that the server keeps in one file, while it runs or not. */
export function backupCommand(host: Host): Command {
  const command = newCommand(
    'backup',
    'everything that the server keeps in one file, while it runs or not. The file holds secrets',
  )
    .argument('<file>', 'where to; readable for its owner only')
    .option('--with-key', 'the secret key too, without which what is sealed in the file cannot be opened')
    .option('--force', 'replace the file if it is there');
  const options = z.object({ withKey: z.boolean().default(false), force: z.boolean().default(false) });
  return action(host, command, options, async (context, { withKey, force }, [name = '']) => {
    const path = resolve(context.io.cwd, name);
    if (existsSync(path) && !force)
      throw new Failure(`${path} exists. Choose another name, or replace it with --force.`);
    const { facts, lines } = await withApi(context, async ({ api }) => {
      let found: Awaited<ReturnType<typeof summarize>> | undefined;
      await writeWhole(
        path,
        () => api.stream(ENDPOINTS.makeBackup, { body: { withKey } }),
        // A backup that was never read is none.
        async (draft) => {
          found = await summarize(draft);
        },
      );
      if (found === undefined) throw new Error('the backup was not read');
      return {
        facts: { file: path, bytes: statSync(path).size, ...backupFacts(found) },
        lines: backupLines(found),
      };
    });
    context.out.answer(facts, () => [`Backup in ${path}, ${facts.bytes} bytes.`, ...lines]);
    const { secretKeyFile } = dataDirOf(context.loaded.config);
    context.out.note(
      withKey
        ? 'The file holds secrets and the key that opens them: who has it has the server. Keep it as safe as that.'
        : `The file holds secrets: password hashes and private keys. The secret key ${secretKeyFile} is not in it: keep a copy of that elsewhere, a restore needs it.`,
    );
    return EXIT.done;
  });
}
