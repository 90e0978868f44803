import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBroker, type TestBroker } from './support/broker.ts';

const RULES = [
  { permission: 'allow', action: 'all', topic: 'pumps/#' },
  { permission: 'allow', action: 'subscribe', topic: '%c/inbox' },
] as const;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  command: 'mosquitto_pub' | 'mosquitto_sub',
  port: number,
  args: readonly string[],
): Promise<Ended> {
  const child = spawn(command, ['-h', '127.0.0.1', '-p', String(port), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const words = (text: string): string[] => text.split(' ');

describe.each(['mqttv31', 'mqttv311', 'mqttv5'])("mosquitto's clients over %s", (protocol) => {
  let running: TestBroker;
  beforeEach(async () => {
    running = await startBroker({
      anonymous: 'deny',
      credentials: [{ username: 'pump-7', password: 'right', rules: RULES }],
    });
  });
  afterEach(() => running.broker.stop());

  const login = words(`-u pump-7 -P right -V ${protocol}`);

  test('a wrong password is refused, recorded with its reason and the client told', async () => {
    const { code, stderr } = await run('mosquitto_pub', running.port, [
      ...words(`-V ${protocol} -i device-1 -u pump-7 -P wrong -t pumps/7 -m x`),
    ]);
    expect(code).toBe(protocol === 'mqttv5' ? 0x86 : 4);
    expect(stderr).toMatch(/not authori[sz]ed|bad user name or password/i);
    expect(running.sink.refusals).toEqual([
      expect.objectContaining({
        reason: 'BASIC_PASSWORD_MISMATCH',
        clientId: 'device-1',
        username: 'pump-7',
        passwordProvided: true,
        listener: 'tcp',
        ip: '127.0.0.1',
        tlsUsed: false,
      }),
    ]);
  });

  test.each([0, 1, 2])('a message published at QoS %i arrives once', async (qos) => {
    const format = '%q %t %p';
    const subscriber = run('mosquitto_sub', running.port, [
      ...login,
      ...words(`-i sub -t pumps/+ -C 1 -q ${qos} -F`),
      format,
    ]);
    await expect.poll(() => running.broker.stats().subscriptions).toBe(1);
    const publisher = await run('mosquitto_pub', running.port, [
      ...login,
      ...words(`-i pub -t pumps/7 -m on -q ${qos}`),
    ]);
    expect(publisher.code).toBe(0);
    const { stdout } = await subscriber;
    expect(stdout.split('\n').filter((line) => line === `${qos} pumps/7 on`)).toHaveLength(1);
  });

  test('a retained message reaches who subscribes later', async () => {
    const publish = words('-t pumps/7 -m kept -r -q 1');
    expect((await run('mosquitto_pub', running.port, [...login, ...publish])).code).toBe(0);
    const subscribe = [...words('-t pumps/# -C 1 -F'), '%r %p'];
    expect((await run('mosquitto_sub', running.port, [...login, ...subscribe])).stdout).toBe('1 kept\n');
  });
});
