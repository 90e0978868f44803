import { ENDPOINTS, type CredentialDto } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';
import { ApiFailure, type ApiClient } from './api-client.ts';
import { action, newCommand, type Host } from './command.ts';
import { factLines, table } from './output.ts';
import { safe } from '../safe-text.ts';
import { collectPages, PAGE } from './paging.ts';
import { withApi } from './with-api.ts';

/** The credential that an operator means: by id, else by exact username, client ID or name. */
export async function findCredential(api: ApiClient, wanted: string): Promise<CredentialDto> {
  try {
    return await api.call(ENDPOINTS.getCredential, { params: { id: wanted } });
  } catch (error) {
    if (!(error instanceof ApiFailure) || (error.code !== 'not-found' && error.code !== 'invalid-input'))
      throw error;
  }
  const found = new Map<string, CredentialDto>();
  for (const field of ['username', 'clientId', 'identity', 'name']) {
    const page = await api.call(ENDPOINTS.listCredentials, {
      query: { [field]: `eq:${wanted}`, limit: PAGE },
    });
    for (const credential of page.items) found.set(credential.id, credential);
  }
  const [only, ...others] = found.values();
  if (only === undefined)
    throw new Failure(`There is no credential with the id, username, client ID or name "${safe(wanted)}".`);
  if (others.length > 0)
    throw new Failure(
      `"${safe(wanted)}" names ${found.size} credentials: give one of their ids: ${[...found.keys()].join(', ')}.`,
    );
  return only;
}

const headings = [
  'id',
  'type',
  'name',
  'username',
  'client ID',
  'enabled',
  'superuser',
  'expires',
  'last used',
];
const rowOf = (credential: CredentialDto) => [
  credential.id,
  credential.type,
  credential.name,
  credential.username,
  credential.clientId,
  credential.enabled,
  credential.superuser,
  credential.expiresAt,
  credential.lastUsedAt,
];

export function listCredentials(host: Host): Command {
  const command = newCommand('list', 'list credentials')
    .option('--search <text>', 'name, username, client ID or identity contains')
    .option('--type <type>', 'only basic, x509, scram or psk')
    .option('--limit <count>', 'rows at most', '1000');
  const schema = z.object({
    search: z.string().optional(),
    type: z.enum(['basic', 'x509', 'scram', 'psk']).optional(),
    limit: z.coerce.number().int().min(1).max(1_000_000),
  });
  return action(host, command, schema, async (context, { search, type, limit }) => {
    const items = await withApi(context, ({ api }) =>
      collectPages(limit, (paging) =>
        api.call(ENDPOINTS.listCredentials, { query: { search, type, ...paging } }),
      ),
    );
    context.out.answer({ items }, () => table(headings, items.map(rowOf)));
    return EXIT.done;
  });
}

export function showCredential(host: Host): Command {
  const command = newCommand('show', 'show one credential, without its secret').argument(
    '<credential>',
    'id, username, client ID or name',
  );
  return action(host, command, z.object({}), async (context, _options, [wanted = '']) => {
    const credential = await withApi(context, ({ api }) => findCredential(api, wanted));
    context.out.answer(credential, () => factLines(credential));
    return EXIT.done;
  });
}

export function removeCredentials(host: Host): Command {
  const command = newCommand('remove', 'remove credentials; their sessions end').argument(
    '<credential...>',
    'ids, usernames, client IDs or names',
  );
  return action(host, command, z.object({}), async (context, _options, wanted) => {
    const removed = await withApi(context, async ({ api }) => {
      const ids: string[] = [];
      for (const one of wanted) ids.push((await findCredential(api, one)).id);
      await api.call(ENDPOINTS.deleteCredentials, { body: { ids } });
      return ids;
    });
    context.out.answer({ removed }, () => [`Removed ${removed.length}.`]);
    return EXIT.done;
  });
}
