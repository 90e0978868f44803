import { ENDPOINTS, type UnauthorizedClientDto } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';
import type { ApiClient } from './api-client.ts';
import { action, newCommand, newGroup, type Host } from './command.ts';
import { writeBody } from './io.ts';
import { table } from './output.ts';
import { collectPages } from './paging.ts';
import { withApi } from './with-api.ts';

const filterOptions = z.object({
  clientId: z.string().optional(),
  username: z.string().optional(),
  ip: z.string().optional(),
  reason: z.string().optional(),
  family: z.string().optional(),
  state: z.string().optional(),
  search: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  firstFrom: z.string().optional(),
  firstTo: z.string().optional(),
});
type Filter = z.infer<typeof filterOptions>;
const filterOf = (options: Filter): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(filterOptions.parse(options)).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );

const withFilters = (command: Command): Command =>
  command
    .option('--client-id <text>', 'eq:, starts: or contains: before the text; eq: without')
    .option('--username <text>', 'the same')
    .option('--ip <address>', 'addresses or CIDR ranges, separated by commas')
    .option('--reason <codes>', 'reason codes, separated by commas')
    .option('--family <families>', 'basic, policy, protocol, …')
    .option('--state <state>', 'open or resolved')
    .option('--search <text>', 'client ID, username or address; or an attempt reference')
    .option('--from <time>', 'last attempt at or after, ISO 8601')
    .option('--to <time>', 'last attempt before, ISO 8601')
    .option('--first-from <time>', 'first attempt at or after, ISO 8601')
    .option('--first-to <time>', 'first attempt before, ISO 8601');

const listUpTo = (api: ApiClient, filter: Filter, count: number): Promise<readonly UnauthorizedClientDto[]> =>
  collectPages(count, (paging) =>
    api.call(ENDPOINTS.listUnauthorizedClients, { query: { ...filterOf(filter), ...paging } }),
  );

function list(host: Host): Command {
  const command = withFilters(newCommand('list', 'clients that were refused, newest first')).option(
    '--limit <count>',
    'rows at most',
    '50',
  );
  const schema = filterOptions.extend({ limit: z.coerce.number().int().min(1).max(100_000) });
  return action(host, command, schema, async (context, { limit, ...filter }) => {
    const items = await withApi(context, ({ api }) => listUpTo(api, filter, limit));
    context.out.answer({ items }, () =>
      table(
        [
          'last attempt',
          'client ID',
          'username',
          'password',
          'TLS',
          'ip',
          'reason',
          'state',
          'attempts',
          'id',
        ],
        items.map((row) => [
          row.lastAttemptAt,
          row.clientId === '' ? '‹empty›' : (row.clientId ?? '‹no CONNECT›'),
          row.username,
          row.passwordProvided ? 'yes' : 'no',
          row.tlsUsed ? 'yes' : 'no',
          row.ip,
          row.reason,
          row.state,
          row.attempts,
          row.id,
        ]),
      ),
    );
    return EXIT.done;
  });
}

function remove(host: Host): Command {
  const command = withFilters(newCommand('delete', 'delete refused clients: by id, by filter, or all'))
    .argument('[id...]', 'ids, as `list` shows them')
    .option('--all', 'all of them');
  const schema = filterOptions.extend({ all: z.boolean().default(false) });
  return action(host, command, schema, async (context, { all, ...options }, ids) => {
    const filter = filterOf(options);
    const given = [ids.length > 0, Object.keys(filter).length > 0, all].filter(Boolean).length;
    if (given !== 1) throw new Failure('Wrong usage: give ids, or filters, or --all.', EXIT.usage);
    const body = all ? { all: true } : ids.length > 0 ? { ids } : { filter };
    const { deleted } = await withApi(context, ({ api }) =>
      api.call(ENDPOINTS.deleteUnauthorizedClients, { body }),
    );
    context.out.answer({ deleted }, () => [`Deleted ${deleted}.`]);
    return EXIT.done;
  });
}

function exportRows(host: Host): Command {
  const command = withFilters(newCommand('export', 'write refused clients to standard output')).option(
    '--format <format>',
    'csv or json',
    'csv',
  );
  const schema = filterOptions.extend({ format: z.enum(['csv', 'json']) });
  return action(host, command, schema, async (context, { format, ...filter }) => {
    const endpoint =
      format === 'json' || context.out.json
        ? ENDPOINTS.exportUnauthorizedJson
        : ENDPOINTS.exportUnauthorizedCsv;
    await withApi(context, async ({ api }) => {
      await writeBody(context.io.stdout, await api.stream(endpoint, { query: filterOf(filter) }));
    });
    return EXIT.done;
  });
}

export const unauthorizedCommand = (host: Host): Command =>
  newGroup('unauthorized', 'clients that were refused')
    .addCommand(list(host))
    .addCommand(remove(host))
    .addCommand(exportRows(host));
