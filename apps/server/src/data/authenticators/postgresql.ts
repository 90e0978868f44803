import { createPostgresqlBackend, parseSqlTemplate, sourceAddressOf } from '@gatehouse/connectors';
import { postgresqlSettings, type PostgresqlSettings } from '@gatehouse/contract/authenticators';
import type { AuthenticatorKind } from './kind.ts';
import { parsedIf, runSource, sourceProblems } from './source.ts';

const PORT = 5_432;

/** PostgreSQL. */
export const postgresqlKind: AuthenticatorKind<PostgresqlSettings> = {
  settings: postgresqlSettings,
  problems: (settings) =>
    sourceProblems(settings, {
      query: parse(settings.query),
      super_query: parsedIf(settings.super_query, parse),
      acl_query: parsedIf(settings.acl_query, parse),
    }),
  create: (name, settings, needs) =>
    runSource(name, settings, needs, (connection) =>
      createPostgresqlBackend({
        ...connection,
        address: sourceAddressOf(settings.server, PORT),
        database: settings.database,
        query: settings.query,
        superQuery: settings.super_query,
        aclQuery: settings.acl_query,
      }),
    ),
};

const parse = (text: string) => parseSqlTemplate(text, 'postgresql');
