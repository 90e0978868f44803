import { readFileSync } from 'node:fs';
import { API_LIMITS, ENDPOINTS, type ImportResultDto } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure, messageOf } from '../runtime/failure.ts';
import { action, newCommand, type Context, type Host } from './command.ts';
import { readAll, writeBody } from './io.ts';
import { safe } from '../safe-text.ts';
import { withApi } from './with-api.ts';

async function read(context: Context, file: string): Promise<string> {
  try {
    return file === '-'
      ? await readAll(context.io.stdin, API_LIMITS.importBodyBytesMax)
      : readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${messageOf(error)}.`);
  }
}

/** JSON is an array; anything else is CSV. */
const contentTypeOf = (text: string): string =>
  text.trimStart().startsWith('[') ? 'application/json' : 'text/csv';

/** A row's error with the number that finds it: of the line, or of the entry in the array. */
function rowText(
  rowsAre: ImportResultDto['rowsAre'],
  { row, field, message }: ImportResultDto['errors'][number],
): string {
  const where = `${rowsAre === 'lines' ? 'line' : 'entry'} ${row}${field === '' ? '' : ','}`;
  return field === '' ? `${where} ${safe(message)}` : `${where} ${safe(field)}: ${safe(message)}`;
}

export function importCredentials(host: Host): Command {
  const command = newCommand(
    'import',
    'import credentials from CSV with a header, or a JSON array: all of it or nothing',
  )
    .argument('<file>', 'file, or - for standard input')
    .option('--on-existing <what>', 'skip, update or fail', 'fail')
    .option('--dry-run', 'change nothing, report what would happen');
  const schema = z.object({
    onExisting: z.enum(['skip', 'update', 'fail']),
    dryRun: z.boolean().default(false),
  });
  return action(host, command, schema, async (context, query, [file = '-']) => {
    const text = await read(context, file);
    const result = await withApi(context, ({ api }) =>
      api.call(ENDPOINTS.importCredentials, { query, raw: { text, contentType: contentTypeOf(text) } }),
    );
    context.out.answer(result, () => [
      `${result.dryRun ? 'Would create' : 'Created'} ${result.created}, updated ${result.updated}, skipped ${result.skipped}, errors ${result.errors.length}.`,
      ...(result.withoutSecret.count === 0
        ? []
        : [`Without a secret, so that they admit nobody yet: ${result.withoutSecret.count}.`]),
      ...result.errors.map((error) => `  ${rowText(result.rowsAre, error)}`),
    ]);
    return result.errors.length === 0 ? EXIT.done : EXIT.failed;
  });
}

export function exportCredentials(host: Host): Command {
  const command = newCommand('export', 'write credentials, without secrets, to standard output').option(
    '--format <format>',
    'csv or json',
    'csv',
  );
  return action(host, command, z.object({ format: z.enum(['csv', 'json']) }), async (context, { format }) => {
    const endpoint = format === 'csv' ? ENDPOINTS.exportCredentials : ENDPOINTS.exportCredentialsJson;
    await withApi(context, async ({ api }) => {
      await writeBody(context.io.stdout, await api.stream(endpoint));
    });
    return EXIT.done;
  });
}
