import { parseCidr, Secret } from '@gatehouse/auth-core';
import { ROLES } from '@gatehouse/ports';
import { z } from 'zod';
import { authSchema } from './schema-auth.ts';
import { limitsSchema } from './schema-limits.ts';
import { listenersSchema } from './schema-listeners.ts';
import { oidcSchema } from './schema-oidc.ts';
import { group, host, networks, path, port } from './schema-parts.ts';

const tlsFiles = () =>
  group('Certificate of this listener; empty: plain HTTP.', {
    key: path('Private key, PEM file.'),
    cert: path('Certificate chain, PEM file.'),
  });

const insecure = (what: string) =>
  z
    .boolean()
    .default(false)
    .describe(`Lets the ${what} listen beyond loopback without TLS. Only behind something that encrypts.`);

/** `scheme://…` or nothing; typed as a secret because it carries a password. */
const secretUrl = (schemes: readonly string[], doc: string) =>
  z
    .string()
    .default('')
    .refine((text) => text === '' || schemes.some((scheme) => text.startsWith(`${scheme}://`)), {
      error: `empty, or a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    })
    .transform((text) => new Secret(text))
    .describe(doc)
    .meta({ secret: true, accepts: `empty, or ${schemes[0] ?? ''}://…` });

/** A host name; one that is all digits and dots would be an address that cannot be read. */
const HOST_NAME = /^(?![\d.]+$)[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?\.?$/i;

const targets = (doc: string) =>
  z
    .array(
      z.string().refine((text) => parseCidr(text) !== undefined || HOST_NAME.test(text), {
        error: 'an address, a network as address/prefix, or a host name',
      }),
    )
    .default([])
    .describe(doc);

/**
 * `gatehouse.yaml`, every key with its default: the one source of what is accepted, of the environment's names and of
 * `docs/reference/configuration.md`.
 */
export const configSchema = z.strictObject({
  data_dir: z
    .string()
    .min(1)
    .default('./data')
    .describe('Directory of the SQLite database, keys and `run.json`; made with mode 0700.'),
  database_url: secretUrl(
    ['postgresql', 'postgres'],
    'Empty: SQLite in `data_dir`. `postgresql://…`: that database, sessions and messages included.',
  ),
  bus_url: secretUrl(
    ['nats', 'tls'],
    'Empty: one node. `nats://user:password@host:4222` joins several nodes on one `database_url`; `tls://…` with TLS in any case, `?ca=FILE` names the authority.',
  ),
  node_id: z
    .string()
    .max(64)
    .default('')
    .describe(
      'Name of this node: in the table of refused clients, and of its place in the database. Empty: the host name.',
    ),
  secret_key_file: path(
    'Key that encrypts secrets at rest. Empty: `secret.key` in `data_dir`, made at the first start.',
  ),
  listeners: listenersSchema,
  auth: authSchema,
  unauthorized: group('The record of refused clients.', {
    enabled: z.boolean().default(true).describe('Record refused clients at all.'),
    attempt_reference: z
      .boolean()
      .default(true)
      .describe(
        'MQTT 5: a refused client is told an opaque reference in the CONNACK reason string, which search in the console finds.',
      ),
    retention_days: z
      .number()
      .min(0.01)
      .max(3650)
      .default(3)
      .describe('Days after its last attempt that a refused client is kept.'),
    retention_rows: z
      .number()
      .int()
      .min(100)
      .max(10_000_000)
      .default(100_000)
      .describe('Refused clients kept; the oldest go first.'),
    resolved: z
      .enum(['keep'])
      .default('keep')
      .describe('What a later good login does to its row: `keep` marks it resolved.'),
  }),
  limits: limitsSchema,
  api: group('The management API.', {
    host: host('127.0.0.1'),
    port: port(8080),
    tls: tlsFiles(),
    insecure: insecure('API'),
  }),
  console: group('The admin console.', {
    enabled: z.boolean().default(true).describe('Start the console beside the server.'),
    host: host('127.0.0.1'),
    port: port(3000),
    tls: tlsFiles(),
    insecure: insecure('console'),
    public_url: z
      .string()
      .default('')
      .refine((text) => text === '' || /^https?:\/\/[^/]+/.test(text), {
        error: 'empty, or an http(s):// URL',
      })
      .describe(
        'Address under which browsers reach the console, when it is not its own; used for links and the Origin check.',
      )
      .meta({ accepts: 'empty, or an http(s):// URL' }),
    session: group('How long people stay signed in.', {
      idle_minutes: z
        .number()
        .int()
        .min(5)
        .max(1440)
        .default(30)
        .describe('Minutes without anybody at the page after which a session ends.'),
      hours: z.number().int().min(1).max(168).default(12).describe('Hours after which it ends however busy.'),
    }),
    require_totp: z
      .array(z.enum(ROLES))
      .default([])
      .describe(
        'Roles whose people must sign in with an authenticator app too; who has none yet sets it up at the next sign-in.',
      )
      .meta({ accepts: `list of ${ROLES.join(', ')}` }),
    oidc: oidcSchema,
  }),
  trusted_proxies: networks(
    ['127.0.0.0/8', '::1/128'],
    'Networks (CIDR) whose `X-Forwarded-For` and PROXY headers are believed.',
  ),
  journal: z
    .enum(['disk', 'memory'])
    .default('disk')
    .describe(
      'Whether sessions, queued and retained messages are on the disk (or in the database) before they are acknowledged (`disk`), or end with the server (`memory`).',
    ),
  outbound: group(
    'Where the server itself may call out to over HTTP (authenticators `http`, key sets of `jwt`, webhooks of alerts, the sign-in provider) and to mail servers. Link-local, metadata, unspecified, multicast and reserved addresses and its own API and console are denied.',
    {
      allow: targets(
        'Networks (CIDR) or host names allowed although they are denied, by default or by `deny`.',
      ),
      deny: targets('Networks (CIDR) or host names denied.'),
    },
  ),
  log: group('The log, on standard error.', {
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
      .default('info')
      .describe('What is logged: this level and above.'),
    format: z
      .enum(['json', 'text'])
      .default('json')
      .describe('`json`: one object per line. On a terminal the log is `text` unless this key is set.'),
  }),
});

/** The configuration as the server uses it: every key present, secrets wrapped. */
export type Config = z.output<typeof configSchema>;
/** The configuration as written: what the sources say, before defaults; plain data that may go to a worker. */
export type RawConfig = Readonly<Record<string, unknown>>;
