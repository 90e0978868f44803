import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';
import { action, newCommand, newGroup, type Host } from './command.ts';
import { factLines, table } from './output.ts';
import { collectPages } from './paging.ts';
import { withServer } from './with-server.ts';

function list(host: Host): Command {
  const command = newCommand('list', 'retained messages, by topic where nothing else is said')
    .option('--filter <filter>', 'a topic filter with + and #', '#')
    .option('--sort <field>', 'topic, size, qos, updatedAt; -size: largest first')
    .option('--limit <count>', 'rows at most', '1000');
  const schema = z.object({
    filter: z.string(),
    sort: z.string().optional(),
    limit: z.coerce.number().int().min(1).max(1_000_000),
  });
  return action(host, command, schema, async (context, { limit, ...query }) => {
    const items = await withServer(context, (api) =>
      collectPages(limit, (paging) => api.call(ENDPOINTS.listRetained, { query: { ...query, ...paging } })),
    );
    context.out.answer({ items }, () =>
      table(
        ['topic', 'payload', 'bytes', 'QoS', 'published by', 'since'],
        items.map((one) => [
          one.topic,
          Buffer.from(one.preview, 'base64').toString(),
          one.payloadBytes,
          one.qos,
          one.publisher,
          one.updatedAt,
        ]),
      ),
    );
    return EXIT.done;
  });
}

function show(host: Host): Command {
  const command = newCommand('show', 'the retained message of a topic, with its payload').argument(
    '<topic>',
    'a topic',
  );
  return action(host, command, z.object({}), async (context, _options, [topic = '']) => {
    const message = await withServer(context, (api) => api.call(ENDPOINTS.getRetained, { query: { topic } }));
    // By way of `factLines`, which escapes what a terminal would obey.
    const payload = Buffer.from(message.payload, 'base64').toString();
    context.out.answer(message, () => factLines({ ...message, payload }));
    return EXIT.done;
  });
}

function remove(host: Host): Command {
  const command = newCommand('delete', 'delete the retained message of a topic, or all that a filter matches')
    .argument('[topic]', 'a topic')
    .option('--filter <filter>', 'a topic filter with + and #');
  const schema = z.object({ filter: z.string().optional() });
  return action(host, command, schema, async (context, { filter }, [topic]) => {
    if ((topic === undefined) === (filter === undefined))
      throw new Failure('Wrong usage: give a topic, or --filter.', EXIT.usage);
    const { deleted, complete } = await withServer(context, (api) =>
      api.call(ENDPOINTS.deleteRetained, { query: { topic, filter } }),
    );
    context.out.answer({ deleted, complete }, () => [
      `Deleted ${deleted}${complete ? '' : '; there are more, delete again'}.`,
    ]);
    return EXIT.done;
  });
}

export const retainedCommand = (host: Host): Command =>
  newGroup('retained', 'the last message of each topic')
    .addCommand(list(host))
    .addCommand(show(host))
    .addCommand(remove(host));
