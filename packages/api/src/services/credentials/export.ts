import type { credentialsExportQuery } from '@gatehouse/contract';
import type { Credential, CredentialFilter, X509Facts } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { csvLine } from '@gatehouse/contract/csv';
import { isoOrNull } from '../../present/time.ts';
import { topicTexts } from '../../present/topics.ts';
import { toCredentialFilter } from './filter.ts';

type Query = z.output<typeof credentialsExportQuery>;

const CHUNK_ROWS = 500;

/** A cell of CSV, or a value of JSON: null where a credential has nothing of it. */
type Value = string | boolean | null | readonly string[] | NonNullable<X509Facts['rulesByCn']>;

const x509Values = ({ match, rulesByCn, skipValidity }: X509Facts): Readonly<Record<string, Value>> => ({
  ...matchValues(match),
  skip_validity: skipValidity,
  rules_by_cn: rulesByCn,
});

function matchValues(match: X509Facts['match']): Readonly<Record<string, Value>> {
  if (match === null) return {};
  switch (match.by) {
    case 'cn_pattern':
      return { cn_pattern: match.pattern };
    case 'issuer_serial':
      return { issuer: match.issuer, serial: match.serial };
    case 'san':
      return { [`san_${match.kind}`]: match.value };
    default:
      return { [match.by]: match.value };
  }
}

/** A row as `import` takes it, by column. */
const valuesOf = (one: Credential): Readonly<Record<string, Value>> => ({
  name: one.name,
  username: one.username,
  client_id: one.clientId,
  superuser: one.superuser,
  enabled: one.enabled,
  expires_at: isoOrNull(one.expiresAt),
  description: one.description,
  tags: one.tags,
  publish: topicTexts(one.rules, 'publish'),
  subscribe: topicTexts(one.rules, 'subscribe'),
  type: one.facts.type,
  ...(one.facts.type === 'psk' ? { identity: one.facts.identity } : {}),
  ...(one.facts.type === 'x509' ? x509Values(one.facts) : {}),
});

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
  'type',
  'identity',
  'cn',
  'cn_pattern',
  'san_dns',
  'san_uri',
  'san_email',
  'fingerprint',
  'issuer',
  'serial',
  'skip_validity',
  'rules_by_cn',
];

const isTexts = (value: readonly unknown[]): value is readonly string[] =>
  value.every((one) => typeof one === 'string');

/** Lists of texts are parted by `|`; others are JSON. */
const cellOf = (value: Value | undefined): string | boolean | null => {
  if (value === undefined || value === null || typeof value !== 'object') return value ?? null;
  return isTexts(value) ? value.join('|') : JSON.stringify(value);
};

async function* csvOf(ctx: Context, filter: CredentialFilter): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const credentials of ctx.house.store.credentials.stream(filter, CHUNK_ROWS)) {
    yield credentials
      .map(valuesOf)
      .map((values) => csvLine(COLUMNS.map((column) => cellOf(values[column]))))
      .join('');
  }
}

async function* jsonOf(ctx: Context, filter: CredentialFilter): AsyncGenerator<string> {
  let separator = '[';
  for await (const credentials of ctx.house.store.credentials.stream(filter, CHUNK_ROWS)) {
    for (const values of credentials.map(valuesOf)) {
      const given = Object.entries(values).filter(([, value]) => value !== null);
      yield `${separator}\n${JSON.stringify(Object.fromEntries(given))}`;
      separator = ',';
    }
  }
  yield separator === '[' ? '[]\n' : '\n]\n';
}

const noteExport = async (ctx: Context, query: Query): Promise<CredentialFilter> => {
  const actor = authorize(ctx, 'credentials:read');
  const filter = toCredentialFilter(query);
  await ctx.house.store.transaction((tx) =>
    writeAudit(tx, ctx, actor, { action: 'credential.export', target: null, after: { filter } }),
  );
  return filter;
};

/** Credentials as CSV, without secrets and hashes; `import` reads it back. */
export const exportCredentials = async (ctx: Context, query: Query): Promise<AsyncIterable<string>> =>
  csvOf(ctx, await noteExport(ctx, query));

/** The same as a JSON array. */
export const exportCredentialsJson = async (ctx: Context, query: Query): Promise<AsyncIterable<string>> =>
  jsonOf(ctx, await noteExport(ctx, query));
