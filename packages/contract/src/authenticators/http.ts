import { z } from 'zod';
import { backendShape, backendTls, stepShape } from './common.ts';
import { aclRules } from './rules.ts';

const HTTP_URL = 'an http:// or https:// URL without username, password and fragment';

/** Where something is asked over HTTP; a name and password would show up wherever the URL does. */
const httpUrl = z
  .string()
  .max(2_048)
  .refine((text) => isHttpUrl(text), { error: HTTP_URL });

/** The same, or empty for none. */
export const httpUrlOrNone = z
  .string()
  .max(2_048)
  .refine((text) => text === '' || isHttpUrl(text), { error: `empty, or ${HTTP_URL}` });

function isHttpUrl(text: string): boolean {
  if (!/^https?:\/\/[^/?#@\s]/i.test(text) || !URL.canParse(text)) return false;
  const { username, password, hash } = new URL(text);
  return username === '' && password === '' && hash === '';
}

/** RFC 9110, section 5.6.2: a field's name is a token. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
/** Visible characters, blanks and tabs: nothing that ends a field. */
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
/** Fields that belong to the message itself; the body's form is the setting `body`. */
const OWN_HEADERS: readonly string[] = [
  'host',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Headers of a request to the operator's own service; secrets, as one of them may be a password. */
export const secretHeaders = z
  .record(
    z.string().refine((name) => HEADER_NAME.test(name) && !OWN_HEADERS.includes(name.toLowerCase()), {
      error: `the name of a header, none of ${OWN_HEADERS.join(', ')}`,
    }),
    z.string().max(8_192).regex(HEADER_VALUE, { error: 'text of visible ASCII characters' }),
  )
  .refine((all) => Object.keys(all).length <= 32, { error: 'at most 32 headers' })
  .default({})
  .meta({ secret: true });
const headers = secretHeaders.describe(
  'Headers sent with every request, such as `authorization`; never shown again.',
);

const params = (fallback: Readonly<Record<string, string>>) =>
  z
    .record(z.string().min(1).max(128), z.union([z.string().max(1_024), z.number(), z.boolean()]))
    .refine((all) => Object.keys(all).length <= 64, { error: 'at most 64 parameters' })
    .default({ ...fallback })
    .describe(
      'Parameters; each value is one placeholder (`%u` username, `%c` client ID, `%P` password, `%a` address, `%r` protocol, `%p` port, `%C` and `%d` common name and subject of a verified certificate, or `${username}`, `${clientid}`, `${password}`, `${peerhost}`, `${peerport}`, `${listener}` …) or a fixed value.',
    );

const aclParams = params({
  access: '%A',
  username: '%u',
  clientid: '%c',
  ipaddr: '%a',
  topic: '%t',
  mountpoint: '%m',
}).describe(
  'As `params`, and about the topic: `%A` (1 subscribe, 2 publish), `%t`, `%m` mountpoint (none: `absent`), or `${action}`, `${topic}`, `${qos}`, `${retain}`.',
);

const method = z.enum(['post', 'get']).default('post').describe('`get` sends the parameters in the query.');
const body = z.enum(['form', 'json']).default('form').describe('How the body of a `post` is written.');

/** Settings of an authenticator of type `http`: a service of the operator's own. */
export const httpSettings = z.strictObject({
  type: z.literal('http'),
  ...stepShape,
  ...backendShape,
  url: httpUrl.describe('Address of the service.'),
  method,
  body,
  headers,
  params: params({ clientid: '%c', username: '%u', password: '%P' }),
  absent: z
    .enum(['null', 'omit', 'empty'])
    .default('null')
    .describe(
      'What a parameter is that the client has not: `null`, as EMQX 4.3 writes it, left out, or an empty text, as TBMQ writes it.',
    ),
  contract: z
    .enum(['status', 'json', 'tbmq'])
    .default('json')
    .describe(
      'How answers are read: by their status as in EMQX 4.3, as JSON whose `result` is `allow`, `deny` or `ignore` as in EMQX 5, or `success`, `failure` or `skipped` as in TBMQ.',
    ),
  rules: aclRules
    .optional()
    .describe('What clients may do for whom the answer names no rules. Absent: the default rules.'),
  superuser: z
    .strictObject({
      url: httpUrl.describe('Its address.'),
      method,
      body,
      params: params({ clientid: '%c', username: '%u' }),
    })
    .optional()
    .describe(
      'With `contract: status`: a second request about each client that is admitted; 200 makes a superuser.',
    ),
  acl_request: z
    .strictObject({
      url: httpUrl.describe('Its address.'),
      method,
      body,
      params: aclParams,
      on_error: z
        .enum(['deny', 'ignore'])
        .optional()
        .describe(
          'What an answer that does not come, or cannot be read, means; `ignore` leaves it to the rules asked after. Default `deny`; with the preset `emqx_4_3` as there: `ignore`.',
        ),
    })
    .optional()
    .describe(
      'Ask about each topic that is published or subscribed to, where no rule that is asked before has decided; answers are read by `contract`, and remembered as `auth.acl_cache` says. Clients then have no rules but those that the service or `rules` names.',
    ),
  password_in_url: z
    .boolean()
    .default(false)
    .describe(
      'Let `method: get` carry the password, although proxies and services write URLs into their logs.',
    ),
  pool_size: z
    .number()
    .int()
    .min(1)
    .max(256)
    .default(32)
    .describe('Connections that are held to it at most.'),
  connect_timeout_ms: z
    .number()
    .int()
    .min(10)
    .max(60_000)
    .default(1_500)
    .describe('Milliseconds until a connection must stand.'),
  response_timeout_ms: z
    .number()
    .int()
    .min(10)
    .max(60_000)
    .default(4_500)
    .describe(
      'Milliseconds until everything about one client must be answered, connecting included; less than `timeout_ms`.',
    ),
  response_bytes_max: z
    .number()
    .int()
    .min(64)
    .max(1_048_576)
    .default(65_536)
    .describe('Longest body that is read, bytes.'),
  tls: backendTls.describe('TLS to the service, where it is `https://`; `enabled` says nothing here.'),
});
export type HttpSettings = z.output<typeof httpSettings>;
