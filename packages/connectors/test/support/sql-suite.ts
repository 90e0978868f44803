import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Hashing } from '@gatehouse/hashing';
import { createServer, type Server } from 'node:net';
import { RULE_VECTORS } from '../../../hashing/test/vectors.ts';
import type { SourceBackend, SourceConnection } from '../../src/source-backend.ts';
import type { SqlQueries } from '../../src/source-sql.ts';
import { freePort } from './programs.ts';
import { ACCOUNT, attemptOf, brief, check, clientOf, startHashing, tlsOf } from './world.ts';

type BackendOptions = Partial<SourceConnection & SqlQueries & { readonly port: number }>;

/** A database that the suite runs against. */
export interface SqlSubject {
  readonly type: 'mysql' | 'postgresql';
  readonly port: number;
  /** Runs statements as the administrator. */
  readonly sql: (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Makes a statement that takes ten seconds and one row. */
  readonly slow: string;
  readonly backend: (options: SourceConnection & SqlQueries & { readonly port: number }) => SourceBackend;
}

const QUERY = "select password, salt from mqtt_user where username = '%u'";
const UNSALTED = "select password from mqtt_user where username = '%u' limit 1";
const PUBLIC = 'efa1f375d76194fa51a3556a97e641e61685f914d446979da50a551a4333ffd7';

/** Names that a client may choose to get at rows that are not its own, or at the tables. */
const HOSTILE = [
  "' or '1'='1",
  "emqx' -- ",
  "emqx'; drop table mqtt_user; -- ",
  "\\' or 1=1 -- ",
  "' union select password, salt from mqtt_user -- ",
  '%u',
  '${username}',
  '%',
  '?',
  '$1',
  '\u{1F4A5}',
];

/** What is guaranteed of both SQL databases; `open` is called once, before the tests. */
export function sqlSuite(
  open: () => Promise<{ readonly subject: SqlSubject; readonly close: () => Promise<void> }>,
): void {
  let subject: SqlSubject;
  let close: () => Promise<void>;
  let hashing: Hashing;
  const opened: SourceBackend[] = [];
  let vectors = 0;
  const backend = (options: BackendOptions = {}): SourceBackend => {
    const defaults = { ...ACCOUNT, port: subject.port, query: UNSALTED, superQuery: '', aclQuery: '' };
    const made = subject.backend({ ...defaults, ...options });
    opened.push(made);
    return made;
  };
  const verdict = async (lookup: SourceBackend, rule: string, attempt: Parameters<typeof check>[4]) =>
    check(subject.type, lookup, rule, hashing, attempt);

  beforeAll(async () => {
    hashing = startHashing();
    ({ subject, close } = await open());
    for (const text of TABLES) await subject.sql(text);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
  });
  afterAll(async () => {
    await hashing.close();
    await close();
  });

  test.each(RULE_VECTORS)('a row hashed by %s admits its password and no other', async (rule, stored) => {
    vectors += 1;
    const name = `vector-${String(vectors)}`;
    const salted = rule.includes('salt') || rule.startsWith('pbkdf2');
    await subject.sql(
      `insert into mqtt_user(username, password, salt) values ('${name}', '${stored}', ${salted ? "'salt'" : 'null'})`,
    );
    const lookup = backend({ query: QUERY });
    expect(brief(await verdict(lookup, rule, clientOf('public', { username: name })))).toBe('allow');
    expect(brief(await verdict(lookup, rule, clientOf('wrong', { username: name })))).toBe(
      'deny SOURCE_PASSWORD_MISMATCH',
    );
  });

  describe('the password', () => {
    test.each([
      ['absent', undefined, 'deny SOURCE_PASSWORD_MISSING'],
      ['empty', '', 'deny SOURCE_PASSWORD_MISMATCH'],
      ['wrong', 'nope', 'deny SOURCE_PASSWORD_MISMATCH'],
      ['right', 'public', 'allow'],
    ])('%s gives its own answer', async (_name, password, expected) => {
      expect(brief(await verdict(backend(), 'sha256', clientOf(password)))).toBe(expected);
    });

    test.each([
      ['an empty stored hash', 'hash-empty'],
      ['a NULL in its place', 'hash-null'],
    ])('%s matches nothing, not even an empty password', async (_name, username) => {
      for (const rule of ['plain', 'sha256']) {
        const answer = await verdict(backend(), rule, clientOf('', { username }));
        expect(brief(answer)).toBe('deny SOURCE_HASH_INVALID');
      }
    });

    test('a salt that is missing, and one that the rule does not use, are told apart', async () => {
      const query = QUERY;
      const unsalted = await verdict(backend({ query }), 'salt,sha256', clientOf('public'));
      expect(brief(unsalted)).toBe('deny SOURCE_SALT_MISSING');
      const salted = await verdict(backend({ query }), 'sha256', clientOf('public', { username: 'salted' }));
      expect(brief(salted)).toBe('deny SOURCE_SALT_UNEXPECTED');
    });

    test('a name that is not there is no data, and the next authenticator is asked', async () => {
      const answer = await verdict(backend(), 'sha256', clientOf('public', { username: 'nobody' }));
      expect(brief(answer)).toBe('ignore SOURCE_NO_RECORD');
    });

    test('a client without a username finds no row', async () => {
      for (const username of [undefined, '']) {
        const answer = await verdict(backend(), 'sha256', attemptOf({ username }));
        expect(brief(answer)).toBe('ignore SOURCE_NO_RECORD');
      }
    });
  });

  describe('injection', () => {
    test.each(HOSTILE)('the username %j finds no row and changes none', async (username) => {
      const before = await subject.sql('select username, password, salt from mqtt_user order by username');
      for (const query of [UNSALTED, 'select password from mqtt_user where username = ${username}']) {
        const answer = await verdict(backend({ query }), 'sha256', clientOf('public', { username }));
        expect(brief(answer)).toBe('ignore SOURCE_NO_RECORD');
      }
      const after = await subject.sql('select username, password, salt from mqtt_user order by username');
      expect(after).toEqual(before);
    });

    test.each(HOSTILE)('the client ID %j finds no row', async (clientId) => {
      const query = "select password from mqtt_user where username = '%c'";
      const answer = await verdict(backend({ query }), 'sha256', clientOf('public', { clientId }));
      expect(brief(answer)).toBe('ignore SOURCE_NO_RECORD');
    });

    test.each(HOSTILE)('the password %j is only ever compared', async (password) => {
      expect(brief(await verdict(backend(), 'sha256', clientOf(password)))).toBe(
        'deny SOURCE_PASSWORD_MISMATCH',
      );
    });

    test('the common name and the subject of a certificate are bound too', async () => {
      const tls = tlsOf("' or '1'='1");
      for (const placeholder of ['%C', '${cn}', '%d', '${subject}']) {
        const query = `select password from mqtt_user where username = ${placeholder}`;
        const answer = await verdict(backend({ query }), 'sha256', clientOf('public', { tls }));
        expect(brief(answer)).toBe('ignore SOURCE_NO_RECORD');
      }
    });
  });

  describe('the result', () => {
    test('columns go by their name, in whatever order', async () => {
      const query = "select salt, is_superuser, password from mqtt_user where username = '%u'";
      const answer = await verdict(
        backend({ query }),
        'salt,sha256',
        clientOf('public', { username: 'salted' }),
      );
      expect(answer).toMatchObject({ outcome: 'allow', grant: { superuser: true } });
    });

    test.each([
      ['without a column "password"', "select username from mqtt_user where username = '%u'"],
      ['of more than one row', 'select password from mqtt_user'],
      ['of a table that is not there', "select password from missing where username = '%u'"],
      ['that is no SQL', 'selec password'],
    ])('a result %s is an error that says what came, and no value', async (_name, query) => {
      const answer = await verdict(backend({ query }), 'sha256', clientOf('public'));
      expect(brief(answer)).toBe('error SOURCE_BAD_RESULT');
      expect(JSON.stringify(answer)).not.toContain(PUBLIC);
    });

    test('a query without a limit takes no more rows than are needed to refuse it', async () => {
      const many =
        'select a.username as password from mqtt_user a cross join mqtt_user b cross join mqtt_user c';
      const lookup = backend({ query: many, poolSize: 1 });
      expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('error SOURCE_BAD_RESULT');
      expect(await lookup.probe()).toMatchObject({ ok: true });
    });

    test('a name that the column’s type cannot hold finds no row', async () => {
      const query = "select password from mqtt_user where is_superuser = '%c' and username = '%u'";
      const answer = await verdict(backend({ query }), 'sha256', clientOf('public', { clientId: 'abc' }));
      // MySQL makes 0 of a text that is compared with a number, and 0 is what this row has.
      expect(brief(answer)).toBe(subject.type === 'mysql' ? 'allow' : 'ignore SOURCE_NO_RECORD');
    });

    test('the detail shows the query with its placeholders, the columns and the rule, never a value', async () => {
      const answer = await verdict(backend(), 'sha256', clientOf('wrong'));
      expect(answer).toMatchObject({
        detail: { query: UNSALTED, columns: ['password'], hashRule: 'sha256' },
      });
      expect(JSON.stringify(answer)).not.toContain(PUBLIC);
    });

    test.each([
      ['1', true],
      ['0', false],
      ['2', false],
      ["'1'", true],
      ['true', true],
      ['null', false],
    ])('a super_query that answers %s makes a superuser: %s', async (value, superuser) => {
      const lookup = backend({ superQuery: `select ${value} as is_superuser` });
      expect(await verdict(lookup, 'sha256', clientOf('public'))).toMatchObject({ grant: { superuser } });
    });

    test('a super_query that fails admits nobody', async () => {
      const lookup = backend({ superQuery: 'select nothing from nowhere' });
      expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('error SOURCE_BAD_RESULT');
    });
  });

  describe('rules', () => {
    const aclQuery =
      "select allow, ipaddr, username, clientid, access, topic from mqtt_acl where ipaddr = '%a' or username = '%u' or username = '$all' or clientid = '%c' order by id";

    test('come from the rows that are about the client, in their order', async () => {
      const answer = await verdict(backend({ aclQuery }), 'sha256', clientOf('public', { ip: '10.1.2.3' }));
      expect(answer).toMatchObject({
        grant: {
          rules: [
            { permission: 'deny', action: 'subscribe', topic: '$SYS/#', literal: true },
            { permission: 'allow', action: 'publish', topic: 'devices/%c/up' },
            { permission: 'allow', action: 'all', topic: 'net/#' },
            { permission: 'allow', action: 'subscribe', topic: 'everyone' },
          ],
        },
      });
    });

    test('without an acl_query are those of a new credential', async () => {
      expect(await verdict(backend(), 'sha256', clientOf('public'))).toMatchObject({
        grant: { rules: [{ permission: 'allow', action: 'all', topic: '#' }] },
      });
    });

    test('that cannot be read admit nobody', async () => {
      const lookup = backend({ aclQuery: "select 1 as allow, 9 as access, 'a' as topic" });
      expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('error SOURCE_BAD_RESULT');
    });

    test('of which there are none allow nothing', async () => {
      const lookup = backend({ aclQuery: "select 1 as allow, 1 as access, 'a' as topic where 1 = 0" });
      expect(await verdict(lookup, 'sha256', clientOf('public'))).toMatchObject({ grant: { rules: [] } });
    });
  });

  describe('a backend that fails', () => {
    test('by being down is unreachable, and says by which code', async () => {
      const lookup = backend({ port: await freePort(), connectTimeoutMs: 1_000 });
      const answer = await verdict(lookup, 'sha256', clientOf('public'));
      expect(brief(answer)).toBe('error SOURCE_UNREACHABLE');
      expect(answer).toMatchObject({ detail: { problem: 'ECONNREFUSED' } });
      expect(await lookup.probe()).toMatchObject({ ok: false });
    });

    test('by refusing the account is unreachable, and the account’s password is nowhere', async () => {
      const { Secret } = await import('@gatehouse/auth-core');
      const lookup = backend({ password: new Secret('not-the-account-s') });
      const answer = await verdict(lookup, 'sha256', clientOf('public'));
      expect(brief(answer)).toBe('error SOURCE_UNREACHABLE');
      expect(JSON.stringify(answer)).not.toContain('not-the-account-s');
    });

    test.each([
      ['says nothing', 'silent'],
      ['talks nonsense', 'garbage'],
      ['hangs up', 'close'],
    ])('because what listens there %s is unreachable', async (_name, manner) => {
      const stranger = await startStranger(manner);
      const lookup = backend({ port: stranger.port, connectTimeoutMs: 300, queryTimeoutMs: 300 });
      expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('error SOURCE_UNREACHABLE');
      await lookup.close();
      await stranger.close();
    });

    test('by being slow is a timeout, and its connection is free again for the next', async () => {
      const lookup = backend({ query: subject.slow, queryTimeoutMs: 300, poolSize: 1 });
      for (const _round of [1, 2, 3]) {
        expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('error SOURCE_TIMEOUT');
      }
      expect(await lookup.probe()).toMatchObject({ ok: true });
      expect(await subject.sql(runningOf(subject.type))).toEqual([]);
    });

    test('and comes back is asked again without a restart', async () => {
      const lookup = backend();
      expect(brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('allow');
      await subject.sql(cutEverybody(subject.type));
      await expect.poll(async () => brief(await verdict(lookup, 'sha256', clientOf('public')))).toBe('allow');
    });
  });

  test('more clients at a time than there are connections wait, and all are answered', async () => {
    const lookup = backend({ poolSize: 3 });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        verdict(
          lookup,
          'sha256',
          clientOf(index % 2 === 0 ? 'public' : 'wrong', { clientId: `c${String(index)}` }),
        ),
      ),
    );
    expect(answers.map(brief).filter((text) => text === 'allow')).toHaveLength(30);
    expect(lookup.pool()).toMatchObject({ max: 3, waiting: 0 });
    expect(lookup.pool().open).toBeLessThanOrEqual(3);
  });
}

