import { z } from 'zod';
import { serverAddress, sqlShape } from './source.ts';

/** Settings of an authenticator of type `mysql`: MySQL 8 and MariaDB. */
export const mysqlSettings = z.strictObject({
  type: z.literal('mysql'),
  ...sqlShape,
  server: serverAddress.default('127.0.0.1:3306').describe('Server, `host:port`.'),
  username: z.string().max(128).default('').describe('Account that may read the tables.'),
});
export type MysqlSettings = z.output<typeof mysqlSettings>;
