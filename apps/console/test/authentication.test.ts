import {
  builtinSettings,
  createAuthenticator,
  httpSettings,
  jwtSettings,
  ldapSettings,
  mongodbSettings,
  mysqlSettings,
  postgresqlSettings,
  redisSettings,
  x509Settings,
} from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { AUTHENTICATOR_NAME } from '../components/authentication/name.ts';
import {
  jsonText,
  linesText,
  pairsText,
  readJson,
  readLines,
  readPairs,
} from '../components/authentication/pairs.ts';
import { isRelevant } from '../components/authentication/relevance.ts';
import { moved } from '../components/authentication/reorder.ts';
import { kindOf, valueAt, withValue, type SchemaNode } from '../components/authentication/schema.ts';
import { namedType } from '../components/authentication/types.ts';
import { validate } from '../components/authentication/validate.ts';
import texts from '../messages/en/authentication.json' with { type: 'json' };

const SETTINGS = {
  builtin: builtinSettings,
  http: httpSettings,
  jwt: jwtSettings,
  ldap: ldapSettings,
  mongodb: mongodbSettings,
  mysql: mysqlSettings,
  postgresql: postgresqlSettings,
  redis: redisSettings,
  x509: x509Settings,
} as const;
type Type = keyof typeof SETTINGS;
const TYPES = Object.keys(SETTINGS) as Type[];

/** The schema as the API tells it: through JSON. */
const schemaOf = (type: Type): SchemaNode =>
  JSON.parse(JSON.stringify(SETTINGS[type].toJSONSchema({ io: 'input' }))) as SchemaNode;

/** Dotted paths of every setting that has a field. */
const fieldsOf = (node: SchemaNode, at: readonly string[] = []): readonly string[] =>
  Object.entries(node.properties ?? {}).flatMap(([name, below]) =>
    name === 'type' ? [] : [[...at, name].join('.'), ...fieldsOf(below, [...at, name])],
  );

describe('the form of an authenticator', () => {
  test.each(TYPES)('%s: every setting has a name in words, and the type says what it is for', (type) => {
    const named = new Set(Object.keys(texts.field));
    const nameless = fieldsOf(schemaOf(type)).filter(
      (path) => !named.has(path.replaceAll('.', '_')) && !named.has(path.split('.').at(-1) ?? ''),
    );
    expect(nameless.filter((path) => path !== 'tls')).toEqual([]);
    expect(texts.types).toHaveProperty(namedType(type) ?? 'a type without words');
  });

  test('ways to read a service’s answers, and what stands for what is absent, are told in words', () => {
    const { contract, absent } = schemaOf('http').properties ?? {};
    expect(Object.keys(texts.choice.contract).toSorted()).toEqual(contract?.enum?.toSorted());
    expect(Object.keys(texts.choice.absent).toSorted()).toEqual(absent?.enum?.toSorted());
  });

  test.each(TYPES)(
    '%s: its defaults have nothing said against them, whatever the case of an address',
    (type) => {
      const schema = schemaOf(type);
      const faults = validate(schema, { type });
      expect([...faults].filter(([, fault]) => fault.key !== 'required')).toEqual([]);
      const defaults = Object.entries(schema.properties ?? {}).flatMap(([name, node]) =>
        node.default === undefined ? [] : [[name, node.default]],
      );
      const written = Object.fromEntries(defaults) as Record<string, unknown>;
      expect([...validate({ ...schema, required: [] }, { type, ...written })]).toEqual([]);
    },
  );

  test('secrets are fields of their own kind, maps and lists have lines', () => {
    const { properties = {} } = schemaOf('http');
    expect(properties['headers']).toMatchObject({ secret: true });
    expect(kindOf(properties['headers'] ?? {})).toBe('pairs');
    expect(kindOf(properties['superuser'] ?? {})).toBe('group');
    expect(kindOf(properties['timeout_ms'] ?? {})).toBe('number');
    expect(kindOf(schemaOf('redis').properties?.['servers'] ?? {})).toBe('lines');
    expect(kindOf(schemaOf('jwt').properties?.['algorithms'] ?? {})).toBe('choices');
    expect(kindOf(schemaOf('mysql').properties?.['query'] ?? {})).toBe('long');
    expect(kindOf(schemaOf('jwt').properties?.['verify_claims'] ?? {})).toBe('pairs');
    expect(kindOf(schemaOf('x509').properties?.['credentials'] ?? {})).toBe('json');
    expect(kindOf({})).toBe('text');
  });
});

