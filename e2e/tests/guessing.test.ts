import { createHash } from 'node:crypto';
import type { DryRunDto, SlowedGuessersDto, StatsDto } from '@gatehouse/contract';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { connectPacket, mqttJs, rawBytes } from '../support/clients.ts';
import { Guide } from '../support/guide.ts';
import { runProgram, startServer, type Server } from '../support/server.ts';

const FLEET = 200;
const BAD_CREDENTIALS = 0x04;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let server: Server;
let api: Api;
beforeAll(async () => {
  server = await startServer();
  api = new Api(server);
});
afterAll(() => server.stop());

const url = (): string => `mqtt://127.0.0.1:${server.ports.tcp}`;
const slowed = () => api.ok<SlowedGuessersDto>('GET', '/guessing');
/** The CONNACK code that one guess gets. */
const guess = async (name: string, password: string): Promise<number> => {
  const packet = connectPacket({ clientId: name, username: name, password });
  return (await rawBytes(server.ports.tcp, packet))[3] ?? -1;
};
/** Guesses until it is paused. */
const guessUntilPaused = async (name: string): Promise<void> => {
  for (let n = 0; n < 12; n += 1) await guess(name, `guess-${n}`);
};
/** The guide's commands, as they stand on the page. */
const runGuide = (name: string) =>
  runProgram('bash', [
    '-euc',
    `API=http://127.0.0.1:${server.ports.api} KEY=${server.apiKey}\n${new Guide(name).example('sh')}`,
  ]);

describe('a fleet behind one address', () => {
  test('is never locked out while one of its devices guesses in a loop', async () => {
    const names = Array.from({ length: FLEET }, (_, n) => `fleet-${n}`);
    const rows = names.map((name) => ({ username: name, password_hash: `sha256:${sha256(`of ${name}`)}` }));
    await api.ok('POST', '/credentials/import', rows);
    const connect = (name: string) =>
      mqttJs(url(), { clientId: name, username: name, password: `of ${name}`, protocolVersion: 4 });
    const [bad = '', ...good] = names;
    await guessUntilPaused(bad);
    expect((await slowed()).items.map(({ kind, identity }) => [kind, identity?.value])).toEqual([
      ['pair', bad],
    ]);
    let guesses = 0;
    const stop = new AbortController();
    const loop = (async () => {
      while (!stop.signal.aborted) await guess(bad, `again-${guesses++}`);
    })();
    const clients: MqttClient[] = [];
    for (const name of good) {
      const { code, client } = await connect(name);
      expect(code).toBe(0);
      clients.push(client);
    }
    stop.abort();
    await loop;
    expect(guesses).toBeGreaterThan(0);
    expect((await slowed()).items.filter(({ kind }) => kind === 'network')).toEqual([]);
    await Promise.all(clients.map((client) => client.endAsync(true)));
  });
});

describe('who is paused', () => {
  test('is told so by name, and is let in with the right password once forgiven, as the guide says', async () => {
    await api.createCredential({ name: 'paused', username: 'paused', password: 'right one 7' });
    await guessUntilPaused('paused');
    expect(await guess('paused', 'right one 7')).toBe(BAD_CREDENTIALS);
    const row = await api.row('clientId=paused', ({ reason }) => reason === 'TOO_MANY_FAILURES');
    const { fixes } = await api.detail(row.id);
    expect(fixes).toContainEqual(expect.objectContaining({ action: 'forgive-failures', available: true }));
    const { code, stdout, stderr } = await runGuide('guessing');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('"value":"paused"');
    expect((await slowed()).items).toEqual([]);
    const device = { clientId: 'paused', username: 'paused', password: 'right one 7' };
    const { code: connack, client } = await mqttJs(url(), device);
    expect(connack).toBe(0);
    await client.endAsync(true);
    const { guessing } = await api.ok<StatsDto>('GET', '/stats');
    expect(guessing.refused).toBeGreaterThan(0);
    expect(guessing.forgiven).toBeGreaterThan(0);
  });

  test('the dry run of the guide to evidence answers', async () => {
    const { code, stdout } = await runGuide('evidence');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as DryRunDto).attempts.admitted).toBeGreaterThan(0);
  });
});
