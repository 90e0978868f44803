import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { LIMIT_RANGES } from '@gatehouse/broker';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, type LoadedConfig, type LoadOptions } from '../../src/config/load.ts';
import type { ConfigProblem } from '../../src/config/problem.ts';
import { formatProblems } from '../../src/config/problems.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const file = (text: string, name = 'gatehouse.yaml'): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

function loaded(options: Partial<LoadOptions> = {}): LoadedConfig {
  const result = loadConfig({ env: {}, cwd: directory, ...options });
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result.loaded;
}

function problems(options: Partial<LoadOptions>): readonly ConfigProblem[] {
  const result = loadConfig({ env: {}, cwd: directory, ...options });
  return result.ok ? [] : result.problems;
}

describe('where the configuration comes from', () => {
  test('without any source every key has its documented default', () => {
    const { config, file: found } = loaded();
    expect(found).toBeUndefined();
    expect(config.listeners.tcp).toMatchObject({
      enabled: true,
      host: '0.0.0.0',
      port: 1883,
      chain: 'default',
    });
    expect([config.listeners.tls, config.listeners.wss]).toMatchObject([
      { enabled: true, port: 8883, key: '', cert: '', ciphers: '', min_version: 'TLSv1.2' },
      { enabled: true, port: 8084, path: '/mqtt' },
    ]);
    expect(config.auth.chains).toEqual({ default: ['builtin'] });
    expect(config.unauthorized).toEqual({
      enabled: true,
      retention_days: 3,
      retention_rows: 100_000,
      resolved: 'keep',
      attempt_reference: true,
    });
    expect(config.trusted_proxies).toEqual(['127.0.0.0/8', '::1/128']);
    expect(config.limits.connectTimeoutMs).toBe(5_000);
  });

  test('gatehouse.yaml of the working directory is found', () => {
    file('api: { port: 9000 }');
    expect(loaded().config.api.port).toBe(9000);
  });

  test('GATEHOUSE_CONFIG wins over the working directory, --config over both', () => {
    file('api: { port: 9000 }');
    const named = file('api: { port: 9001 }', 'named.yaml');
    const given = file('api: { port: 9002 }', 'given.yaml');
    expect(loaded({ env: { GATEHOUSE_CONFIG: named } }).config.api.port).toBe(9001);
    expect(loaded({ env: { GATEHOUSE_CONFIG: named }, config: given }).config.api.port).toBe(9002);
  });

  test('environment wins over the file, --set over the environment, a later --set over an earlier', () => {
    file('listeners: { tcp: { port: 1000, host: 127.0.0.1 } }');
    const env = { GATEHOUSE_LISTENERS_TCP_PORT: '2000' };
    expect(loaded({ env }).config.listeners.tcp).toMatchObject({ port: 2000, host: '127.0.0.1' });
    const set = ['listeners.tcp.port=3000', 'listeners.tcp.port=4000'];
    expect(loaded({ env, set }).config.listeners.tcp.port).toBe(4000);
  });

  test('values of --set and of the environment are typed as YAML', () => {
    const set = [
      'console.enabled=false',
      'auth.chains.default=[]',
      'limits.connectTimeoutMs=300',
      'node_id=',
    ];
    const { config } = loaded({ set, env: { GATEHOUSE_LISTENERS_WS_ORIGINS: '["https://a.example"]' } });
    expect(config.console.enabled).toBe(false);
    expect(config.auth.chains['default']).toEqual([]);
    expect(config.limits.connectTimeoutMs).toBe(300);
    expect(config.node_id).toBe('');
    expect(config.listeners.ws.origins).toEqual(['https://a.example']);
  });

  test('declaring another chain keeps the default one', () => {
    expect(loaded({ set: ['auth.chains.sensors=[builtin]'] }).config.auth.chains).toEqual({
      default: ['builtin'],
      sensors: ['builtin'],
    });
  });

  test('reserved variables are no settings', () => {
    expect(problems({ env: { GATEHOUSE_TEST_POSTGRES_URL: 'x', OTHER: 'y' } })).toEqual([]);
  });

  test('isSet tells a given key from a default', () => {
    const { isSet } = loaded({ set: ['log.format=json'] });
    expect(isSet('log.format')).toBe(true);
    expect(isSet('log.level')).toBe(false);
  });
});

interface Case {
  readonly name: string;
  readonly yaml?: string;
  readonly set?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly expected: Partial<ConfigProblem>;
}

