import { readFileSync } from 'node:fs';
import { Secret, type Attempt, type SafeDetail, type Verdict } from '@gatehouse/auth-core';
import { createHashing, type Hashing } from '@gatehouse/hashing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { MARIADB, startMariaDb } from '../../../../packages/connectors/test/support/mariadb.ts';
import {
  startMongoWire,
  type MongoWireOptions,
} from '../../../../packages/connectors/test/support/mongo-wire.ts';
import { POSTGRES, startPostgres } from '../../../../packages/connectors/test/support/postgres.ts';
import { describeWith } from '../../../../packages/connectors/test/support/programs.ts';
import { REDIS, startRedis } from '../../../../packages/connectors/test/support/redis-servers.ts';
import { clientOf, countingBudget } from '../../../../packages/connectors/test/support/world.ts';
import type { AuthenticatorNeeds, RunningAuthenticator } from '../../src/data/authenticators/kind.ts';
import { readAuthenticator } from '../../src/data/authenticators/kinds.ts';
import { noCredentials } from '../support/authenticator-needs.ts';

type Settings = Readonly<Record<string, unknown>> & { readonly type: string };

/** A code block of a guide. */
function blockOf(type: string, language: string): string {
  const page = readFileSync(
    new URL(`../../../../docs/guides/authentication/${type}.md`, import.meta.url),
    'utf8',
  );
  const block = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (block === undefined) throw new Error(`the guide ${type} has no ${language} block`);
  return block;
}

/** The authenticator of a guide's configuration, with another address and what else differs. */
function settingsOf(type: string, differs: Readonly<Record<string, unknown>>): Settings {
  const config = parse(blockOf(type, 'yaml')) as { auth: { authenticators: { devices: Settings } } };
  return { ...config.auth.authenticators.devices, ...differs };
}

let hashing: Hashing;
const running: RunningAuthenticator[] = [];
const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

beforeAll(() => {
  hashing = createHashing({ clock });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});
afterAll(() => hashing.close());

function make(settings: Settings, budget = countingBudget()): RunningAuthenticator {
  const read = readAuthenticator(settings);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const needs: AuthenticatorNeeds = {
    ...noCredentials(),
    clock,
    scram: { crypto: hashing.scram, iterations: 4_096, secret: () => new Uint8Array() },
    verifier: hashing.verifier,
    budget,
    outbound: { allow: [], deny: [] },
    preset: '',
  };
  const made = read.create('devices', needs);
  running.push(made);
  return made;
}

const pump = (password: string | undefined): Attempt =>
  clientOf(password, { username: 'pump-7', clientId: 'pump-7' });

const explained = async (one: RunningAuthenticator, attempt: Attempt): Promise<SafeDetail> =>
  (await one.explain?.(attempt)) ?? {};

/** What each guide promises; `at` says where the backend is. */
function guideSuite(
  type: string,
  open: () => Promise<{ readonly at: object; readonly stop: () => Promise<void> }>,
): void {
  let at: object = {};
  let stop: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    ({ at, stop } = await open());
  });
  afterAll(() => stop());
  const guide = (differs: object = {}): Settings => settingsOf(type, { ...at, ...differs });

  test('the guide’s configuration admits its client with the rules of the backend, and refuses a wrong password', async () => {
    const { authenticator, probe, pool } = make(guide());
    const admitted: Verdict = await authenticator.check(pump('public'));
    expect(admitted).toMatchObject({
      outcome: 'allow',
      grant: {
        principal: { namespace: 'devices', subject: 'pump-7' },
        superuser: false,
        anonymous: false,
        rules: [
          { permission: 'allow', action: 'publish', topic: 'devices/%u/#' },
          { permission: 'allow', action: 'subscribe', topic: 'news/#' },
        ],
      },
    });
    expect(await authenticator.check(pump('wrong'))).toMatchObject({ reason: 'SOURCE_PASSWORD_MISMATCH' });
    expect(await probe?.()).toMatchObject({ ok: true });
    expect(pool?.()).toMatchObject({ max: 8, waiting: 0 });
  });

  test('a dry run decides alike and spends no guessing budget', async () => {
    const budget = countingBudget();
    const { rehearsal } = make(guide(), budget);
    expect(await rehearsal.check(pump('wrong'))).toMatchObject({ reason: 'SOURCE_PASSWORD_MISMATCH' });
    expect(await rehearsal.check(pump('public'))).toMatchObject({ outcome: 'allow' });
    expect(budget.told).toEqual({ admitted: 0, failed: 0, succeeded: 0, released: 0 });
  });

  test('explain names the hash rule that would have matched, and shows no value', async () => {
    const wrongRule = make(guide({ password_hash: 'sha256,salt' }));
    const detail = await explained(wrongRule, pump('public'));
    expect(detail).toMatchObject({
      found: 'a record',
      hashRule: 'sha256,salt',
      stored: '64 hexadecimal digits',
      salt: 'present',
      password: 'mismatch',
      rulesThatMatch: ['salt,sha256'],
    });
    expect(JSON.stringify(detail)).not.toContain('f2ef7f9a');
    const right = make(guide());
    expect(await explained(right, pump('public'))).toMatchObject({ password: 'matches' });
    expect(await explained(right, pump('wrong'))).toMatchObject({ password: 'mismatch', rulesThatMatch: [] });
    expect(await explained(right, pump(undefined))).toMatchObject({ password: 'none was given' });
    expect(await explained(right, clientOf('x', { username: 'nobody' }))).toMatchObject({
      found: 'no record',
    });
  });
}

