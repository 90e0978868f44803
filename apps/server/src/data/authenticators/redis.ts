import { createRedisBackend, parseRedisCommand, sourceAddressOf } from '@gatehouse/connectors';
import { redisSettings, type RedisSettings } from '@gatehouse/contract/authenticators';
import type { AuthenticatorKind } from './kind.ts';
import { parsedIf, runSource, sourceProblems } from './source.ts';

const PORT = 6_379;
const SENTINEL_PORT = 26_379;

/** Redis: a server, sentinels, or a cluster. */
export const redisKind: AuthenticatorKind<RedisSettings> = {
  settings: redisSettings,
  problems: (settings) =>
    sourceProblems(settings, {
      command: parseRedisCommand(settings.command, 'record'),
      super_command: parsedIf(settings.super_command, (text) => parseRedisCommand(text, 'superuser')),
      acl_command: parsedIf(settings.acl_command, (text) => parseRedisCommand(text, 'rules')),
    }),
  create: (name, settings, needs) =>
    runSource(name, settings, needs, (connection) => {
      const port = settings.mode === 'sentinel' ? SENTINEL_PORT : PORT;
      return createRedisBackend({
        ...connection,
        mode: settings.mode,
        addresses: settings.servers.map((server) => sourceAddressOf(server, port)),
        sentinel: settings.sentinel,
        sentinelPassword: settings.sentinel_password === '' ? undefined : settings.sentinel_password,
        database: settings.database,
        command: settings.command,
        superCommand: settings.super_command,
        aclCommand: settings.acl_command,
      });
    }),
};
