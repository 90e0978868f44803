import { z } from 'zod';
import { backendShape, passwordHash, secretText, stepShape } from './common.ts';
import { connectionShape, serverAddresses, template } from './source.ts';

const DATABASES_MAX = 65_535;

/** Settings of an authenticator of type `redis`: a single server, sentinels, or a cluster. */
export const redisSettings = z
  .strictObject({
    type: z.literal('redis'),
    ...stepShape,
    ...backendShape,
    ...connectionShape,
    mode: z
      .enum(['single', 'sentinel', 'cluster'])
      .default('single')
      .describe('One server; sentinels that name the master; or nodes of a cluster.'),
    servers: serverAddresses('127.0.0.1:6379'),
    sentinel: z
      .string()
      .max(128)
      .default('')
      .describe('Name of the master that the sentinels watch; `mode: sentinel` needs it.'),
    sentinel_password: secretText('Password of the sentinels.').default(''),
    database: z
      .number()
      .int()
      .min(0)
      .max(DATABASES_MAX)
      .default(0)
      .describe('Number of the database; a cluster has only 0.'),
    username: z.string().max(128).default('').describe('Account (ACL of Redis 6). Empty: the default one.'),
    password: secretText('Its password.').default(''),
    command: template(
      '`HMGET key password salt is_superuser`, `HGET key field` or `GET key`. It is cut into words before the placeholders are filled in.',
      'HMGET mqtt_user:${username} password',
    ),
    super_command: template(
      'Says whether the client is a superuser: `HGET` or `GET` of a `1`. Empty: the record says it.',
      '',
    ),
    acl_command: template(
      'Finds the client’s rules: `HGETALL key`, topic filters with 1 (subscribe), 2 (publish) or 3. Empty: the rules of a new credential.',
      '',
    ),
    password_hash: passwordHash('plain'),
  })
  .refine(({ mode, sentinel }) => mode !== 'sentinel' || sentinel !== '', {
    path: ['sentinel'],
    error: 'the name of the master, which mode "sentinel" needs',
  })
  .refine(({ mode, database }) => mode !== 'cluster' || database === 0, {
    path: ['database'],
    error: '0: a cluster has one database',
  });
export type RedisSettings = z.output<typeof redisSettings>;