const cases: readonly Case[] = [
  {
    name: 'an unknown key names its neighbour and its line',
    yaml: 'listeners:\n  tcp:\n    prot: 1\n',
    expected: {
      path: 'listeners.tcp.prot',
      origin: expect.stringMatching(/gatehouse\.yaml:3$/) as string,
      nearest: 'listeners.tcp.port',
    },
  },
  {
    name: 'an unknown top key',
    yaml: 'lisners: {}',
    expected: { path: 'lisners', found: 'an unknown key', nearest: 'listeners' },
  },
  {
    name: 'a key at the wrong place is told where it belongs',
    set: ['tcp.port=1'],
    expected: { path: 'tcp', nearest: 'listeners.tcp' },
  },
  {
    name: 'a wrong type',
    set: ['api.port=many'],
    expected: { path: 'api.port', origin: '--set', found: '"many"', accepted: 'integer 0 … 65535' },
  },
  {
    name: 'a value out of range',
    set: ['api.port=70000'],
    expected: { path: 'api.port', found: '70000', accepted: 'integer 0 … 65535' },
  },
  {
    name: 'a word out of a closed set',
    set: ['auth.anonymous=maybe'],
    expected: { found: '"maybe"', accepted: 'deny, allow, quick_deny' },
  },
  {
    name: 'a variable that names no setting',
    env: { GATEHOUSE_API_PROT: '1' },
    expected: { path: 'GATEHOUSE_API_PROT', nearest: 'GATEHOUSE_API_PORT' },
  },
  { name: '--set without a value', set: ['api.port'], expected: { origin: '--set', found: 'no "="' } },
  { name: 'a file that is no YAML', yaml: 'a: [1', expected: { accepted: 'YAML' } },
  { name: 'a file that is no map', yaml: '- 1\n', expected: { accepted: 'a map of keys' } },
  ...[
    ['ca=ca.pem', 'ca'],
    ['crl=crl.pem', 'crl'],
    ['fail_if_no_peer_cert=true', 'fail_if_no_peer_cert'],
    ['reject=chain', 'reject'],
    ['peer_cert_as_username=cn', 'peer_cert_as_username'],
    ['verify=verify_peer crl=crl.pem', 'crl'],
    ['verify=verify_peer reject=chain fail_if_no_peer_cert=true', 'fail_if_no_peer_cert'],
    ['psk_file=psk.txt', 'psk_file'],
    ['psk_as_username=true', 'psk_as_username'],
    ['psk_delimiter=,', 'psk_delimiter'],
    ['key_password=opener', 'key_password'],
    ['min_version=TLSv1.3 max_version=TLSv1.2', 'max_version'],
    ['psk_file=psk.txt psk_ciphers=PSK-AES128-CBC-SHA ciphers=AES128-SHA', 'ciphers'],
    ['psk_file=psk.txt psk_ciphers=PSK-AES128-CBC-SHA verify=verify_peer', 'verify'],
    ['psk_file=psk.txt psk_ciphers=PSK-AES128-CBC-SHA min_version=TLSv1.3', 'min_version'],
    ['psk_file=psk.txt psk_ciphers=PSK-AES128-CBC-SHA,AES128-SHA', 'psk_ciphers'],
  ].map(([settings = '', key = '']) => ({
    name: `TLS settings that do not fit together (${settings})`,
    set: settings.split(' ').map((setting) => `listeners.wss.${setting}`),
    expected: { path: `listeners.wss.${key}` },
  })),
  ...['permit all', 'deny 10.0.0', 'deny'].map((entry) => ({
    name: `an access list with an entry that says nothing (${entry})`,
    set: [`listeners.tcp.access=["allow 10.0.0.0/8", "${entry}"]`],
    expected: { path: 'listeners.tcp.access.1' },
  })),
  ...['plant', '$SYS/', 'plant/+/'].map((mountpoint) => ({
    name: `a mountpoint that is none (${mountpoint})`,
    set: [`listeners.ws.mountpoint=${mountpoint}`],
    expected: { path: 'listeners.ws.mountpoint' },
  })),
  ...[
    ['PSK-3DES-EDE-CBC-SHA', 'SWEET32'],
    ['PSK-RC4-SHA', 'RFC 7465'],
  ].map(([suite = '', why = '']) => ({
    name: `a suite that OpenSSL has no more, with the cause (${suite})`,
    set: [`listeners.tls.psk_ciphers=PSK-AES128-CBC-SHA,${suite}`, 'listeners.tls.psk_file=psk.txt'],
    expected: {
      path: 'listeners.tls.psk_ciphers',
      found: suite,
      accepted: expect.stringContaining(why) as string,
    },
  })),
  {
    name: 'a name from a certificate that no proxy tells',
    set: ['listeners.ws.peer_cert_as_username=cn'],
    expected: { path: 'listeners.ws.peer_cert_as_username', accepted: '"", or `proxy_protocol: true`' },
  },
  {
    name: 'a key without its certificate',
    set: ['listeners.tls.key=server.key'],
    expected: { path: 'listeners.tls', found: 'one of key and cert' },
  },
  {
    name: 'a bus without a database that the nodes share',
    set: ['bus_url=nats://x'],
    expected: { path: 'bus_url', found: 'a URL, and no database_url' },
  },
  {
    name: 'several nodes that keep their sessions in memory',
    set: ['bus_url=nats://x', 'database_url=postgresql://y/z', 'journal=memory'],
    expected: { path: 'journal', found: 'memory', accepted: 'disk, for several nodes' },
  },
  {
    name: 'a bus of another kind',
    set: ['bus_url=redis://x'],
    expected: { path: 'bus_url', accepted: 'empty, or a URL that starts with nats:// or tls://' },
  },
  {
    name: 'an authenticator of an unknown type',
    set: ['auth.authenticators.users={type: oracle}'],
    expected: { path: 'auth.authenticators.users.type', found: 'oracle' },
  },
  {
    name: 'an unknown authenticator in a chain',
    set: ['auth.chains.default=[ldap]'],
    expected: { path: 'auth.chains.default', found: 'ldap' },
  },
  {
    name: 'a chain that is not there',
    set: ['listeners.ws.chain=web'],
    expected: { path: 'listeners.ws.chain', found: 'web' },
  },
  {
    name: 'the API beyond loopback without TLS',
    set: ['api.host=0.0.0.0'],
    expected: { path: 'api.host', found: '0.0.0.0' },
  },
  {
    name: 'the console beyond loopback without TLS',
    set: ['console.host=::'],
    expected: { path: 'console.host' },
  },
  {
    name: 'a default rule whose topic is no filter',
    set: ['auth.default_rules=[{permission: allow, action: all, topic: "a/#/b"}]'],
    expected: { path: 'auth.default_rules.0.topic' },
  },
  { name: 'half a certificate', set: ['api.tls.key=k.pem'], expected: { path: 'api.tls' } },
  {
    name: 'a bootstrap credential for nobody',
    set: ['auth.bootstrap_credentials=[{password: x}]'],
    expected: { path: 'auth.bootstrap_credentials.0', accepted: 'needs a username, a client_id, or both' },
  },
];

