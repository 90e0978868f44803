import type { credentialsExportQuery } from '@gatehouse/contract';
import type { CredentialFilter } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { csvLine } from '../../present/csv.ts';
import { isoOrNull } from '../../present/time.ts';
import { topicTexts } from '../../present/topics.ts';
import { toCredentialFilter } from './filter.ts';

const CHUNK_ROWS = 500;
const COLUMNS = [
  'name',
  'username',
  'client_id',
  'superuser',
  'enabled',
  'expires_at',
  'description',
  'tags',
  'publish',
  'subscribe',
];

async function* csvOf(ctx: Context, filter: CredentialFilter): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const credentials of ctx.house.store.credentials.stream(filter, CHUNK_ROWS)) {
    yield credentials
      .map((one) =>
        csvLine([
          one.name,
          one.username,
          one.clientId,
          one.superuser,
          one.enabled,
          isoOrNull(one.expiresAt),
          one.description,
          one.tags.join('|'),
          topicTexts(one.rules, 'publish').join('|'),
          topicTexts(one.rules, 'subscribe').join('|'),
        ]),
      )
      .join('');
  }
}

/** Credentials as CSV, without secrets and hashes; `import` reads it back. */
export const exportCredentials = async (
  ctx: Context,
  query: z.output<typeof credentialsExportQuery>,
): Promise<AsyncIterable<string>> => {
  const actor = authorize(ctx, 'credentials:read');
  const filter = toCredentialFilter(query);
  await ctx.house.store.transaction((tx) =>
    writeAudit(tx, ctx, actor, { action: 'credential.export', target: null, after: { filter } }),
  );
  return csvOf(ctx, filter);
};