const TABLES = [
  'create table mqtt_user (username varchar(100) unique, password varchar(200), salt varchar(40), is_superuser int)',
  'create table mqtt_acl (id int, allow int, ipaddr varchar(60), username varchar(100), clientid varchar(100), access int, topic varchar(100))',
  `insert into mqtt_user values ('emqx', '${PUBLIC}', null, 0)`,
  "insert into mqtt_user values ('salted', 'f2ef7f9aedb2c3b5040bc16691a1177758a92ad91e1ee77770215a332bf6099f', 'salt', 1)",
  "insert into mqtt_user values ('hash-empty', '', null, 0)",
  "insert into mqtt_user values ('hash-null', null, null, 0)",
  "insert into mqtt_acl values (1, 0, null, '$all', null, 1, 'eq $SYS/#')",
  "insert into mqtt_acl values (2, 1, null, 'emqx', null, 2, 'devices/%c/up')",
  "insert into mqtt_acl values (3, 1, null, 'somebody', null, 3, 'theirs/#')",
  "insert into mqtt_acl values (4, 1, '10.1.2.3', null, null, 3, 'net/#')",
  "insert into mqtt_acl values (5, 1, '10.1.2.3', 'somebody', null, 3, 'theirs/#')",
  "insert into mqtt_acl values (6, 1, null, '$all', null, 1, 'everyone')",
];

/** Statements of the account of the tests that still sleep on the server. */
const runningOf = (type: SqlSubject['type']): string =>
  type === 'mysql'
    ? "select info from information_schema.processlist where user = 'gatehouse' and info like '%sleep%'"
    : "select query from pg_stat_activity where usename = 'gatehouse' and state = 'active' and query like '%sleep%'";

/** Ends every connection of the account of the tests. */
const cutEverybody = (type: SqlSubject['type']): string =>
  type === 'mysql'
    ? 'kill hard connection user gatehouse'
    : "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'gatehouse'";

/** Something else that listens where a database should. */
export async function startStranger(manner: string) {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (manner === 'garbage') socket.write(Buffer.alloc(512, 0x58));
    if (manner === 'close') socket.end();
  });
  const sockets = new Set<{ destroy: () => void }>();
  server.on('connection', (socket) => sockets.add(socket));
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}