describe('what the schema says against settings, as they are typed', () => {
  const faultOf = (type: Type, settings: Record<string, unknown>, path: string) =>
    validate(schemaOf(type), { type, ...settings }).get(path);

  test.each<[string, Type, Record<string, unknown>, string, unknown]>([
    ['a setting that is needed and absent', 'http', {}, 'url', { key: 'required' }],
    ['a setting that is needed and empty', 'http', { url: '' }, 'url', { key: 'required' }],
    ['text in place of a number', 'builtin', { timeout_ms: 'soon' }, 'timeout_ms', { key: 'whole' }],
    ['half a millisecond', 'builtin', { timeout_ms: 0.5 }, 'timeout_ms', { key: 'whole' }],
    ['too small a number', 'builtin', { timeout_ms: 0 }, 'timeout_ms', { key: 'min', bound: 1 }],
    ['too large a number', 'builtin', { timeout_ms: 1e9 }, 'timeout_ms', { key: 'max', bound: 60_000 }],
    ['no server at all', 'redis', { servers: [] }, 'servers', { key: 'few', bound: 1 }],
    ['an address that is none', 'redis', { servers: ['a b'] }, 'servers', { key: 'pattern' }],
    ['an empty statement', 'mysql', { query: '' }, 'query', { key: 'required' }],
    ['lines that make no map', 'http', { url: 'http://a', params: 'x' }, 'params', { key: 'pairs' }],
    [
      'JSON that breaks off',
      'x509',
      { credentials: '[' },
      'credentials',
      { key: 'jsonLine', at: '1', column: 2 },
    ],
    [
      'JSON without what is needed',
      'x509',
      { credentials: [{ name: 'a' }] },
      'credentials',
      { key: 'missing', at: '0', name: 'match' },
    ],
    [
      'JSON with what nobody knows',
      'x509',
      { credentials: [{ name: 'a', match: { cm: 'b' } }] },
      'credentials',
      { key: 'unknown', at: '0.match', name: 'cm' },
    ],
    [
      'JSON of another kind',
      'x509',
      { credentials: [{ name: 'a', match: { cn: 7 } }] },
      'credentials',
      { key: 'type', at: '0.match.cn', name: 'string' },
    ],
    ['within a setting that is not used', 'http', { url: 'http://a' }, 'superuser.url', undefined],
    ['within one that is', 'http', { superuser: {} }, 'superuser.url', { key: 'required' }],
    ['a secret that is taken away', 'mysql', { password: null }, 'password', undefined],
    ['an IPv6 address in capitals', 'redis', { servers: ['[2001:DB8::1]:6379'] }, 'servers', undefined],
  ])('%s', (_what, type, settings, path, fault) => {
    expect(faultOf(type, settings, path)).toEqual(fault);
  });

  test('names of authenticators are taken and refused as the API does', () => {
    for (const name of ['', 'a', 'A', '-a', 'a-b_c', '0', 'a b', 'ä', 'a'.repeat(32), 'a'.repeat(33)]) {
      expect(AUTHENTICATOR_NAME.test(name)).toBe(createAuthenticator.shape.name.safeParse(name).success);
    }
  });
});

