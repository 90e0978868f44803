import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT } from '../runtime/failure.ts';
import { action, newCommand, newGroup, type Host } from './command.ts';
import { table } from './output.ts';
import { collectPages } from './paging.ts';
import { withServer } from './with-server.ts';

function list(host: Host): Command {
  const command = newCommand('list', 'subscriptions, by client ID where nothing else is said')
    .option('--client-id <text>', 'eq:, starts: or contains: before the text; eq: without')
    .option('--filter <text>', 'the same, of the topic filter')
    .option('--topic <topic>', 'only those that a message to this topic would reach')
    .option('--shared', 'only those of a group ($share/…)')
    .option('--qos <level>', '0, 1 or 2')
    .option('--sort <field>', 'clientId, topicFilter, qos; -qos: highest first')
    .option('--limit <count>', 'rows at most', '1000');
  const schema = z.object({
    clientId: z.string().optional(),
    filter: z.string().optional(),
    topic: z.string().optional(),
    shared: z.literal(true).optional(),
    qos: z.string().optional(),
    sort: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(1_000_000),
  });
  return action(host, command, schema, async (context, { limit, ...query }) => {
    const items = await withServer(context, (api) =>
      collectPages(limit, (paging) =>
        api.call(ENDPOINTS.listSubscriptions, { query: { ...query, ...paging } }),
      ),
    );
    context.out.answer({ items }, () =>
      table(
        ['client ID', 'online', 'filter', 'QoS', 'group'],
        items.map((one) => [one.clientId, one.online, one.filter, one.qos, one.group]),
      ),
    );
    return EXIT.done;
  });
}

function remove(host: Host): Command {
  const command = newCommand('remove', 'end one subscription; its client is not told')
    .argument('<client-id>', 'its client ID')
    .argument('<filter>', 'the topic filter as the client wrote it');
  return action(host, command, z.object({}), async (context, _options, [clientId = '', filter = '']) => {
    await withServer(context, (api) =>
      api.call(ENDPOINTS.removeSubscription, { query: { clientId, filter } }),
    );
    context.out.answer({ removed: { clientId, filter } }, () => ['Removed.']);
    return EXIT.done;
  });
}

export const subscriptionsCommand = (host: Host): Command =>
  newGroup('subscriptions', 'who hears what').addCommand(list(host)).addCommand(remove(host));
