import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { guidePage, type GuidePage } from '../support/guide-page.ts';
import { cli, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

/** Milliseconds for what starts a server, also on a busy machine. */
const SERVER_TEST_MS = 120_000;

/** The configuration of a page of the guide, as arguments. */
function settingsOf(page: GuidePage): readonly string[] {
  const { auth } = parse(page.blocks('yaml')[0] ?? '') as { auth: Record<string, unknown> };
  return Object.entries(auth).map(([key, value]) => `auth.${key}=${JSON.stringify(value)}`);
}

interface Device {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
}

/** The CONNACK's code of a real client. */
async function connackCode(port: number, device: Device): Promise<number> {
  const options = { ...device, reconnectPeriod: 0, protocolVersion: 5 } as const;
  try {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, options, false);
    await client.endAsync();
    return 0;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== 'number') throw error;
    return code;
  }
}

describe('the guide to authentication', () => {
  const dataDir = newDataDir();
  let server: TestServer;
  const codeOf = (clientId: string, username?: string, password?: string): Promise<number> =>
    connackCode(server.ports.tcp, {
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });

  beforeAll(async () => {
    server = await startServer(dataDir, settingsOf(guidePage('authentication/README.md')));
    await cli(['credentials', 'add', '--client-id', 'lathe-1', '--password-stdin'], {
      dataDir,
      input: 'of the lathe',
    });
    await cli(['credentials', 'add', '--username', 'vera', '--password-stdin'], {
      dataDir,
      input: 'of vera',
    });
  }, SERVER_TEST_MS);
  afterAll(async () => {
    await server.end('SIGTERM');
    removeDataDir(dataDir);
  });

  test(
    'its chain asks in order, goes on after a mismatch that may be ignored, and ends with the policy',
    async () => {
      expect(await codeOf('lathe-1', 'any', 'of the lathe')).toBe(0);
      expect(await codeOf('lathe-1', 'vera', 'of vera')).toBe(0);
      expect(await codeOf('lathe-1', 'vera', 'wrong')).toBe(0x86);
      expect(await codeOf('lathe-2', 'nobody', 'any')).not.toBe(0);
      expect(await codeOf('lathe-1')).toBe(0x87);
    },
    SERVER_TEST_MS,
  );
});

describe('the guide to the built-in credentials', () => {
  const page = guidePage('authentication/builtin.md');
  const dataDir = newDataDir();
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(dataDir, settingsOf(page));
    for (const line of page.blocks('sh').join('').trim().split('\n')) {
      const [, input, command = ''] = /^(?:echo "(.*?)" \| )?gatehouse (.*)$/.exec(line) ?? [];
      const made = await cli(command.split(' '), { dataDir, ...(input === undefined ? {} : { input }) });
      if (made.code !== 0) throw new Error(`${line}: ${made.stderr}`);
    }
  }, SERVER_TEST_MS);
  afterAll(async () => {
    await server.end('SIGTERM');
    removeDataDir(dataDir);
  });

  test.each(page.table('client ID'))(
    'client ID %s, username %s, password %s: %s',
    async (...cells) => {
      const [clientId = '', username, password] = cells.map(sentBy);
      const reason = /^`(\w+)`/.exec(cells[3] ?? '')?.[1];
      const device: Device = {
        clientId,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
      };
      const code = await connackCode(server.ports.tcp, device);
      expect(code === 0 ? 'in' : 'refused').toBe(reason === undefined ? 'in' : 'refused');
      expect(await reasonOf(device)).toBe(reason ?? null);
    },
    SERVER_TEST_MS,
  );

  /** Why it would be refused; null: it would not. */
  async function reasonOf({ clientId, username, password }: Device): Promise<string | null> {
    const name = username === undefined ? [] : ['--username', username];
    const proof = password === undefined ? [] : ['--password-stdin'];
    const { stdout } = await cli(['try', '--client-id', clientId, ...name, ...proof, '--json'], {
      dataDir,
      ...(password === undefined ? {} : { input: password }),
    });
    return (JSON.parse(stdout) as { reason: string | null }).reason;
  }
});

/** What a cell of the page's table stands for; undefined: nothing is sent. */
function sentBy(cell: string): string | undefined {
  if (cell === 'none') return undefined;
  return cell === 'empty' ? '' : cell.replaceAll('`', '');
}
