import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mosquittoPub } from '../support/clients.ts';
import { startServer, type Server } from '../support/server.ts';

const PAGE = readFileSync(new URL('../../docs/guides/migrate.md', import.meta.url), 'utf8');
/** The files of the guide by the name behind their language, and its commands. */
const FILES = [...PAGE.matchAll(/^```(?:text|json) (\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, name = '', text = '']) => [name, text] as const,
);
const COMMANDS = [...PAGE.matchAll(/^npx gatehouse (import .*)$/gm)].map(([, words = '']) =>
  words.split(' '),
);

let server: Server;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-migrate-'));
  for (const [name, text] of FILES) writeFileSync(join(folder, name), text);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the commands of the guide carry over its files, and their clients get in with the old passwords', async () => {
  const names = new Set(FILES.map(([name]) => name));
  expect(COMMANDS).toHaveLength(4);
  for (const words of COMMANDS) {
    const args = words.map((word) => (names.has(word) ? join(folder, word) : word));
    expect(await server.cli(args)).toMatchObject({ code: 0, stderr: '' });
  }
  const publish = async (username: string, password: string, topic: string): Promise<boolean> => {
    const device = { clientId: username, username, password };
    const { stderr } = await mosquittoPub(server.ports.tcp, device, ['-V', '5', '-q', '1', '-t', topic]);
    return stderr === '';
  };
  expect(await publish('pump-7', 'seven grey herons', 'pumps/7/state')).toBe(true);
  expect(await publish('pump-7', 'seven grey herons', 'pumps/7/secret')).toBe(false);
  expect(await publish('emqx_u', 'public', 'state')).toBe(true);
  expect(await publish('emqx_u', 'public', 'secret/1')).toBe(false);
  expect(await publish('emqx_u', 'public', 'forbidden/1')).toBe(false);
  const banned = { clientId: 'noisy', username: 'emqx_u', password: 'public' };
  const { stderr } = await mosquittoPub(server.ports.tcp, banned, ['-V', '5', '-q', '1', '-t', 'state']);
  expect(stderr).not.toBe('');
  expect(await publish('gateway', 'public', 'state')).toBe(true);
  expect(await publish('gateway', 'secret', 'state')).toBe(false);
});
