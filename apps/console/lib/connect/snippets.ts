import type { AclRuleDto } from '@gatehouse/contract';
import { shellQuote } from '../shell-quote';
import { CA_FILE, type Target } from './targets';

/** What a client needs to connect; `password` null: it was chosen by hand and is not known here. */
export interface ConnectFacts extends Target {
  readonly username: string | null;
  readonly clientId: string | null;
  readonly password: string | null;
  readonly passwordless: boolean;
  readonly rules: readonly AclRuleDto[];
}

export const SNIPPETS = ['mosquitto', 'mqttjs', 'paho', 'env'] as const;
export type SnippetKind = (typeof SNIPPETS)[number];

const PLACEHOLDER = '<password>';

/** A string literal of JavaScript and Python alike. */
const literal = (text: string): string => JSON.stringify(text);

/** A value of a .env file: double quotes, with what would end or expand it escaped. */
const envValue = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `"${text.replace(/[\\"$`]/g, '\\$&').replaceAll('\n', '\\n')}"`;

const passwordOf = (facts: ConnectFacts): string | null =>
  facts.passwordless ? null : (facts.password ?? PLACEHOLDER);

/** What the writers say of TLS: nothing where it is off, `own` with the CA's file, `known` where the system knows the CA. */
const forTls = <T>({ security }: Target, parts: { readonly own: T; readonly known: T }): readonly T[] =>
  security === 'plain' ? [] : [security === 'ownCa' ? parts.own : parts.known];

/** A topic the rules let the client publish to, or a plain one when no rule says. */
export function exampleTopic(facts: Pick<ConnectFacts, 'rules' | 'username' | 'clientId'>): string {
  const rule = facts.rules.find((one) => one.permission === 'allow' && one.action !== 'subscribe');
  if (rule === undefined || rule.topic === '#') return 'test/hello';
  return rule.topic
    .replaceAll(/%u|\$\{username\}/g, facts.username ?? 'user')
    .replaceAll(/%c|\$\{clientid\}/g, facts.clientId ?? 'client')
    .replaceAll('+', 'any')
    .replace(/#$/, 'hello');
}

/** One line where it fits, else one option a line. */
const ONE_LINE_MAX = 92;

const mosquitto = (facts: ConnectFacts): string => {
  const password = passwordOf(facts);
  const tls = forTls(facts, { own: ` --cafile ${CA_FILE}`, known: ' --tls-use-os-certs' });
  const parts = [
    `mosquitto_pub -h ${shellQuote(facts.host)} -p ${facts.port}${tls.join('')}`,
    ...(facts.clientId === null ? [] : [`-i ${shellQuote(facts.clientId)}`]),
    ...(facts.username === null ? [] : [`-u ${shellQuote(facts.username)}`]),
    ...(password === null ? [] : [`-P ${shellQuote(password)}`]),
    `-t ${shellQuote(exampleTopic(facts))} -m hello`,
  ];
  const line = parts.join(' ');
  return line.length <= ONE_LINE_MAX ? line : parts.join(' \\\n  ');
};

/** A host as it stands in a URL. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

const urlOf = ({ security, host, port }: Target): string =>
  `${security === 'plain' ? 'mqtt' : 'mqtts'}://${bracketed(host)}:${port}`;

const mqttjs = (facts: ConnectFacts): string => {
  const password = passwordOf(facts);
  const withCa = facts.security === 'ownCa';
  return [
    ...(withCa ? [`import { readFileSync } from 'node:fs';`] : []),
    `import mqtt from 'mqtt';`,
    ``,
    `const client = await mqtt.connectAsync(${literal(urlOf(facts))}, {`,
    ...(withCa ? [`  ca: readFileSync(${literal(CA_FILE)}),`] : []),
    ...(facts.clientId === null ? [] : [`  clientId: ${literal(facts.clientId)},`]),
    ...(facts.username === null ? [] : [`  username: ${literal(facts.username)},`]),
    ...(password === null ? [] : [`  password: ${literal(password)},`]),
    `});`,
    `await client.publishAsync(${literal(exampleTopic(facts))}, 'hello');`,
    `await client.endAsync();`,
  ].join('\n');
};

const paho = (facts: ConnectFacts): string => {
  const password = passwordOf(facts);
  return [
    `import paho.mqtt.publish as publish`,
    ``,
    `publish.single(`,
    `    ${literal(exampleTopic(facts))}, "hello",`,
    `    hostname=${literal(facts.host)}, port=${facts.port},`,
    ...forTls(facts, { own: `    tls={"ca_certs": ${literal(CA_FILE)}},`, known: `    tls={},` }),
    ...(facts.clientId === null ? [] : [`    client_id=${literal(facts.clientId)},`]),
    ...(facts.username === null
      ? []
      : [
          `    auth={"username": ${literal(facts.username)}${password === null ? '' : `, "password": ${literal(password)}`}},`,
        ]),
    `)`,
  ].join('\n');
};

const env = (facts: ConnectFacts): string => {
  const password = passwordOf(facts);
  return [
    `MQTT_HOST=${envValue(facts.host)}`,
    `MQTT_PORT=${facts.port}`,
    ...forTls(facts, { own: `MQTT_TLS=true\nMQTT_CA_FILE=${CA_FILE}`, known: `MQTT_TLS=true` }),
    ...(facts.clientId === null ? [] : [`MQTT_CLIENT_ID=${envValue(facts.clientId)}`]),
    ...(facts.username === null ? [] : [`MQTT_USERNAME=${envValue(facts.username)}`]),
    ...(password === null ? [] : [`MQTT_PASSWORD=${envValue(password)}`]),
  ].join('\n');
};

const WRITERS: Readonly<Record<SnippetKind, (facts: ConnectFacts) => string>> = {
  mosquitto,
  mqttjs,
  paho,
  env,
};

/** Ready to paste: every value quoted for where it goes, since identities may contain anything. */
export const snippet = (kind: SnippetKind, facts: ConnectFacts): string => WRITERS[kind](facts);

/** A `mosquitto_pub` line for somebody made up. */
export const exampleCommand = (target: Target, username: string, password: string): string =>
  snippet('mosquitto', { ...target, clientId: null, passwordless: false, rules: [], username, password });