describeWith('MariaDB (mariadb-server)', MARIADB, 'the guide of mysql, against a real MariaDB', () => {
  guideSuite('mysql', async () => {
    const { port, admin, stop } = await startMariaDb();
    await admin.query(blockOf('mysql', 'sql'));
    return { at: { server: `127.0.0.1:${String(port)}` }, stop };
  });
});

describeWith('PostgreSQL (postgresql)', POSTGRES, 'the guide of postgresql, against a real server', () => {
  guideSuite('postgresql', async () => {
    const { port, admin, stop } = await startPostgres();
    await admin.query(blockOf('postgresql', 'sql'));
    return { at: { server: `127.0.0.1:${String(port)}` }, stop };
  });
});

describeWith('Redis (redis-server)', REDIS, 'the guide of redis, against a real server', () => {
  guideSuite('redis', async () => {
    const { port, admin, stop } = await startRedis();
    await admin.call('ACL', 'DELUSER', 'gatehouse');
    for (const line of blockOf('redis', 'redis').trim().split('\n')) {
      const [name = '', ...words] = line.split(' ');
      await admin.call(name, ...words);
    }
    return { at: { servers: [`127.0.0.1:${String(port)}`] }, stop };
  });
});

describe('the guide of mongodb, against the wire server of the tests', () => {
  guideSuite('mongodb', async () => {
    const documents = JSON.parse(blockOf('mongodb', 'json')) as MongoWireOptions['documents'];
    const account = { username: 'gatehouse', password: 'backend-secret' };
    const { port, close } = await startMongoWire({ documents, account });
    return { at: { servers: [`127.0.0.1:${String(port)}`] }, stop: close };
  });
});

describe('settings are refused where they are checked, by their path and in words', () => {
  test.each([
    ['mysql', { query: "select password from t where u = '%u-x'" }, 'query', 'the placeholder alone'],
    ['mysql', { query: 'select password from t where u = ?' }, 'query', 'bound parameters'],
    ['mysql', { super_query: "select 1 where u = 'x" }, 'super_query', 'a statement in SQL'],
    ['postgresql', { acl_query: 'select $1' }, 'acl_query', 'bound parameters'],
    ['postgresql', { query: 'select password from t where u = $$x%u$$' }, 'query', 'the placeholder alone'],
    ['redis', { command: 'DEL mqtt_user:%u' }, 'command', 'HGET key field'],
    ['redis', { acl_command: 'KEYS *' }, 'acl_command', 'HGETALL key'],
    ['redis', { mode: 'sentinel' }, 'sentinel', 'the name of the master'],
    ['redis', { mode: 'cluster', database: 3 }, 'database', 'one database'],
    ['mongodb', { selector: 'username=x%u' }, 'selector', 'the placeholder alone'],
    ['mongodb', { mode: 'rs' }, 'replica_set', 'the name of the replica set'],
    ['mongodb', { password_field: '$where' }, 'password_field', 'the name of a field'],
    ['mysql', { password_hash: 'sha3' }, 'password_hash', 'the algorithm is one of'],
    ['mysql', { query_timeout_ms: 9_000 }, 'query_timeout_ms', 'less than timeout_ms'],
    ['mysql', { server: 'a host' }, 'server', 'host or host:port'],
    ['mysql', { tls: { enabled: true, ca: '/nowhere' }, server: 'db.example' }, 'tls.ca', 'PEM text'],
    ['mysql', { tls: { enabled: true }, server: '10.0.0.1' }, 'tls.server_name', 'the name that the server'],
    ['mysql', { colour: 'red' }, '', 'colour'],
  ])('%s with %j is refused at %j', (type, differs, path, accepted) => {
    const read = readAuthenticator({ type, ...differs });
    expect(read).toMatchObject({
      problems: [{ path, accepted: expect.stringContaining(accepted) as string }],
    });
  });

  test('an account’s password is typed as a secret and in no problem', () => {
    const read = readAuthenticator({ type: 'mysql', password: 'backend-secret', pool_size: 0 } as Settings);
    expect(JSON.stringify(read)).not.toContain('backend-secret');
    expect(String(new Secret('backend-secret'))).toBe('[secret]');
  });
});
