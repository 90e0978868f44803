import { z } from 'zod';
import { backendShape, backendTls, passwordHash, secretText, stepShape } from './common.ts';

/** A host with an optional port: `db.example`, `10.0.0.5:3306`, `[2001:db8::1]:3306`. */
const ADDRESS = /^(?:\[[0-9a-f:.]{2,45}\]|[^\s:,/@[\]]{1,253})(?::\d{1,5})?$/i;

/** One server of a backend. */
export const serverAddress = z
  .string()
  .max(300)
  .regex(ADDRESS, { error: 'host or host:port, an IPv6 address in brackets' })
  .refine((text) => Number(/:(\d+)$/.exec(text.replace(/^\[.*\]/, ''))?.[1] ?? 1) <= 65_535, {
    error: 'a port up to 65535',
  });

/** Several servers of a backend; one text with commas between them is taken too, as EMQX writes it. */
export const serverAddresses = (fallback: string) =>
  z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
      z.array(serverAddress).min(1).max(64),
    )
    .prefault([fallback])
    .describe('Servers, `host:port` each.');

const QUERY_CHARS_MAX = 8_192;

/** A statement template; without a fallback it may be empty, and then there is none. */
export const template = (doc: string, fallback: string) =>
  z
    .string()
    .min(fallback === '' ? 0 : 1)
    .max(QUERY_CHARS_MAX)
    .default(fallback)
    .describe(doc);

/** How its connections are kept. */
export const connectionShape = {
  pool_size: z.number().int().min(1).max(200).default(8).describe('Connections that are held to it at most.'),
  connect_timeout_ms: z
    .number()
    .int()
    .min(10)
    .max(60_000)
    .default(3_000)
    .describe('Milliseconds until a connection must stand.'),
  query_timeout_ms: z
    .number()
    .int()
    .min(10)
    .max(60_000)
    .default(3_000)
    .describe('Milliseconds until a question must be answered.'),
  tls: backendTls,
};

const PLACEHOLDERS =
  'Placeholders `${username}` `${clientid}` `${cn}` `${subject}` `${ip}`, or EMQX’s `%u` `%c` `%C` `%d` `%a`, quoted or not, are bound parameters.';

/** What the two authenticators over SQL databases have in common. */
export const sqlShape = {
  ...stepShape,
  ...backendShape,
  ...connectionShape,
  database: z.string().min(1).max(128).default('mqtt').describe('Database.'),
  password: secretText('Password of the account.').default(''),
  query: template(
    `Finds the client’s record: the columns \`password\`, \`salt\` if the rule has one, and \`is_superuser\` if the record says it. ${PLACEHOLDERS}`,
    'select password from mqtt_user where username = ${username} limit 1',
  ),
  super_query: template(
    'Says whether the client is a superuser: one row, whose first column is 1 or true. Empty: the record says it.',
    '',
  ),
  acl_query: template(
    'Finds the client’s rules: the columns `allow`, `ipaddr`, `username`, `clientid`, `access`, `topic`. Empty: the rules of a new credential.',
    '',
  ),
  password_hash: passwordHash('sha256'),
};
