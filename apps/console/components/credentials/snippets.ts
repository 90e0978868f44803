import type { AclRuleDto } from '@gatehouse/contract';

/** What a client needs to connect; `password` null: it was chosen by hand and is not known here. */
export interface ConnectFacts {
  readonly host: string;
  readonly port: number;
  readonly username: string | null;
  readonly clientId: string | null;
  readonly password: string | null;
  readonly passwordless: boolean;
  readonly rules: readonly AclRuleDto[];
}

export const SNIPPETS = ['mosquitto', 'mqttjs', 'paho', 'env'] as const;
export type SnippetKind = (typeof SNIPPETS)[number];

const PLACEHOLDER = '<password>';

/** One word of a POSIX shell, whatever it contains. */
const shell = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** A string literal of JavaScript and Python alike. */
const literal = (text: string): string => JSON.stringify(text);

/** A value of a .env file: double quotes, with what would end or expand it escaped. */
const envValue = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `"${text.replace(/[\\"$`]/g, '\\$&').replaceAll('\n', '\\n')}"`;

const passwordOf = (facts: ConnectFacts): string | null =>
  facts.passwordless ? null : (facts.password ?? PLACEHOLDER);

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
  const parts = [
    `mosquitto_pub -h ${shell(facts.host)} -p ${facts.port}`,
    ...(facts.clientId === null ? [] : [`-i ${shell(facts.clientId)}`]),
    ...(facts.username === null ? [] : [`-u ${shell(facts.username)}`]),
    ...(password === null ? [] : [`-P ${shell(password)}`]),
    `-t ${shell(exampleTopic(facts))} -m hello`,
  ];
  const line = parts.join(' ');
  return line.length <= ONE_LINE_MAX ? line : parts.join(' \\\n  ');
};

const mqttjs = (facts: ConnectFacts): string => {
  const password = passwordOf(facts);
  return [
    `import mqtt from 'mqtt';`,
    ``,
    `const client = await mqtt.connectAsync(${literal(`mqtt://${facts.host}:${facts.port}`)}, {`,
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
