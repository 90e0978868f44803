import { mountpointTemplateProblem, Secret } from '@gatehouse/auth-core';
import { isAccessEntry } from '@gatehouse/broker';
import { z } from 'zod';
import { group, host, path, port } from './schema-parts.ts';

/** Entries of one listener's access list: each new connection is compared with them. */
const ACCESS_ENTRIES_MAX = 256;

const chain = () =>
  z
    .string()
    .min(1)
    .default('default')
    .describe('Name of the authenticator chain (`auth.chains`) its clients go through.');

const usernameAsClientId = () =>
  z
    .boolean()
    .default(false)
    .describe(
      'The username is the client ID too, whatever else would name the client; a client without a username is refused.',
    );

const mountpoint = () =>
  z
    .string()
    .default('')
    .superRefine((text, context) => {
      const problem = mountpointTemplateProblem(text);
      if (problem !== undefined)
        context.addIssue({ code: 'custom', message: `text that ends with /; this ${problem}` });
    })
    .describe(
      'Precedes every topic of its clients, e.g. `tenant-7/%c/`, with `%c` and `%u` for client ID and username. A mountpoint that comes with the answer about a client wins. Empty: none.',
    );

const access = () =>
  z
    .array(
      z.string().refine((text) => isAccessEntry(text), {
        error: '`allow` or `deny`, then `all`, an address, or a network as address/prefix',
      }),
    )
    .max(ACCESS_ENTRIES_MAX)
    .default([])
    .describe(
      'Who may connect, by address: `allow 10.0.0.0/8`, `deny all`. The first entry that holds the address decides; an address that none holds may come. Behind a proxy the address is the client’s.',
    )
    .meta({ accepts: 'list of `allow` or `deny` with `all`, an address or a network' });

const common = (fallbackPort: number) => ({
  enabled: z.boolean().default(true).describe('Whether this listener is opened.'),
  host: host('0.0.0.0'),
  port: port(fallbackPort),
  chain: chain(),
  use_username_as_clientid: usernameAsClientId(),
  mountpoint: mountpoint(),
  access: access(),
  proxy_protocol: z
    .boolean()
    .default(false)
    .describe(
      'Every connection begins with a PROXY protocol header (version 1 or 2) of one of `trusted_proxies`; others are refused.',
    ),
});

const proxiedName = (what: string) =>
  z
    .enum(['', 'cn'])
    .default('')
    .describe(
      `With \`proxy_protocol\`: the common name of a client certificate that the proxy verified (version 2) becomes the ${what}.`,
    );

/** What a proxy that ends TLS tells of the client. */
const proxied = {
  peer_cert_as_username: proxiedName('username'),
  peer_cert_as_clientid: proxiedName('client ID'),
};

const tlsVersion = () => z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);

const webSocket = {
  path: z
    .string()
    .startsWith('/')
    .max(256)
    .default('/mqtt')
    .describe('Path of the WebSocket endpoint.')
    .meta({ accepts: 'a path that starts with "/"' }),
  origins: z
    .array(z.string().min(1))
    .default([])
    .describe('Origins of web pages that may connect, e.g. `https://app.example.org`. Empty: every origin.'),
};

