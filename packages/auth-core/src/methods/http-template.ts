import { usernameOf } from '../anonymous.ts';
import type { Attempt } from '../attempt.ts';

/** What a parameter carries: `%u` and the like, or a fixed value. */
export type ParamTemplate = string | number | boolean;
export type ParamTemplates = Readonly<Record<string, ParamTemplate>>;

/** A rendered value: bytes where it may be no text (a password), undefined where the client has none. */
type ParamValue = string | number | boolean | Uint8Array | undefined;

type Source = (attempt: Attempt) => ParamValue;

const username: Source = usernameOf;
const clientId: Source = (attempt) => attempt.clientId;
const password: Source = (attempt) => attempt.password?.reveal();
const address: Source = (attempt) => attempt.ip;
/** MQTT whatever its version and transport: the name that EMQX gives it. */
const protocol: Source = () => 'mqtt';
const port: Source = (attempt) => attempt.port;
/** A certificate that did not verify says nothing about who presented it. */
export const certificateOf = ({ tls }: Attempt) =>
  tls?.verification?.verified === false ? undefined : tls?.certificate;
const commonName: Source = (attempt) => certificateOf(attempt)?.commonName;
const subject: Source = (attempt) => certificateOf(attempt)?.subject;
const listener: Source = (attempt) => attempt.listener;

/** The placeholders of EMQX 4.3 and 5 and of TBMQ, and our own names. */
const PLACEHOLDERS: Readonly<Record<string, Source>> = {
  '%u': username,
  '%c': clientId,
  '%P': password,
  '%a': address,
  '%r': protocol,
  '%p': port,
  '%C': commonName,
  '%d': subject,
  '${username}': username,
  '${clientid}': clientId,
  '${clientId}': clientId,
  '${password}': password,
  '${peerhost}': address,
  '${ip}': address,
  '${peerport}': port,
  '${protocol}': protocol,
  '${cert_common_name}': commonName,
  '${cn}': commonName,
  '${commonName}': commonName,
  '${cert_subject}': subject,
  '${subject}': subject,
  '${listener}': listener,
};

/** What a question about a topic has beside the client; undefined where there is none. */
export type TopicParams = Readonly<Record<TopicPlaceholder, string | number | boolean | undefined>>;

const TOPIC_PLACEHOLDERS = [
  '%A',
  '%t',
  '%m',
  '${action}',
  '${topic}',
  '${qos}',
  '${retain}',
  '${mountpoint}',
] as const;
type TopicPlaceholder = (typeof TOPIC_PLACEHOLDERS)[number];

const topicPlaceholderOf = (template: ParamTemplate): TopicPlaceholder | undefined =>
  TOPIC_PLACEHOLDERS.find((one) => one === template);

/** The placeholders of a request about a topic, for messages. */
export const HTTP_TOPIC_PLACEHOLDERS: readonly string[] = TOPIC_PLACEHOLDERS;

/** The placeholders that a parameter may be, for messages. */
export const HTTP_PLACEHOLDERS: readonly string[] = Object.keys(PLACEHOLDERS);

const sourceOf = (template: ParamTemplate): Source | undefined =>
  typeof template === 'string' && Object.hasOwn(PLACEHOLDERS, template) ? PLACEHOLDERS[template] : undefined;

/** Whether a parameter carries the client's password. */
export const isPasswordParam = (template: ParamTemplate): boolean => sourceOf(template) === password;

/**
 * Whether a value looks like a placeholder and is none: a lone `%x` that nobody knows, or `${…}` within a text. A
 * parameter is one placeholder or a literal, so that no client's name ever becomes a part of another value.
 */
export const isUnknownPlaceholder = (template: ParamTemplate, aboutTopic = false): boolean =>
  typeof template === 'string' &&
  sourceOf(template) === undefined &&
  !(aboutTopic && topicPlaceholderOf(template) !== undefined) &&
  (/^%[A-Za-z]$/.test(template) || template.includes('${'));

/** A parameter with its value. */
export interface Param {
  readonly name: string;
  readonly value: ParamValue;
  readonly secret: boolean;
}

/** Fills in the parameters for one attempt, and for the topic that it is asked about. */
export const paramsOf = (
  templates: ParamTemplates,
  attempt: Attempt,
  topic?: TopicParams,
): readonly Param[] =>
  Object.entries(templates).map(([name, template]) => {
    const source = sourceOf(template);
    const placeholder = topic === undefined ? undefined : topicPlaceholderOf(template);
    const value = source === undefined ? template : source(attempt);
    return {
      name,
      value: topic !== undefined && placeholder !== undefined ? topic[placeholder] : value,
      secret: isPasswordParam(template),
    };
  });

/** What stands for a value that the client has not: EMQX 4.3 writes `null`, TBMQ an empty text. */
export type AbsentParam = 'null' | 'omit' | 'empty';

const UNRESERVED = /[A-Za-z0-9._~-]/;

/** Percent-encodes every byte but the unreserved ones (RFC 3986, section 2.3): nothing in a value can end it. */
function percentEncoded(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    text += UNRESERVED.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

const encoder = new TextEncoder();
const bytesOf = (value: Exclude<ParamValue, undefined>): Uint8Array =>
  value instanceof Uint8Array ? value : encoder.encode(String(value));

/** The parameters as `name=value&…`, for a query or a form. */
export const formOf = (params: readonly Param[], absent: AbsentParam): string =>
  params
    .filter(({ value }) => value !== undefined || absent !== 'omit')
    .map(
      ({ name, value }) =>
        `${percentEncoded(encoder.encode(name))}=${percentEncoded(bytesOf(value ?? (absent === 'empty' ? '' : 'null')))}`,
    )
    .join('&');

/** The parameters as a JSON object; undefined when a password is no UTF-8, which JSON cannot carry. */
export function jsonOf(params: readonly Param[], absent: AbsentParam): string | undefined {
  const members: string[] = [];
  for (const { name, value } of params) {
    if (value === undefined && absent === 'omit') continue;
    const text = value instanceof Uint8Array ? textOf(value) : (value ?? (absent === 'empty' ? '' : null));
    if (text === undefined) return undefined;
    members.push(`${JSON.stringify(name)}:${JSON.stringify(text)}`);
  }
  return `{${members.join(',')}}`;
}

/** The text of bytes, byte order mark included; undefined where they are none. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A compact token, which is a secret wherever it stands. */
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;
const SHOWN_CHARS_MAX = 128;

/** The parameters as they may be shown: `name=value`, secrets masked. */
export const shownParams = (params: readonly Param[]): readonly string[] =>
  params.map(({ name, value, secret }) => {
    if (value === undefined) return `${name} (absent)`;
    const text = value instanceof Uint8Array ? '' : String(value);
    if (secret || value instanceof Uint8Array || TOKEN.test(text)) return `${name}=[secret]`;
    return `${name}=${text.slice(0, SHOWN_CHARS_MAX)}`;
  });
