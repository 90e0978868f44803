import type { Hashing } from '@gatehouse/hashing';
import type { Document } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RULE_VECTORS } from '../../hashing/test/vectors.ts';
import { createMongodbBackend, type MongodbOptions } from '../src/mongodb.ts';
import { parseMongoSelector } from '../src/mongodb-selector.ts';
import type { SourceBackend } from '../src/source-backend.ts';
import {
  failure,
  mongodbOptions,
  startMongoWire,
  type MongoWire,
  type MongoWireOptions,
} from './support/mongo-wire.ts';
import { freePort } from './support/programs.ts';
import { startStranger } from './support/sql-suite.ts';
import { ACCOUNT, brief, check, clientOf, startHashing, tlsOf } from './support/world.ts';

const PUBLIC = 'efa1f375d76194fa51a3556a97e641e61685f914d446979da50a551a4333ffd7';
const vectorOf = (rule: string, stored: string, at: number): Document => ({
  username: `vector-${String(at)}`,
  password: stored,
  ...(/salt|pbkdf2/.test(rule) ? { salt: 'salt' } : {}),
});
const DOCUMENTS: Readonly<Record<string, readonly Document[]>> = {
  mqtt_user: [
    { username: 'emqx', password: PUBLIC, active: true },
    { username: 'gone', password: PUBLIC, active: false },
    { username: 'boss', password: PUBLIC, is_superuser: true },
    { username: 'truthy', password: PUBLIC, is_superuser: 'yes' },
    { username: 'empty', password: '' },
    { username: 'none', salt: 'salt' },
    { username: 'odd', password: { $ne: 1 } },
    { username: 'twice', password: PUBLIC },
    { username: 'twice', password: PUBLIC },
    ...RULE_VECTORS.map(([rule, stored], at) => vectorOf(rule, stored, at)),
    { username: 'plain', password: 'public' },
    { password: PUBLIC },
  ],
  mqtt_acl: [
    { username: 'emqx', publish: ['a/%u', 'eq b/+'], subscribe: ['c/#'], pubsub: ['d'] },
    { username: '$all', subscribe: ['news'] },
    { username: 'odd', publish: [1] },
  ],
};
const { username, password } = ACCOUNT;
const LOGIN = { username, password: password.reveal() };

let hashing: Hashing;
const servers: MongoWire[] = [];
const opened: SourceBackend[] = [];
beforeAll(() => {
  hashing = startHashing();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await Promise.all(servers.splice(0).map((one) => one.close()));
});
afterAll(() => hashing.close());

async function wire(options: Partial<MongoWireOptions> = {}): Promise<MongoWire> {
  const server = await startMongoWire({ documents: DOCUMENTS, account: LOGIN, ...options });
  servers.push(server);
  return server;
}

function backendAt(port: number, options: Partial<MongodbOptions> = {}): SourceBackend {
  const made = createMongodbBackend({ ...mongodbOptions(port), ...options });
  opened.push(made);
  return made;
}

const verdict = (lookup: SourceBackend, rule: string, attempt: Parameters<typeof check>[4]) =>
  check('mongodb', lookup, rule, hashing, attempt);

describe('the selector of mongodb', () => {
  test.each([
    ['username=%u-x', '%u-x'],
    ['$where=%u', '$where'],
    ['%u=name', '%u'],
    ['username', 'username'],
    ['username=%u,username=%c', 'username twice'],
    ['', ''],
  ])('%j is refused with what is accepted instead', (selector, found) => {
    expect(parseMongoSelector(selector)).toMatchObject({ found, accepted: expect.any(String) as string });
  });
});