describe('maps and lists as lines', () => {
  test.each<Record<string, string | number | boolean>>([
    {},
    { clientid: '%c', password: '%P' },
    { level: 3, number: '3', yes: true, word: 'true', quoted: '"x"', blank: ' x ', empty: '', sign: 'a=b' },
    { negative: -1.5, dash: '-', open: '"' },
  ])('%o is the same after it was shown and read', (pairs) => {
    expect(readPairs(pairsText(pairs))).toEqual(pairs);
  });

  test('a line without a name or "=", and a name twice, make no map', () => {
    for (const text of ['a', '= b', 'a = 1\na = 2']) expect(readPairs(text)).toBeUndefined();
    expect(readPairs('\n a = b \n\n')).toEqual({ a: 'b' });
    expect(Object.keys(readPairs('__proto__ = x') ?? {})).toEqual(['__proto__']);
  });

  test('JSON that is no list and no object is not taken', () => {
    expect(readJson(jsonText([{ match: { cn: 'a' } }]))).toEqual([{ match: { cn: 'a' } }]);
    for (const text of ['', '1', 'null', '"x"', '[', '{a: 1}']) expect(readJson(text)).toBeUndefined();
  });

  test('empty lines of a list are none', () => {
    expect(readLines(' a:1 \n\nb:2\n')).toEqual(['a:1', 'b:2']);
    expect(linesText(['a', 'b'])).toBe('a\nb');
    expect(linesText(undefined)).toBe('');
  });
});

describe('the order of a chain', () => {
  test.each<[string, number, string]>([
    ['a', 1, 'bac'],
    ['c', 0, 'cab'],
    ['a', 9, 'bca'],
    ['b', -1, 'bac'],
    ['x', 0, 'abc'],
  ])('%s to place %d', (name, to, order) => {
    expect(moved(['a', 'b', 'c'], name, to).join('')).toBe(order);
  });
});

describe('settings as a tree', () => {
  test('a value is written at its path, and taken out of it', () => {
    const tree = withValue({ type: 'x' }, 'tls.ca', 'pem');
    expect(tree).toEqual({ type: 'x', tls: { ca: 'pem' } });
    expect(valueAt(tree, 'tls.ca')).toBe('pem');
    expect(valueAt(tree, 'tls.ca.deeper')).toBeUndefined();
    expect(valueAt(tree, 'toString')).toBeUndefined();
    expect(withValue(tree, 'tls.ca', undefined)).toEqual({ type: 'x', tls: {} });
  });
});

describe('settings that mean nothing beside the others', () => {
  const seen = (settings: object, secrets: readonly string[] = []) => ({
    settings: { ...settings },
    secrets: new Set(secrets),
  });
  test.each([
    ['redis', 'sentinel', {}, false],
    ['redis', 'sentinel', { mode: 'sentinel' }, true],
    ['redis', 'database', { mode: 'cluster' }, false],
    ['http', 'superuser', {}, false],
    ['http', 'superuser', { contract: 'status' }, true],
    ['http', 'superuser', { contract: 'tbmq' }, false],
    ['http', 'body', { method: 'get' }, false],
    ['mysql', 'tls.ca', {}, false],
    ['mysql', 'tls.ca', { tls: { enabled: true } }, true],
    ['mongodb', 'replica_set', { mode: 'rs' }, true],
    ['ldap', 'password_attribute', { bind_as_user: true }, false],
    ['jwt', 'jwks_refresh_seconds', {}, false],
    ['jwt', 'jwks_refresh_seconds', { jwks_url: 'https://a/' }, true],
    ['builtin', 'strategy', {}, true],
  ])('%s: %s with %j shows: %s', (type, path, settings, shows) => {
    expect(isRelevant(path, seen({ type, ...settings }))).toBe(shows);
  });

  test('what is written, or kept as a secret, shows all the same', () => {
    expect(isRelevant('sentinel', seen({ type: 'redis', sentinel: 'm' }))).toBe(true);
    expect(isRelevant('sentinel_password', seen({ type: 'redis' }, ['sentinel_password']))).toBe(true);
    expect(isRelevant('secret_base64', seen({ type: 'jwt' }, ['secret']))).toBe(true);
  });
});