describe('what is refused', () => {
  test.each(cases)('$name', ({ yaml, set, env, expected }) => {
    const config = yaml === undefined ? {} : { config: file(yaml) };
    expect(problems({ ...config, set: set ?? [], env: env ?? {} })).toEqual([
      expect.objectContaining(expected),
    ]);
  });

  test('a file that is not there', () => {
    expect(problems({ config: join(directory, 'none.yaml') })).toEqual([
      expect.objectContaining({ found: 'ENOENT' }),
    ]);
  });

  test('all problems are told at once, whatever their source', () => {
    const config = file('api: { port: x }\nfoo: 1\n');
    const found = problems({ config, set: ['journal=tape'], env: { GATEHOUSE_NONSENSE: '1' } });
    expect(found.map((problem) => problem.path).sort()).toEqual([
      'GATEHOUSE_NONSENSE',
      'api.port',
      'foo',
      'journal',
    ]);
  });

  test('an insecure API beyond loopback is possible when asked for', () => {
    expect(problems({ set: ['api.host=0.0.0.0', 'api.insecure=true'] })).toEqual([]);
  });
});

describe('secrets', () => {
  const secret = 'hunter2hunter2';

  test('a secret is never printed by the loaded configuration', () => {
    const set = [
      `database_url=postgresql://u:${secret}@db/x`,
      `auth.bootstrap_credentials=[{username: a, password: ${secret}}]`,
    ];
    const { config } = loaded({ set });
    expect(`${inspect(config, { depth: 9 })}${JSON.stringify(config)}`).not.toContain(secret);
    expect(config.database_url.reveal()).toContain(secret);
  });

  test('a refused secret is not repeated in its problem', () => {
    const set = [
      `database_url=mysql://u:${secret}@db/x`,
      `auth.bootstrap_credentials=[{username: a, pasword: ${secret}}]`,
    ];
    const found = problems({ set });
    expect(found.length).toBeGreaterThan(1);
    expect(formatProblems(found)).not.toContain(secret);
  });
});

describe('bounds', () => {
  test.each(Object.entries(LIMIT_RANGES))('limits.%s is refused outside its range', (key, { min, max }) => {
    for (const value of [min - 1, max + 1, min + 0.5]) {
      expect(problems({ set: [`limits.${key}=${value}`] })).toMatchObject([{ path: `limits.${key}` }]);
    }
    for (const value of [min, max]) expect(problems({ set: [`limits.${key}=${value}`] })).toEqual([]);
  });
});
