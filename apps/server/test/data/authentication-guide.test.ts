import { readFileSync } from 'node:fs';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cli, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

/** Milliseconds for what starts a server, also on a busy machine. */
const SERVER_TEST_MS = 120_000;

/** The guide's configuration, as arguments. */
function settingsOfGuide(): readonly string[] {
  const page = readFileSync(
    new URL('../../../../docs/guides/authentication/README.md', import.meta.url),
    'utf8',
  );
  const { auth } = parse(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as {
    auth: Record<string, unknown>;
  };
  return Object.entries(auth).map(([key, value]) => `auth.${key}=${JSON.stringify(value)}`);
}

describe('the guide to authentication', () => {
  const dataDir = newDataDir();
  let server: TestServer;

  const connackCode = async (clientId: string, username?: string, password?: string): Promise<number> => {
    const identity = {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    };
    const options = { clientId, reconnectPeriod: 0, protocolVersion: 5, ...identity } as const;
    try {
      const client = await connectAsync(`mqtt://127.0.0.1:${server.ports.tcp}`, options, false);
      await client.endAsync();
      return 0;
    } catch (error) {
      return (error as { code: number }).code;
    }
  };

  beforeAll(async () => {
    server = await startServer(dataDir, settingsOfGuide());
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
      expect(await connackCode('lathe-1', 'any', 'of the lathe')).toBe(0);
      expect(await connackCode('lathe-1', 'vera', 'of vera')).toBe(0);
      expect(await connackCode('lathe-1', 'vera', 'wrong')).toBe(0x86);
      expect(await connackCode('lathe-2', 'nobody', 'any')).not.toBe(0);
      expect(await connackCode('lathe-1')).toBe(0x87);
    },
    SERVER_TEST_MS,
  );
});
