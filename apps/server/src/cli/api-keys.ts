import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT } from '../runtime/failure.ts';
import { action, newCommand, newGroup, type Host } from './command.ts';
import { table } from './output.ts';
import { withApi } from './with-api.ts';

const none = z.object({});
const createOptions = z.object({
  name: z.string(),
  role: z.string(),
  scopes: z.array(z.string()).default([]),
  expiresAt: z.string().optional(),
});

function create(host: Host): Command {
  const command = newCommand('create', 'make an API key; its secret is printed this once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--role <role>', 'viewer, operator or admin')
    .option('--scopes <scope...>', 'narrow it to these scopes')
    .option('--expires-at <time>', 'ISO 8601');
  return action(host, command, createOptions, async (context, options) => {
    const created = await withApi(context, ({ api }) => api.call(ENDPOINTS.createApiKey, { body: options }));
    const { id, name, role, key } = created;
    context.out.answer({ id, name, role, key }, () => [key]);
    if (!context.out.json) context.out.note(`Key "${name}" (${role}). It is not shown again.`);
    return EXIT.done;
  });
}

function list(host: Host): Command {
  return action(host, newCommand('list', 'list API keys, without their secrets'), none, async (context) => {
    const { items } = await withApi(context, ({ api }) => api.call(ENDPOINTS.listApiKeys));
    context.out.answer({ items }, () =>
      table(
        ['id', 'name', 'role', 'prefix', 'created', 'last used'],
        items.map((key) => [key.id, key.name, key.role, key.prefix, key.createdAt, key.lastUsedAt]),
      ),
    );
    return EXIT.done;
  });
}

function revoke(host: Host): Command {
  const command = newCommand('revoke', 'revoke API keys at once').argument(
    '<id...>',
    'ids, as `list` shows them',
  );
  return action(host, command, none, async (context, _options, ids) => {
    await withApi(context, async ({ api }) => {
      for (const id of ids) await api.call(ENDPOINTS.deleteApiKey, { params: { id } });
    });
    context.out.answer({ revoked: ids }, () => [`Revoked ${ids.length}.`]);
    return EXIT.done;
  });
}

export const apiKeysCommand = (host: Host): Command =>
  newGroup('api-keys', 'keys for scripts that use the management API')
    .addCommand(create(host))
    .addCommand(list(host))
    .addCommand(revoke(host));
