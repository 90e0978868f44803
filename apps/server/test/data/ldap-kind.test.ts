import { readFileSync } from 'node:fs';
import type { Attempt } from '@gatehouse/auth-core';
import type { Hashing } from '@gatehouse/hashing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeWith } from '../../../../packages/connectors/test/support/programs.ts';
import { SLAPD, startSlapd, type Slapd } from '../../../../packages/connectors/test/support/slapd.ts';
import {
  clientOf,
  countingBudget,
  startHashing,
} from '../../../../packages/connectors/test/support/world.ts';
import type { AuthenticatorNeeds, RunningAuthenticator } from '../../src/data/authenticators/kind.ts';
import { readAuthenticator } from '../../src/data/authenticators/kinds.ts';
import { noCredentials } from '../support/authenticator-needs.ts';

type Settings = Readonly<Record<string, unknown>> & { readonly type: string };

const page = readFileSync(new URL('../../../../docs/guides/authentication/ldap.md', import.meta.url), 'utf8');

/** A code block of the guide. */
function blockOf(language: string): string {
  const block = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (block === undefined) throw new Error(`the guide has no ${language} block`);
  return block;
}

const config = parse(blockOf('yaml')) as { auth: { authenticators: { directory: Settings } } };
const GUIDE = config.auth.authenticators.directory;

const pump = (password: string | undefined): Attempt =>
  clientOf(password, { username: 'pump-7', clientId: 'pump-7' });

describeWith('slapd', SLAPD, 'the guide of ldap, against a real OpenLDAP', () => {
  let slapd: Slapd;
  let hashing: Hashing;
  const running: RunningAuthenticator[] = [];

  beforeAll(async () => {
    hashing = startHashing();
    slapd = await startSlapd(blockOf('ldif'));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.close()));
  });
  afterAll(async () => {
    await hashing.close();
    await slapd.stop();
  });

  /** The guide's authenticator at the directory of the tests; say what differs. */
  function make(differs: object = {}, budget = countingBudget()): RunningAuthenticator {
    const servers = [`localhost:${String(slapd.port)}`];
    const tls = { enabled: true, ca: slapd.ca };
    const settings: Settings = { ...GUIDE, servers, tls, ...differs };
    const read = readAuthenticator(settings);
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    const needs: AuthenticatorNeeds = {
      ...noCredentials(),
      clock: {
        now: () => Date.now(),
        monotonic: () => performance.now(),
        after: () => () => undefined,
      },
      scram: { crypto: hashing.scram, iterations: 4_096, secret: () => new Uint8Array() },
      verifier: hashing.verifier,
      budget,
      outbound: { allow: [], deny: [] },
      preset: '',
    };
    const made = read.create('directory', needs);
    running.push(made);
    return made;
  }

  test('its configuration admits its client with the topics of the entry, and refuses a wrong password', async () => {
    const { authenticator, probe, pool } = make();
    expect(await authenticator.check(pump('public'))).toMatchObject({
      outcome: 'allow',
      grant: {
        principal: { namespace: 'directory', subject: 'pump-7' },
        superuser: false,
        anonymous: false,
        rules: [
          { permission: 'allow', action: 'publish', topic: 'devices/%u/#' },
          { permission: 'allow', action: 'subscribe', topic: 'news/#' },
        ],
      },
    });
    expect(await authenticator.check(pump('wrong'))).toMatchObject({ reason: 'LDAP_PASSWORD_MISMATCH' });
    expect(await probe?.()).toMatchObject({ ok: true });
    expect(pool?.()).toMatchObject({ open: 1, idle: 1, waiting: 0, max: 16 });
  });

  test('its other ways work too: a login as the client, a name built from the username, LDAPS', async () => {
    for (const differs of [
      { bind_as_user: true },
      { base_dn: 'uid=${username},ou=device,dc=emqx,dc=io', scope: 'base', filter: '' },
      { start_tls: false, servers: [`localhost:${String(slapd.tlsPort)}`] },
      { filter: 'uid=%u' },
    ]) {
      const { authenticator } = make(differs);
      expect(await authenticator.check(pump('public'))).toMatchObject({ outcome: 'allow' });
      expect(await authenticator.check(pump('wrong'))).toMatchObject({ outcome: 'deny' });
    }
  });

  test('a dry run decides alike and spends no guessing budget', async () => {
    const budget = countingBudget();
    const { rehearsal } = make({}, budget);
    expect(await rehearsal.check(pump('wrong'))).toMatchObject({ reason: 'LDAP_PASSWORD_MISMATCH' });
    expect(await rehearsal.check(pump('public'))).toMatchObject({ outcome: 'allow' });
    expect(budget.told).toEqual({ admitted: 0, failed: 0, succeeded: 0, released: 0 });
  });

  test('explain shows the search as it is sent and names what came back, never a stored value', async () => {
    const { explain } = make();
    const detail = await explain?.(pump('public'));
    expect(detail).toEqual({
      base: 'ou=device,dc=emqx,dc=io',
      filter: '(&(objectClass=mqttUser)(uid=pump-7))',
      entries: 1,
      entry: 'uid=pump-7,ou=device,dc=emqx,dc=io',
      attributes: ['userpassword', 'isenabled', 'mqttpublishtopic', 'mqttsubscriptiontopic'],
      passwordSchemes: ['SSHA'],
    });
    const nobody = clientOf('x', { username: 'nobody' });
    expect(await explain?.(nobody)).toMatchObject({ entries: 0 });
    expect(await explain?.(clientOf('x', { username: undefined }))).toEqual({
      problem: 'the client has no username',
    });
    const away = make({ servers: ['127.0.0.1:1'] });
    expect(await away.explain?.(nobody)).toMatchObject({ problem: 'ECONNREFUSED' });
    const byLogin = make({ bind_as_user: true });
    expect(await byLogin.explain?.(pump('public'))).toMatchObject({ passwordCheck: 'login as the entry' });
  });
});

describe('settings that cannot work are refused where they are checked', () => {
  test.each([
    [{ base_dn: 'uid=${user}' }, 'base_dn', '${username}'],
    [{ filter: '(uid=${password})' }, 'filter', '${username}'],
    [{ filter: '' }, 'base_dn', 'every client would have the same entry'],
    [{ filter: '(uid=${username}' }, 'filter', 'RFC 4515'],
    [{ bind_password: '' }, 'bind_dn', 'both, or neither'],
    [{ bind_dn: '' }, 'bind_dn', 'both, or neither'],
    [{ password_attribute: '' }, 'password_attribute', 'bind_as_user: true'],
    [{ password_attribute: 'user password' }, 'password_attribute', 'letters, digits and hyphens'],
    [{ tls: { enabled: false } }, 'start_tls', 'tls.enabled'],
    [{ tls: { enabled: true, ca: '/nowhere' } }, 'tls.ca', 'PEM text'],
    [{ query_timeout_ms: 9_000 }, 'query_timeout_ms', 'less than timeout_ms'],
    [{ servers: ['ldap://host'] }, 'servers.0', 'host or host:port'],
    [{ colour: 'red' }, '', 'colour'],
  ])('%j is refused at %j', (differs, path, accepted) => {
    const settings: Settings = { ...GUIDE, tls: { enabled: true }, ...differs };
    const read = readAuthenticator(settings);
    expect(read).toMatchObject({
      problems: [{ path, accepted: expect.stringContaining(accepted) as string }],
    });
  });

  test('and no problem holds the account’s password', () => {
    const read = readAuthenticator({ ...GUIDE, bind_password: 'backend-secret', scope: 'all' } as Settings);
    expect(JSON.stringify(read)).not.toContain('backend-secret');
  });
});
