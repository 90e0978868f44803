import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cliJson, newDataDir, removeDataDir, startServer, type TestServer } from '../support/server.ts';

/** A server takes a second to start; where many tests share two cores, a good deal more. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** How soon a change must be in force in an open session (auth.md §7). */
const IN_FORCE_MS = 1_000;

let dataDir: string;
let server: TestServer;
beforeAll(async () => {
  dataDir = newDataDir();
  server = await startServer(dataDir);
});
afterAll(async () => {
  await server.end('SIGKILL');
  removeDataDir(dataDir);
});

const edit = (username: string, ...options: readonly string[]) =>
  cliJson(['credentials', 'update', username, ...options], { dataDir });

/** A client of a credential made for it, and whether its first connection was ever lost. */
async function online(
  username: string,
): Promise<{ readonly client: MqttClient; readonly lost: () => boolean }> {
  const { secret } = await cliJson<{ secret: string }>(['credentials', 'add', '--username', username], {
    dataDir,
  });
  const client = await mqtt.connectAsync(
    `mqtt://127.0.0.1:${server.ports.tcp}`,
    { username, password: secret, protocolVersion: 5, reconnectPeriod: 0 },
    false,
  );
  let isLost = false;
  client.on('close', () => (isLost = true));
  return { client, lost: () => isLost };
}

/** The reason code of a publish: 0 or 0x10 when it was let through, 0x87 when not. */
const publish = async (client: MqttClient, topic: string): Promise<number> => {
  try {
    const packet = await client.publishAsync(topic, 'x', { qos: 1 });
    return packet !== undefined && 'reasonCode' in packet ? (packet.reasonCode ?? 0) : 0;
  } catch (error) {
    return error instanceof Error && 'code' in error ? Number(error.code) : -1;
  }
};

describe('the open session of an edited credential', () => {
  test('goes on with another description', async () => {
    const { client, lost } = await online('described');
    await edit('described', '--description', 'the pump in the cellar', '--tags', 'cellar');
    expect(await publish(client, 'any/topic')).toBeLessThan(0x80);
    expect(lost()).toBe(false);
    await client.endAsync(true);
  });

  test('goes on with other rules, which are in force within a second', async () => {
    const { client, lost } = await online('ruled');
    expect(await publish(client, 'before/x')).toBeLessThan(0x80);
    await edit('ruled', '--publish', 'after/#');
    await expect.poll(() => publish(client, 'before/x'), { timeout: IN_FORCE_MS, interval: 20 }).toBe(0x87);
    expect(await publish(client, 'after/x')).toBeLessThan(0x80);
    expect(lost()).toBe(false);
    await client.endAsync(true);
  });

  test('goes on when the secret is rotated and the old one kept', async () => {
    const { client, lost } = await online('rotated');
    await edit('rotated', '--new-secret', '--keep-previous', '600');
    expect(await publish(client, 'any/topic')).toBeLessThan(0x80);
    expect(lost()).toBe(false);
    await client.endAsync(true);
  });

  test.each([
    ['disabled', ['--disable']],
    ['given a new secret', ['--new-secret']],
    ['named otherwise', ['--username', 'somebody-else']],
  ])('ends within a second when it is %s', async (what, options) => {
    const username = `ended-${what.replaceAll(' ', '-')}`;
    const { client, lost } = await online(username);
    await edit(username, ...options);
    await expect.poll(lost, { timeout: IN_FORCE_MS, interval: 20 }).toBe(true);
    await client.endAsync(true);
  });
});
