import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exampleTopic, snippet, SNIPPETS, type ConnectFacts } from '../lib/connect/snippets.ts';
import { targetsOf, unknownBroker } from '../lib/connect/targets.ts';

const facts: ConnectFacts = {
  security: 'plain',
  host: 'localhost',
  port: 1883,
  username: 'pump-7',
  clientId: null,
  password: 's3cret',
  passwordless: false,
  rules: [{ permission: 'allow', action: 'all', topic: '#' }],
};

/** The words that a shell makes of a command. */
const wordsOf = (command: string): readonly string[] =>
  execFileSync('/bin/sh', ['-c', `mosquitto_pub() { printf '%s\\0' "$@"; }; ${command}`], {
    encoding: 'utf8',
  }).split('\0');

describe('ready commands', () => {
  test('short ones stand on one line', () => {
    expect(snippet('mosquitto', facts)).toBe(
      'mosquitto_pub -h localhost -p 1883 -u pump-7 -P s3cret -t test/hello -m hello',
    );
  });

  test.each(SNIPPETS)('%s leaves out what the credential does not have', (kind) => {
    const text = snippet(kind, { ...facts, username: null, clientId: 'meter-1', passwordless: true });
    expect(text).toContain('meter-1');
    expect(text).not.toContain('s3cret');
    expect(text).not.toContain('<password>');
  });

  test.each(SNIPPETS)('%s names a password that is not known by a placeholder', (kind) => {
    expect(snippet(kind, { ...facts, password: null })).toContain('<password>');
  });

  test('a shell reads back exactly the identity that was meant, whatever it contains', () => {
    const identity = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\u0000'));
    fc.assert(
      fc.property(identity, (username) => {
        const words = wordsOf(snippet('mosquitto', { ...facts, username }));
        expect(words[words.indexOf('-u') + 1]).toBe(username);
      }),
      { numRuns: 25 },
    );
  });

  test('an identity with quotes cannot leave its string literal', () => {
    const text = snippet('mqttjs', { ...facts, username: `"}); evil(); ("` });
    expect(text).toContain(String.raw`username: "\"}); evil(); (\"",`);
  });

  test('an .env value with $ is not expanded', () => {
    expect(snippet('env', { ...facts, password: 'a$HOME`x`' })).toContain('MQTT_PASSWORD="a\\$HOME\\`x\\`"');
  });
});

describe('ready commands over TLS', () => {
  test.each([
    ['mosquitto', '-p 8883 --cafile gatehouse-ca.crt'],
    ['mqttjs', 'mqtts://localhost:8883'],
    ['mqttjs', 'ca: readFileSync("gatehouse-ca.crt")'],
    ['paho', 'tls={"ca_certs": "gatehouse-ca.crt"},'],
    ['env', 'MQTT_CA_FILE=gatehouse-ca.crt'],
  ] as const)('%s trusts the CA of the server: %s', (kind, part) => {
    expect(snippet(kind, { ...facts, security: 'ownCa', port: 8883 })).toContain(part);
  });

  test.each(SNIPPETS)('%s leaves the CA of a certificate of the operator’s to the system', (kind) => {
    const text = snippet(kind, { ...facts, security: 'tls', port: 8883 });
    expect(text).toMatch(/--tls-use-os-certs|mqtts:|tls=\{\}|MQTT_TLS=true/);
    expect(text).not.toContain('gatehouse-ca.crt');
  });

  test('an IPv6 address stands in brackets in a URL', () => {
    expect(snippet('mqttjs', { ...facts, host: '::1' })).toContain('"mqtt://[::1]:1883"');
  });
});

describe('the way that is proposed', () => {
  const broker = { ...unknownBroker('localhost'), tlsPort: 8883, ownCa: { tls: true, wss: true } };
  const proposed = (part: Partial<typeof broker> & { readonly tcpPort?: number | null }) =>
    targetsOf({ ...broker, ...part }).preferred.security;

  test('is plain on this machine, and TLS to another one or where there is nothing else', () => {
    expect(proposed({})).toBe('plain');
    expect(proposed({ host: '127.0.0.1' })).toBe('plain');
    expect(proposed({ host: 'broker.example.org' })).toBe('ownCa');
    expect(proposed({ tcpPort: null })).toBe('ownCa');
    expect(proposed({ tcpPort: null, ownCa: { tls: false, wss: false } })).toBe('tls');
  });
});

describe('the example topic', () => {
  test.each([
    ['#', 'test/hello'],
    ['sensors/%u/#', 'sensors/pump-7/hello'],
    ['sensors/+/temp', 'sensors/any/temp'],
    ['plant/${clientid}/out', 'plant/client/out'],
  ])('fits the first rule that lets publish: %s', (topic, expected) => {
    const rules = [
      { permission: 'deny', action: 'all', topic: 'secret/#' },
      { permission: 'allow', action: 'subscribe', topic: 'down/#' },
      { permission: 'allow', action: 'publish', topic },
    ] as const;
    expect(exampleTopic({ rules, username: 'pump-7', clientId: null })).toBe(expected);
  });
});
