import { z } from 'zod';
import { serverAddress, sqlShape } from './source.ts';

/** Settings of an authenticator of type `postgresql`. */
export const postgresqlSettings = z.strictObject({
  type: z.literal('postgresql'),
  ...sqlShape,
  server: serverAddress.default('127.0.0.1:5432').describe('Server, `host:port`.'),
  username: z.string().max(128).default('').describe('Account that may read the tables.'),
});
export type PostgresqlSettings = z.output<typeof postgresqlSettings>;
