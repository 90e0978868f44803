import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { type BrokerOptions, createBroker, type ListenerConfig, systemClock } from '../../src/index.ts';
import type { TlsSettings } from '../../src/index.ts';
import { RecordingSink, testChain } from '../support/broker.ts';
import { makeCertificate } from './certificates.ts';

export const certificate = makeCertificate();
export const TLS: TlsSettings = {
  certificate,
  minVersion: 'TLSv1.2',
  ciphers: '',
  handshakeTimeoutMs: 10_000,
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A broker with one listener that lets everybody in. The caller stops it. */
export async function startListener(
  listener: Pick<ListenerConfig, 'transport'> & Partial<ListenerConfig>,
  options: Partial<BrokerOptions> = {},
) {
  const { clock = systemClock } = options;
  const sink = new RecordingSink();
  const attempts: Parameters<ReturnType<typeof testChain>['decide']>[0][] = [];
  const chain = testChain([], 'allow', clock);
  const broker = createBroker({
    listeners: [{ name: 'it', host: '127.0.0.1', port: 0, chain: 'default', ...listener }],
    chains: () => ({
      decide: (attempt) => {
        attempts.push(attempt);
        return chain.decide(attempt);
      },
    }),
    attempts: sink,
    clock,
    log: silent,
    node: 'test',
    load: () => 0,
    ...options,
  });
  await broker.start();
  return { broker, sink, attempts, port: broker.listeners()[0]?.port ?? 0 };
}

export type RunningListener = Awaited<ReturnType<typeof startListener>>;

/** A plain socket to the listener. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the other end has closed, with or without a reset. */
export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.resume().once('close', () => {
      resolve();
    });
  });

/** Runs a program to its end. */
export async function runProgram(
  command: string,
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}
