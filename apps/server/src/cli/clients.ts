import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT } from '../runtime/failure.ts';
import { action, newCommand, newGroup, type Host } from './command.ts';
import { factLines, table } from './output.ts';
import { collectPages } from './paging.ts';
import { withServer } from './with-server.ts';

const filterOptions = z.object({
  search: z.string().optional(),
  username: z.string().optional(),
  listener: z.string().optional(),
  protocol: z.string().optional(),
  ip: z.string().optional(),
  credential: z.string().optional(),
  tls: z.literal(true).optional(),
  sort: z.string().optional(),
  online: z.literal(true).optional(),
  offline: z.literal(true).optional(),
  limit: z.coerce.number().int().min(1).max(1_000_000),
});

function list(host: Host): Command {
  const command = newCommand('list', 'sessions, by client ID where nothing else is said')
    .option('--search <text>', 'contained in client ID or username')
    .option('--username <text>', 'eq:, starts: or contains: before the text; eq: without')
    .option('--listener <name>', 'tcp, ws, …')
    .option('--protocol <level>', '3 (MQTT 3.1), 4 (3.1.1) or 5 (5.0)')
    .option('--ip <address>', 'an address, or a network such as 10.0.0.0/8')
    .option('--credential <id>', 'admitted by this credential')
    .option('--tls', 'only those over TLS')
    .option(
      '--sort <field>',
      'username, listener, subscriptions, inflight, queued, dropped; -queued: most first',
    )
    .option('--online', 'only those that are connected')
    .option('--offline', 'only those that are not')
    .option('--limit <count>', 'rows at most', '1000');
  return action(
    host,
    command,
    filterOptions,
    async (context, { limit, online, offline, credential, ...filter }) => {
      const query = {
        ...filter,
        credentialId: credential,
        online: online ?? (offline === true ? false : undefined),
      };
      const items = await withServer(context, (api) =>
        collectPages(limit, (paging) => api.call(ENDPOINTS.listClients, { query: { ...query, ...paging } })),
      );
      context.out.answer({ items }, () =>
        table(
          [
            'client ID',
            'username',
            'online',
            'ip',
            'listener',
            'TLS',
            'MQTT',
            'subscriptions',
            'waiting',
            'dropped',
          ],
          items.map((one) => [
            one.clientId,
            one.username,
            one.online,
            one.ip,
            one.listener,
            one.tlsVersion ?? one.tls,
            one.protocol,
            one.subscriptions,
            one.queued,
            one.dropped,
          ]),
        ),
      );
      return EXIT.done;
    },
  );
}

function show(host: Host): Command {
  const command = newCommand('show', 'one session').argument('<client-id>', 'its client ID');
  return action(host, command, z.object({}), async (context, _options, [clientId = '']) => {
    const client = await withServer(context, (api) =>
      api.call(ENDPOINTS.getClient, { params: { clientId } }),
    );
    context.out.answer(client, () => factLines(client));
    return EXIT.done;
  });
}

function disconnect(host: Host): Command {
  const command = newCommand('disconnect', 'close the connections of clients')
    .argument('<client-id...>', 'their client IDs')
    .option('--end-session', 'end their sessions too: subscriptions and waiting messages are gone');
  const schema = z.object({ endSession: z.boolean().default(false) });
  return action(host, command, schema, async (context, { endSession }, clientIds) => {
    const { affected } = await withServer(context, (api) =>
      api.call(ENDPOINTS.disconnectClients, {
        body: { clientIds, session: endSession ? 'end' : 'keep' },
      }),
    );
    context.out.answer({ disconnected: affected }, () => [`Disconnected ${affected}.`]);
    return affected === 0 ? EXIT.failed : EXIT.done;
  });
}

export const clientsCommand = (host: Host): Command =>
  newGroup('clients', 'sessions of clients, connected or not')
    .addCommand(list(host))
    .addCommand(show(host))
    .addCommand(disconnect(host));