describe('mongodb over the wire server of these tests, which proves what is asked and not what a real MongoDB answers', () => {
  test.each([
    ['plain', 'plain'] as const,
    ...RULE_VECTORS.map(([rule], at) => [rule, `vector-${String(at)}`] as const),
  ])('a document hashed by %s admits its password and no other', async (rule, name) => {
    const { port } = await wire();
    const lookup = backendAt(port, { saltField: 'salt' });
    expect(brief(await verdict(lookup, rule, clientOf('public', { username: name })))).toBe('allow');
    expect(brief(await verdict(lookup, rule, clientOf('wrong', { username: name })))).toBe(
      'deny SOURCE_PASSWORD_MISMATCH',
    );
  });

  test.each([
    ['absent', 'emqx', undefined, 'deny SOURCE_PASSWORD_MISSING'],
    ['empty', 'emqx', '', 'deny SOURCE_PASSWORD_MISMATCH'],
    ['wrong', 'emqx', 'nope', 'deny SOURCE_PASSWORD_MISMATCH'],
    ['right', 'emqx', 'public', 'allow'],
    ['empty, as the stored one is,', 'empty', '', 'deny SOURCE_HASH_INVALID'],
    ['empty, where none is stored,', 'none', '', 'deny SOURCE_HASH_INVALID'],
    ['of somebody unknown', 'nobody', 'public', 'ignore SOURCE_NO_RECORD'],
    ['where the stored one is no text', 'odd', 'public', 'error SOURCE_BAD_RESULT'],
    ['where two documents fit', 'twice', 'public', 'error SOURCE_BAD_RESULT'],
  ])('a password %s gives its own answer', async (_name, name, given, expected) => {
    const { port } = await wire();
    expect(brief(await verdict(backendAt(port), 'sha256', clientOf(given, { username: name })))).toBe(
      expected,
    );
  });

  test('a client without a username asks nothing, and finds no document without the field', async () => {
    const { port, finds } = await wire();
    for (const absent of [undefined, '']) {
      const answer = await verdict(backendAt(port), 'sha256', clientOf('public', { username: absent }));
      expect(brief(answer)).toBe('ignore SOURCE_NO_RECORD');
    }
    expect(finds).toEqual([]);
  });

  test.each(['{"$ne":null}', "'; return true; //", '[object Object]', '$where', '%c', '${clientid}'])(
    'the name %j is sent as text in an equality, whether username, client ID or of a certificate',
    async (name) => {
      const { port, finds } = await wire();
      const lookup = backendAt(port, { selector: 'username=%u,device=%c,cn=%C,subject=%d' });
      const attempt = clientOf('public', { username: name, clientId: name, tls: tlsOf(name) });
      expect(brief(await verdict(lookup, 'sha256', attempt))).toBe('ignore SOURCE_NO_RECORD');
      expect(finds[0]?.['filter']).toEqual({
        username: { $eq: name },
        device: { $eq: name },
        cn: { $eq: name },
        subject: { $eq: `CN=${name}` },
      });
      const asPassword = await verdict(backendAt(port), 'sha256', clientOf(name));
      expect(brief(asPassword)).toBe('deny SOURCE_PASSWORD_MISMATCH');
      expect(JSON.stringify(finds.at(-1)?.['filter'])).not.toContain(JSON.stringify(name));
    },
  );

  test('a literal of the selector means text, boolean and number alike', async () => {
    const { port } = await wire();
    const lookup = backendAt(port, { selector: 'username=${username},active=true' });
    expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('allow');
    const gone = await verdict(lookup, 'sha256', clientOf('public', { username: 'gone' }));
    expect(brief(gone)).toBe('ignore SOURCE_NO_RECORD');
  });

  test('only the fields that are needed are asked for, at most two documents, within the time', async () => {
    const { port, finds } = await wire();
    const lookup = backendAt(port, { saltField: 'salt', superuserField: 'is_superuser' });
    await verdict(lookup, 'sha256', clientOf('public'));
    expect(finds[0]).toMatchObject({
      projection: { _id: 0, password: 1, salt: 1, is_superuser: 1 },
      limit: 2,
      maxTimeMS: ACCOUNT.queryTimeoutMs,
    });
  });

  test.each([
    ['boss', true],
    ['truthy', false],
    ['emqx', false],
  ])('the field makes %s a superuser: %s', async (name, superuser) => {
    const { port } = await wire();
    const lookup = backendAt(port, { superuserField: 'is_superuser' });
    expect(await verdict(lookup, 'sha256', clientOf('public', { username: name }))).toMatchObject({
      grant: { superuser },
    });
  });

  test('superusers of a collection of their own are those whom a document there says so of', async () => {
    const { port, finds } = await wire({
      documents: {
        ...DOCUMENTS,
        mqtt_super: [
          { username: 'emqx', root: 1 },
          { username: 'plain', root: false },
        ],
      },
    });
    const lookup = backendAt(port, { superuserCollection: 'mqtt_super', superuserField: 'root' });
    const superuserOf = async (rule: string, name: string): Promise<unknown> => {
      const answer = await verdict(lookup, rule, clientOf('public', { username: name }));
      return answer.outcome === 'allow' ? answer.grant.superuser : brief(answer);
    };
    expect([
      await superuserOf('sha256', 'emqx'),
      await superuserOf('plain', 'plain'),
      // What its own record says is not asked for, and of whom there is no document is none.
      await superuserOf('sha256', 'boss'),
    ]).toEqual([true, false, false]);
    expect(finds[0]?.['projection']).toEqual({ _id: 0, password: 1 });
    expect([finds[1]?.['find'], finds[1]?.['filter']]).toEqual(['mqtt_super', finds[0]?.['filter']]);
  });

  test('rules come from the lists of topic filters', async () => {
    const { port } = await wire();
    const lookup = backendAt(port, { aclCollection: 'mqtt_acl' });
    expect(await verdict(lookup, 'sha256', clientOf('public'))).toMatchObject({
      grant: {
        rules: [
          { permission: 'allow', action: 'publish', topic: 'a/%u' },
          { permission: 'allow', action: 'publish', topic: 'b/+', literal: true },
          { permission: 'allow', action: 'subscribe', topic: 'c/#' },
          { permission: 'allow', action: 'all', topic: 'd' },
        ],
      },
    });
  });

  test('rules of several selectors add up, in their order', async () => {
    const { port } = await wire();
    const aclSelectors = ['username=%u', 'device=%C', 'username=$all'];
    const lookup = backendAt(port, { aclCollection: 'mqtt_acl', aclSelectors });
    expect(await verdict(lookup, 'sha256', clientOf('public', { username: 'boss' }))).toMatchObject({
      grant: { rules: [{ permission: 'allow', action: 'subscribe', topic: 'news' }] },
    });
  });

  test('rules that are no texts admit nobody', async () => {
    const { port } = await wire();
    const lookup = backendAt(port, { aclCollection: 'mqtt_acl', aclSelectors: ['username=odd'] });
    expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('error SOURCE_BAD_RESULT');
  });

  test.each([
    ['a replica set', { mode: 'rs', replicaSet: 'mqtt' }, { replicaSet: 'mqtt' }],
    ['a sharded cluster', { mode: 'sharded' }, 'mongos'],
  ] as const)('%s is asked like a single server', async (_name, options, role) => {
    const { port } = await wire({ role });
    const lookup = backendAt(port, options);
    expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('allow');
    expect(await lookup.probe()).toMatchObject({ ok: true });
  });

  test('a replica set of another name is unreachable', async () => {
    const { port } = await wire({ role: { replicaSet: 'other' } });
    const lookup = backendAt(port, { mode: 'rs', replicaSet: 'mqtt', connectTimeoutMs: 300 });
    expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('error SOURCE_UNREACHABLE');
  });

  test('a server that is down is unreachable, by its code', async () => {
    const lookup = backendAt(await freePort(), { connectTimeoutMs: 300 });
    const answer = await verdict(lookup, 'sha256', clientOf('public'));
    expect(answer).toMatchObject({ reason: 'SOURCE_UNREACHABLE', detail: { problem: 'ECONNREFUSED' } });
    expect(await lookup.probe()).toMatchObject({ ok: false });
  });

  test('an account that is refused is unreachable, and its password is nowhere', async () => {
    const { port } = await wire({ account: { ...LOGIN, password: 'another' } });
    const answer = await verdict(backendAt(port, { connectTimeoutMs: 1_000 }), 'sha256', clientOf('public'));
    expect(answer).toMatchObject({
      reason: 'SOURCE_UNREACHABLE',
      detail: { problem: 'AuthenticationFailed' },
    });
    expect(JSON.stringify(answer)).not.toContain(LOGIN.password);
  });

  test.each(['silent', 'garbage', 'close'])('a stranger that is %s is unreachable', async (manner) => {
    const stranger = await startStranger(manner);
    const lookup = backendAt(stranger.port, { connectTimeoutMs: 300, queryTimeoutMs: 300 });
    expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('error SOURCE_UNREACHABLE');
    await lookup.close();
    await stranger.close();
  });

  test('a server that does not answer is a timeout, and so is one that says it stopped', async () => {
    const silent = await wire({ onFind: () => 'silence' });
    const slow = backendAt(silent.port, { queryTimeoutMs: 200, poolSize: 1 });
    expect(brief(await verdict(slow, 'sha256', clientOf('public')))).toBe('error SOURCE_TIMEOUT');
    expect(brief(await verdict(slow, 'sha256', clientOf('public')))).toBe('error SOURCE_TIMEOUT');
    const stopped = await wire({ onFind: () => failure(50, 'MaxTimeMSExpired') });
    expect(brief(await verdict(backendAt(stopped.port), 'sha256', clientOf('public')))).toBe(
      'error SOURCE_TIMEOUT',
    );
  });

  test('a question that is refused is a bad result, by its code name', async () => {
    const { port } = await wire({ onFind: () => failure(13, 'Unauthorized') });
    const answer = await verdict(backendAt(port), 'sha256', clientOf('public'));
    expect(answer).toMatchObject({
      reason: 'SOURCE_BAD_RESULT',
      detail: { problem: 'the database refused the question: Unauthorized' },
    });
  });

  test('more clients at a time than there are connections are all answered', async () => {
    const { port } = await wire();
    const lookup = backendAt(port, { poolSize: 2 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        verdict(lookup, 'sha256', clientOf(at % 2 === 0 ? 'public' : 'no')),
      ),
    );
    expect(answers.filter((answer) => answer.outcome === 'allow')).toHaveLength(20);
    expect(lookup.pool()).toMatchObject({ waiting: 0, max: 2 });
    expect(lookup.pool().open).toBeLessThanOrEqual(2);
  });
});
