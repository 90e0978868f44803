import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { mosquittoPub } from '../support/clients.ts';
import { runProgram, startServer, type Server } from '../support/server.ts';

const ACL = `# clients without a username
user pump-1
topic readwrite pumps/1/#
topic deny pumps/1/secret

user pump-2
topic read pumps/#

user by-certificate
topic write certified/state

pattern write devices/%c/state
`;

describe('gatehouse import mosquitto', () => {
  let server: Server;
  let api: Api;
  let folder: string;
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const carry = (...args: readonly string[]) => server.cli(['import', 'mosquitto', '--json', ...args]);
  const publish = async (username: string, password: string, topic: string, clientId = username) =>
    (
      await mosquittoPub(server.ports.tcp, { clientId, username, password }, [
        '-V',
        '5',
        '-q',
        '1',
        '-t',
        topic,
      ])
    ).stderr;

  beforeAll(async () => {
    server = await startServer();
    api = new Api(server);
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-mosquitto-'));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('lets in with the old password whoever mosquitto_passwd wrote, and grants what the ACL grants', async () => {
    const passwords = file('passwords', '');
    for (const [name, password, ...more] of [
      ['pump-1', 'seven grey herons'],
      ['pump-2', 'old-form', '-H', 'sha512'],
      ['pump-3', 'not-in-the-acl'],
    ] as const) {
      const made = await runProgram('mosquitto_passwd', ['-b', ...more, passwords, name, password]);
      expect(made.code).toBe(0);
    }
    const acl = file('acl', ACL);
    const dry = await carry('--dry-run', passwords, acl);
    expect([dry.code, JSON.parse(dry.stdout)]).toMatchObject([
      0,
      { written: false, credentials: { created: 3 }, rules: { created: 2 }, errors: [] },
    ]);
    expect(await publish('pump-1', 'seven grey herons', 'pumps/1/state')).not.toBe('');
    expect((await carry(passwords, acl)).code).toBe(0);
    expect(await publish('pump-1', 'seven grey herons', 'pumps/1/state')).toBe('');
    expect(await publish('pump-1', 'seven grey herons', 'pumps/1/secret')).not.toBe('');
    expect(await publish('pump-2', 'old-form', 'pumps/1/state')).toContain('ot authorized');
    expect(await publish('pump-2', 'old-form', 'devices/pump-2/state')).toBe('');
    expect(await publish('pump-3', 'not-in-the-acl', 'pumps/3')).toContain('ot authorized');
    expect(await publish('pump-1', 'wrong', 'pumps/1/state')).not.toBe('');
    const again = await carry(passwords, acl);
    expect(JSON.parse(again.stdout)).toMatchObject({
      credentials: { created: 0, updated: 0, skipped: 3 },
      rules: { created: 0, skipped: 2 },
    });
    const { items } = await api.ok<{ items: { topics: string[]; who: unknown }[] }>('GET', '/acl-rules');
    expect(items.map(({ who, topics }) => [who, ...topics])).toEqual([
      [{ username: 'by-certificate' }, 'certified/state'],
      ['all', 'devices/%c/state'],
    ]);
  });

  test('tells each line that cannot be carried over, writes nothing then, and the rest with --skip-errors', async () => {
    const passwords = file('mixed', 'plain:hunter2\nlamp:$6$c2FsdA==$c2hvcnQ=\nnobody\n');
    const { stdout } = await runProgram('mosquitto_passwd', ['-b', '-c', file('good', ''), 'lamp-2', 'on']);
    expect(stdout).not.toContain('rror');
    const acl = file('odd-acl', 'topic read public/#\nuser lamp-2\ntopic read %u/#\nfrobnicate\n');
    const refused = await server.cli(['import', 'mosquitto', passwords, join(folder, 'good'), acl]);
    expect(refused.code).toBe(1);
    expect(refused.stdout.split('\n').map((line) => line.replace(folder, ''))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^\/mixed:1: the password is not hashed: run "mosquitto_passwd -U"/),
        expect.stringMatching(/^\/mixed:2: the hash: /),
        '/mixed:3: is not username:hash',
        expect.stringMatching(/^\/odd-acl:1: it is about clients without a username/),
        expect.stringMatching(/^\/odd-acl:3: the topic is no filter/),
        '/odd-acl:4: is none of user, topic, pattern',
        '6 cannot be carried over.',
        expect.stringMatching(/^Nothing is imported/),
      ]),
    );
    expect(`${refused.stdout}${refused.stderr}`).not.toContain('hunter2');
    expect(await publish('lamp-2', 'on', 'x')).not.toBe('');
    const skipped = await carry('--skip-errors', passwords, join(folder, 'good'));
    expect([skipped.code, JSON.parse(skipped.stdout)]).toMatchObject([0, { credentials: { created: 1 } }]);
    expect(await publish('lamp-2', 'on', 'lamps/2')).toBe('');
  });

  test('keys of a psk_file become pre-shared keys, short ones are told', async () => {
    const keys = file('keys', `valve-1:${'0a'.repeat(32)}\nvalve-2:abcd\n`);
    const result = await carry('--skip-errors', keys);
    expect(JSON.parse(result.stdout)).toMatchObject({
      credentials: { created: 1 },
      errors: [{ at: `${keys}:2`, message: expect.stringContaining('16') as string }],
    });
    expect((await carry(keys)).code).toBe(1);
  });
});
