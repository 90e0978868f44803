import { z } from 'zod';
import { group, host, path, port } from './schema-parts.ts';

const common = (fallbackPort: number, enabled: boolean) => ({
  enabled: z
    .boolean()
    .default(enabled)
    .describe(
      enabled
        ? 'Whether this listener is opened.'
        : 'Whether this listener is opened. TLS comes with the next release: must be `false`.',
    ),
  host: host('0.0.0.0'),
  port: port(fallbackPort),
  chain: z
    .string()
    .min(1)
    .default('default')
    .describe('Name of the authenticator chain (`auth.chains`) its clients go through.'),
  proxy_protocol: z
    .boolean()
    .default(false)
    .describe(
      'Expect a PROXY protocol header from `trusted_proxies`. Comes with the next release: must be `false`.',
    ),
});

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
  key: path('Private key, PEM file.'),
  cert: path('Certificate chain, PEM file.'),
  ca: path('Certificates of the CAs that clients may come from, PEM file.'),
  crl: path('Revocation list, PEM file.'),
  verify: z
    .enum(['verify_none', 'verify_peer'])
    .default('verify_none')
    .describe('Whether client certificates are asked for and verified.'),
  fail_if_no_peer_cert: z
    .boolean()
    .default(false)
    .describe('With `verify_peer`: refuse clients that present no certificate.'),
  ciphers: z.string().default('').describe('OpenSSL cipher list. Empty: a current intermediate list.'),
  psk_ciphers: z
    .string()
    .default('')
    .describe('Cipher list of a listener that takes pre-shared keys; excludes `ciphers`.'),
  psk_file: path('Identities and keys, one `identity:key` a line.'),
  min_version: z
    .enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'])
    .default('TLSv1.2')
    .describe('Oldest TLS version accepted.'),
  peer_cert_as_username: z
    .enum(['', 'cn', 'dn', 'crt', 'pem', 'md5'])
    .default('')
    .describe('Part of the client certificate that becomes the username.'),
  peer_cert_as_clientid: z
    .enum(['', 'cn', 'dn', 'crt', 'pem', 'md5'])
    .default('')
    .describe('Part of the client certificate that becomes the client ID.'),
};

/** The four MQTT listeners. */
export const listenersSchema = group('Where MQTT clients connect.', {
  tcp: group('MQTT over TCP.', common(1883, true)),
  tls: group('MQTT over TLS; comes with the next release.', { ...common(8883, false), ...tls }),
  ws: group('MQTT over WebSocket.', { ...common(8083, true), ...webSocket }),
  wss: group('MQTT over secure WebSocket; comes with the next release.', {
    ...common(8084, false),
    ...webSocket,
    ...tls,
  }),
});