const tls = {
  key: path(
    'Private key, PEM file; read again when it changes. Empty, as `cert`: one that the server makes for itself in `data_dir`/pki.',
  ),
  key_password: z
    .string()
    .max(1_024)
    .default('')
    .transform((text) => new Secret(text))
    .describe('Password of the private key, where its file is encrypted. Prefer the environment.')
    .meta({ secret: true }),
  cert: path('Certificate chain, PEM file; read again when it changes.'),
  ca: path(
    "Certificates of the CAs that clients' have to lead to, roots included, PEM file; read again when it changes. Empty: the server's own CA in `data_dir`/pki, with its revocation list.",
  ),
  crl: path(
    'Revocation lists, one for each CA of a path, PEM file; read again when it changes. Empty, where `ca` is set: revocation is not checked.',
  ),
  verify: z
    .enum(['verify_none', 'verify_peer'])
    .default('verify_none')
    .describe('Whether client certificates are asked for and verified.'),
  fail_if_no_peer_cert: z
    .boolean()
    .default(false)
    .describe('With `verify_peer`: refuse clients that present no certificate.'),
  depth: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(10)
    .describe("Certificates that may lie between a client's own and the root."),
  reject: z
    .enum(['connack', 'handshake', 'chain'])
    .default('connack')
    .describe(
      'What becomes of a client whose certificate does not verify: `connack` hears its CONNECT, records its client ID and answers "not authorized"; `handshake` closes right after the handshake; `chain` lets the authenticators decide, whose `x509` says what is wrong.',
    ),
  ciphers: z
    .string()
    .default('')
    .describe(
      "OpenSSL cipher list, TLS 1.3 suites included; names that this OpenSSL lacks are reported. Empty: Mozilla's intermediate list.",
    ),
  psk_ciphers: z
    .string()
    .default('')
    .describe('Cipher list of a listener that takes pre-shared keys; excludes `ciphers`.'),
  psk_file: path(
    'Identities and keys, one `identity:key` a line (`psk_delimiter`); read again when it changes. Empty: the keys of stored credentials alone, which are asked for first in any case.',
  ),
  psk_delimiter: z
    .string()
    .min(1)
    .max(8)
    .regex(/^[^\r\n]*$/, { error: 'text without a line end' })
    .default(':')
    .describe('What stands between identity and key in `psk_file`; the first one in a line counts.'),
  psk_format: z
    .enum(['emqx', 'mosquitto'])
    .default('emqx')
    .describe('How keys are written in `psk_file`: `emqx` as text, `mosquitto` in hexadecimal.'),
  psk_as_username: z.boolean().default(false).describe('The pre-shared key identity becomes the username.'),
  psk_as_clientid: z.boolean().default(false).describe('The pre-shared key identity becomes the client ID.'),
  min_version: tlsVersion().default('TLSv1.2').describe('Oldest TLS version accepted.'),
  max_version: tlsVersion().default('TLSv1.3').describe('Newest one; with `psk_ciphers` TLSv1.2 at most.'),
  handshake_timeout_ms: z
    .number()
    .int()
    .min(100)
    .max(120_000)
    .default(10_000)
    .describe('Time for the TLS handshake, in milliseconds.'),
  peer_cert_as_username: z
    .enum(['', 'cn', 'dn', 'crt', 'pem', 'md5'])
    .default('')
    .describe('Part of the client certificate that becomes the username.'),
  peer_cert_as_clientid: z
    .enum(['', 'cn', 'dn', 'crt', 'pem', 'md5'])
    .default('')
    .describe('Part of the client certificate that becomes the client ID.'),
};

const unix = {
  enabled: z.boolean().default(false).describe('Whether this listener is opened.'),
  path: path('The socket. Empty: `mqtt.sock` in `data_dir`.'),
  mode: z
    .enum(['0600', '0660'])
    .default('0600')
    .describe("Who may connect: the server's user, or its group too. Quoted, as YAML would read a number."),
  chain: chain(),
  use_username_as_clientid: usernameAsClientId(),
  mountpoint: mountpoint(),
};

/** The MQTT listeners. */
export const listenersSchema = group('Where MQTT clients connect.', {
  tcp: group('MQTT over TCP.', { ...common(1883), ...proxied }),
  tls: group('MQTT over TLS.', { ...common(8883), ...tls }),
  ws: group('MQTT over WebSocket.', { ...common(8083), ...proxied, ...webSocket }),
  wss: group('MQTT over secure WebSocket.', { ...common(8084), ...webSocket, ...tls }),
  unix: group('MQTT over a Unix socket, for clients on this machine.', unix),
});
