import type { Hashing } from '@gatehouse/hashing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RULE_VECTORS } from '../../hashing/test/vectors.ts';
import { createRedisBackend, type RedisOptions } from '../src/redis.ts';
import { parseRedisCommand } from '../src/redis-command.ts';
import type { SourceBackend } from '../src/source-backend.ts';
import { describeWith, freePort } from './support/programs.ts';
import { REDIS, startCluster, startRedis, startSentinel, type RedisServer } from './support/redis-servers.ts';
import { startStranger } from './support/sql-suite.ts';
import { ACCOUNT, brief, check, clientOf, startHashing, tlsOf } from './support/world.ts';

const HMGET = 'HMGET mqtt_user:%u password salt is_superuser';

let hashing: Hashing;
const opened: SourceBackend[] = [];
beforeAll(() => {
  hashing = startHashing();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
afterAll(() => hashing.close());

function backendAt(port: number, options: Partial<RedisOptions> = {}): SourceBackend {
  const made = createRedisBackend({
    ...ACCOUNT,
    mode: 'single',
    addresses: [{ host: '127.0.0.1', port }],
    sentinel: '',
    sentinelPassword: undefined,
    database: 0,
    command: HMGET,
    superCommand: '',
    aclCommand: '',
    ...options,
  });
  opened.push(made);
  return made;
}

describe('the command of redis', () => {
  test.each([
    ['SET mqtt_user:%u 1', 'SET'],
    ['EVAL %u 0', 'EVAL'],
    ['HGETALL mqtt_user:%u', 'HGETALL'],
    ['HGET mqtt_user:%u', 'HGET with 1 words'],
    ['HMGET mqtt_user:%u', 'HMGET with 1 words'],
    ['HGET mqtt_user %u', 'a placeholder in the name of a field'],
    ['', ''],
  ])('%j is refused with what is accepted instead', (command, found) => {
    const problem = parseRedisCommand(command, 'record');
    expect(problem).toMatchObject({ found });
    expect(problem).toHaveProperty('accepted');
  });

  test('of rules is HGETALL and nothing else', () => {
    expect(parseRedisCommand('HGETALL mqtt_acl:%u', 'rules')).toMatchObject({ name: 'HGETALL' });
    expect(parseRedisCommand('KEYS *', 'rules')).toMatchObject({ found: 'KEYS' });
  });
});

describeWith('Redis (redis-server)', REDIS, 'redis over a real server', () => {
  let redis: RedisServer;
  const verdict = (lookup: SourceBackend, rule: string, attempt: Parameters<typeof check>[4]) =>
    check('redis', lookup, rule, hashing, attempt);
  const backend = (options: Partial<RedisOptions> = {}) => backendAt(redis.port, options);

  beforeAll(async () => {
    redis = await startRedis();
    await redis.admin.hset('mqtt_user:emqx', { password: 'public', salt: 'wivwiv', is_superuser: '1' });
    await redis.admin.hset('mqtt_user:plain', { password: 'public' });
    await redis.admin.hset('mqtt_user:empty', { password: '' });
    await redis.admin.hset('mqtt_user:saltless', { is_superuser: '1', salt: 'salt' });
    await redis.admin.set('mqtt_user:text', 'public');
    await redis.admin.hset('mqtt_acl:plain', { 'a/%u': '1', 'b/#': '2', 'eq c/+': '3' });
  });
  afterAll(() => redis.stop());

  test.each([['plain', 'public'] as const, ...RULE_VECTORS.map(([rule, stored]) => [rule, stored] as const)])(
    'a hash stored by %s admits its password and no other',
    async (rule, password) => {
      const username = `vector-${password}`;
      const salt = /salt|pbkdf2/.test(rule) ? { salt: 'salt' } : {};
      await redis.admin.hset(`mqtt_user:${username}`, { password, ...salt });
      const lookup = backend();
      expect(brief(await verdict(lookup, rule, clientOf('public', { username })))).toBe('allow');
      expect(brief(await verdict(lookup, rule, clientOf('wrong', { username })))).toBe(
        'deny SOURCE_PASSWORD_MISMATCH',
      );
    },
  );

  test.each([
    ['absent', undefined, 'deny SOURCE_PASSWORD_MISSING'],
    ['empty', '', 'deny SOURCE_PASSWORD_MISMATCH'],
    ['wrong', 'nope', 'deny SOURCE_PASSWORD_MISMATCH'],
    ['right', 'public', 'allow'],
  ])('the password %s gives its own answer', async (_name, password, expected) => {
    expect(brief(await verdict(backend(), 'plain', clientOf(password, { username: 'plain' })))).toBe(
      expected,
    );
  });

  test('an empty stored password matches nothing, not even an empty one', async () => {
    const answer = await verdict(backend(), 'plain', clientOf('', { username: 'empty' }));
    expect(brief(answer)).toBe('deny SOURCE_HASH_INVALID');
  });

  test.each([
    'HGET mqtt_user:%u password',
    'HMGET mqtt_user:${username} password',
    'HMGET mqtt_user:%u salt password',
  ])('%s reads the password by its name', async (command) => {
    expect(
      brief(await verdict(backend({ command }), 'plain', clientOf('public', { username: 'plain' }))),
    ).toBe('allow');
  });

  test('GET reads the whole value', async () => {
    const lookup = backend({ command: 'GET mqtt_user:%u' });
    expect(brief(await verdict(lookup, 'plain', clientOf('public', { username: 'text' })))).toBe('allow');
  });

  test('nil is no record: of the key, of the field, of the first of several', async () => {
    for (const username of ['nobody', 'saltless']) {
      for (const command of [HMGET, 'HGET mqtt_user:%u password']) {
        const answer = await verdict(backend({ command }), 'plain', clientOf('public', { username }));
        expect(brief(answer)).toBe('ignore SOURCE_NO_RECORD');
      }
    }
  });

  test('a client without a username has no key, not the one without a name', async () => {
    await redis.admin.hset('mqtt_user:', { password: 'public' });
    for (const username of [undefined, '']) {
      const answer = await verdict(backend(), 'plain', clientOf('public', { username }));
      expect(brief(answer)).toBe('ignore SOURCE_NO_RECORD');
    }
  });

  test('a salt beside a rule without one says so', async () => {
    expect(brief(await verdict(backend(), 'sha256', clientOf('public')))).toBe('deny SOURCE_SALT_UNEXPECTED');
  });

  test.each([
    'plain password',
    'plain\r\nDEL mqtt_user:plain\r\n',
    '* password',
    'plain\tpassword',
    '%u',
    '${clientid}',
  ])(
    'the name %j adds no argument, whether username, client ID or of a certificate, and changes nothing',
    async (name) => {
      const before = await redis.admin.hgetall('mqtt_user:plain');
      const byName = await verdict(backend(), 'plain', clientOf('public', { username: name }));
      const command = 'HMGET mqtt_user:%c password';
      const byClient = await verdict(backend({ command }), 'plain', clientOf('public', { clientId: name }));
      expect([brief(byName), brief(byClient)]).toEqual([
        'ignore SOURCE_NO_RECORD',
        'ignore SOURCE_NO_RECORD',
      ]);
      expect(await redis.admin.hgetall('mqtt_user:plain')).toEqual(before);
      for (const placeholder of ['%C', '${cn}', '%d', '${subject}']) {
        const ofCertificate = backend({ command: `HMGET mqtt_user:${placeholder} password` });
        const answer = await verdict(ofCertificate, 'plain', clientOf('public', { tls: tlsOf(name) }));
        expect(brief(answer)).toBe('ignore SOURCE_NO_RECORD');
      }
      const asPassword = await verdict(backend(), 'plain', clientOf(name, { username: 'plain' }));
      expect(brief(asPassword)).toBe('deny SOURCE_PASSWORD_MISMATCH');
    },
  );

  test('a superuser is one by the record, or by a command of its own', async () => {
    const command = 'HMGET mqtt_user:%u password';
    await redis.admin.hset('mqtt_user:boss', { password: 'public', is_superuser: '1' });
    const attempt = clientOf('public', { username: 'boss' });
    expect(await verdict(backend(), 'plain', attempt)).toMatchObject({ grant: { superuser: true } });
    expect(await verdict(backend({ command }), 'plain', attempt)).toMatchObject({
      grant: { superuser: false },
    });
    const superCommand = 'HGET mqtt_user:%u is_superuser';
    expect(await verdict(backend({ command, superCommand }), 'plain', attempt)).toMatchObject({
      grant: { superuser: true },
    });
  });

  test('rules come from a hash of topic filters', async () => {
    const lookup = backend({ aclCommand: 'HGETALL mqtt_acl:%u' });
    const answer = await verdict(lookup, 'plain', clientOf('public', { username: 'plain' }));
    expect(answer).toMatchObject({
      grant: {
        rules: [
          { permission: 'allow', action: 'subscribe', topic: 'a/%u' },
          { permission: 'allow', action: 'publish', topic: 'b/#' },
          { permission: 'allow', action: 'all', topic: 'c/+', literal: true },
        ],
      },
    });
  });

  test('a key of another type is an error with its word, not its value', async () => {
    const answer = await verdict(backend(), 'plain', clientOf('public', { username: 'text' }));
    expect(answer).toMatchObject({
      outcome: 'error',
      reason: 'SOURCE_BAD_RESULT',
      detail: { problem: 'the server refused the command: WRONGTYPE' },
    });
  });

  test('a server that is down is unreachable', async () => {
    const lookup = backendAt(await freePort());
    const answer = await verdict(lookup, 'plain', clientOf('public'));
    expect(answer).toMatchObject({ reason: 'SOURCE_UNREACHABLE', detail: { problem: 'ECONNREFUSED' } });
    expect(await lookup.probe()).toEqual({ ok: false, problem: 'ECONNREFUSED' });
  });

  test('an account that is refused is unreachable, and its password is nowhere', async () => {
    const { Secret } = await import('@gatehouse/auth-core');
    const lookup = backend({ password: new Secret('not-the-account-s') });
    const answer = await verdict(lookup, 'plain', clientOf('public'));
    expect(answer).toMatchObject({ reason: 'SOURCE_UNREACHABLE' });
    expect(JSON.stringify(answer)).not.toContain('not-the-account-s');
  });

  test.each(['silent', 'garbage', 'close'])('a stranger that is %s is unreachable', async (manner) => {
    const stranger = await startStranger(manner);
    const lookup = backendAt(stranger.port, { connectTimeoutMs: 300, queryTimeoutMs: 300 });
    expect(brief(await verdict(lookup, 'plain', clientOf('public')))).toMatch(/^error SOURCE_/);
    await lookup.close();
    await stranger.close();
  });

  test('a server that is slow is a timeout, and answers again on a fresh connection', async () => {
    const lookup = backend({ queryTimeoutMs: 200, poolSize: 1 });
    const attempt = clientOf('public', { username: 'plain' });
    expect(brief(await verdict(lookup, 'plain', attempt))).toBe('allow');
    redis.program.signal('SIGSTOP');
    expect(brief(await verdict(lookup, 'plain', attempt))).toBe('error SOURCE_TIMEOUT');
    redis.program.signal('SIGCONT');
    await expect.poll(async () => brief(await verdict(lookup, 'plain', attempt))).toBe('allow');
  });

  test('more clients at a time than there are connections are all answered', async () => {
    const lookup = backend({ poolSize: 2 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        verdict(lookup, 'plain', clientOf(index % 2 === 0 ? 'public' : 'no', { username: 'plain' })),
      ),
    );
    expect(answers.filter((answer) => answer.outcome === 'allow')).toHaveLength(25);
    expect(lookup.pool()).toMatchObject({ open: 2, idle: 2, waiting: 0, max: 2 });
  });
});

describeWith('Redis (redis-server)', REDIS, 'redis behind sentinels', () => {
  test('the master that the sentinel names is asked', async () => {
    const { master, sentinel } = await startSentinel();
    try {
      await master.admin.hset('mqtt_user:emqx', { password: 'public' });
      const lookup = backendAt(sentinel.port, {
        mode: 'sentinel',
        sentinel: 'mqtt',
        command: 'HMGET mqtt_user:%u password',
      });
      expect(brief(await check('redis', lookup, 'plain', hashing, clientOf('public')))).toBe('allow');
      expect(await lookup.probe()).toMatchObject({ ok: true });
      const other = backendAt(sentinel.port, {
        mode: 'sentinel',
        sentinel: 'unknown',
        connectTimeoutMs: 500,
      });
      expect(brief(await check('redis', other, 'plain', hashing, clientOf('public')))).toBe(
        'error SOURCE_UNREACHABLE',
      );
      await Promise.all(opened.splice(0).map((one) => one.close()));
    } finally {
      await sentinel.stop();
      await master.stop();
    }
  });
});

describeWith('Redis (redis-server)', REDIS, 'redis as a cluster', () => {
  test('each client’s record is found on the node that has its slot', async () => {
    const nodes = await startCluster();
    try {
      const lookup = backendAt(nodes[0]?.port ?? 0, {
        mode: 'cluster',
        command: 'HMGET mqtt_user:%u password',
        aclCommand: 'HGETALL mqtt_acl:%u',
      });
      const names = Array.from({ length: 24 }, (_, index) => `device-${String(index)}`);
      for (const { admin } of nodes) {
        await expect
          .poll(async () => String(await admin.call('CLUSTER', 'INFO')), { timeout: 15_000 })
          .toMatch(/cluster_state:ok[\s\S]*cluster_known_nodes:3/);
      }
      for (const name of names) await store(nodes, name);
      const answers = await Promise.all(
        names.map((username) =>
          check('redis', lookup, 'plain', hashing, clientOf(`pw-${username}`, { username })),
        ),
      );
      expect(new Set(answers.map(brief))).toEqual(new Set(['allow']));
      const missing = await check('redis', lookup, 'plain', hashing, clientOf('x', { username: 'nobody' }));
      expect(brief(missing)).toBe('ignore SOURCE_NO_RECORD');
      expect(lookup.pool().open).toBeGreaterThanOrEqual(3);
      expect(await lookup.probe()).toMatchObject({ ok: true });
      await lookup.close();
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
  });
});

/** Writes a record to whichever node takes it. */
async function store(nodes: readonly RedisServer[], name: string): Promise<void> {
  for (const { admin } of nodes) {
    const done = await admin.hset(`mqtt_user:${name}`, { password: `pw-${name}` }).catch(() => undefined);
    if (done !== undefined) return;
  }
  throw new Error(`no node takes ${name}`);
}
