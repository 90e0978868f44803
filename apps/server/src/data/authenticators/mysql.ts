import { isIP } from 'node:net';
import { createMysqlBackend, parseSqlTemplate, sourceAddressOf } from '@gatehouse/connectors';
import { mysqlSettings, type MysqlSettings } from '@gatehouse/contract/authenticators';
import type { AuthenticatorKind, SettingProblem } from './kind.ts';
import { parsedIf, runSource, sourceProblems } from './source.ts';

const PORT = 3_306;

/** MySQL 8 and MariaDB. */
export const mysqlKind: AuthenticatorKind<MysqlSettings> = {
  settings: mysqlSettings,
  problems: (settings) => [
    ...sourceProblems(settings, {
      query: parse(settings.query),
      super_query: parsedIf(settings.super_query, parse),
      acl_query: parsedIf(settings.acl_query, parse),
    }),
    ...nameProblems(settings),
  ],
  create: (name, settings, needs) =>
    runSource(name, settings, needs, (connection) =>
      createMysqlBackend({
        ...connection,
        address: sourceAddressOf(settings.server, PORT),
        database: settings.database,
        query: settings.query,
        superQuery: settings.super_query,
        aclQuery: settings.acl_query,
      }),
    ),
};

const parse = (text: string) => parseSqlTemplate(text, 'mysql');

/** The driver compares a certificate with names alone: an address would be taken for `localhost`. */
function nameProblems({ tls, server }: MysqlSettings): readonly SettingProblem[] {
  const { host } = sourceAddressOf(server, PORT);
  if (!tls.enabled || !tls.verify || tls.server_name !== '' || isIP(host) === 0) return [];
  const accepted =
    'the name that the server’s certificate carries, because the server is given by its address';
  return [{ path: 'tls.server_name', found: 'empty', accepted }];
}
