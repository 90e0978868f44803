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

interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves when the client has written this to standard output. */
  saw(text: string): Promise<void>;
}

function run(command: 'mosquitto_pub' | 'mosquitto_sub', port: number, args: readonly string[]): Running {
  const child = spawn('stdbuf', ['-oL', command, '-h', '127.0.0.1', '-p', String(port), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const { text, resolve } of waiting) if (stdout.includes(text)) resolve();
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  const saw = (text: string) =>
    stdout.includes(text)
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          waiting.push({ text, resolve });
        });
  return { ended, saw };
}

describe.each(['mqttv31', 'mqttv311', 'mqttv5'])("mosquitto's clients over %s", (protocol) => {
  let test_: TestBroker;
  beforeEach(async () => {
    test_ = await startBroker({
      anonymous: 'deny',
      credentials: [{ username: 'pump-7', password: 'right', rules: RULES }],
    });
  });
  afterEach(() => test_.broker.stop());

  const login = ['-u', 'pump-7', '-P', 'right', '-V', protocol];

  test('a wrong password is refused, recorded with its reason and the client told', async () => {
    const client = run('mosquitto_pub', test_.port, [
      ...['-V', protocol, '-i', 'device-1', '-u', 'pump-7', '-P', 'wrong', '-t', 'pumps/7', '-m', 'x'],
    ]);
    const { code, stderr } = await client.ended;
    expect(code).toBe(protocol === 'mqttv5' ? 0x86 : 4);
    expect(stderr).toMatch(/not authori[sz]ed|bad user name or password/i);
    expect(test_.sink.refusals).toEqual([
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
    const subscriber = run('mosquitto_sub', test_.port, [
      ...[...login, '-i', 'sub', '-t', 'pumps/+', '-q', String(qos), '-C', '1', '-F', '%q %t %p', '-d'],
    ]);
    await subscriber.saw('SUBACK');
    const publisher = run('mosquitto_pub', test_.port, [
      ...[...login, '-i', 'pub', '-t', 'pumps/7', '-m', 'on', '-q', String(qos)],
    ]);
    expect((await publisher.ended).code).toBe(0);
    const { stdout } = await subscriber.ended;
    expect(stdout.split('\n').filter((line) => line === `${qos} pumps/7 on`)).toHaveLength(1);
  });

  test('a retained message reaches who subscribes later', async () => {
    const publisher = run('mosquitto_pub', test_.port, [
      ...login,
      '-t',
      'pumps/7',
      '-m',
      'kept',
      '-r',
      '-q',
      '1',
    ]);
    expect((await publisher.ended).code).toBe(0);
    const subscriber = run('mosquitto_sub', test_.port, [
      ...login,
      '-t',
      'pumps/#',
      '-C',
      '1',
      '-F',
      '%r %p',
    ]);
    expect((await subscriber.ended).stdout).toBe('1 kept\n');
  });
});
