import { MessageChannel, Worker } from 'node:worker_threads';
import { once } from 'node:events';
import type { ControlPlane } from '@gatehouse/ports';
import type { DeclaredIn } from './declared-auth.ts';
import { createRpc, type Rpc } from '../rpc/channel.ts';
import type { DataDir } from '../runtime/data-dir.ts';
import { Failure } from '../runtime/failure.ts';
import type { ControlMethods, ControlStart, ControlWorkerData, DataMethods } from './messages.ts';

/** The thread runs built code, also when this module is loaded from its source by the tests. */
const WORKER = new URL('../../dist/control/worker.js', import.meta.url);

export interface ControlThreadOptions {
  readonly declared: DeclaredIn;
  readonly logFormat: 'json' | 'text';
  readonly dir: DataDir;
  /** A change that the thread told could not be put in force here. */
  readonly onNoteFailed: (method: string, error: unknown) => void;
  /** The thread ended by itself, or threw. */
  readonly onFatal: (error: Error) => void;
}

/** The control plane's thread, as the main thread sees it. */
export interface ControlThread {
  readonly plane: ControlPlane;
  /** Opens store, API and control socket; throws `Failure` in words when something is in the way. */
  start(dataPlane: DataMethods): Promise<Extract<ControlStart, { readonly ok: true }>>;
  portsKnown(ports: Readonly<Record<string, number>>): void;
  /** Resolves when the store is closed and the thread has ended. */
  stop(): Promise<void>;
}

/** Milliseconds that the thread may take to close its store. */
const STOP_MS_MAX = 10_000;

/** Starts the thread; its `start` opens what it owns. */
export async function startControl(options: ControlThreadOptions): Promise<ControlThread> {
  const { port1, port2 } = new MessageChannel();
  const data: ControlWorkerData = {
    declared: options.declared,
    logFormat: options.logFormat,
    dir: options.dir,
    port: port2,
  };
  const worker = new Worker(WORKER, { workerData: data, transferList: [port2], name: 'control' });
  let stopping = false;
  worker.on('error', (error) =>
    options.onFatal(new Error(`the control plane failed: ${error.message}`, { cause: error })),
  );
  worker.on('exit', (code) => {
    if (!stopping) options.onFatal(new Error(`the control plane ended (${code})`));
  });
  await once(worker, 'online');
  let rpc: Rpc<ControlMethods> | undefined;
  const remote = (): Rpc<ControlMethods> => {
    if (rpc === undefined) throw new Error('the control plane is not started');
    return rpc;
  };
  return {
    plane: {
      lookupCredentials: (queries) => remote().call('lookupCredentials', queries),
      lookupTyped: (queries) => remote().call('lookupTyped', queries),
      flushAttempts: (batch) => remote().call('flushAttempts', batch),
      countBlockHits: (hits) => remote().call('countBlockHits', hits),
      flushDenials: (batch) => remote().call('flushDenials', batch),
      tellFailures: (failures) => remote().call('tellFailures', failures),
      rehashed: (update) => remote().notify('rehashed', update),
    },
    start: async (dataPlane) => {
      rpc = createRpc<ControlMethods>({
        port: port1,
        local: dataPlane,
        onNoteFailed: options.onNoteFailed,
      });
      const started = await rpc.call('start');
      if (!started.ok) throw new Failure(started.message);
      return started;
    },
    portsKnown: (ports) => remote().notify('portsKnown', ports),
    stop: async () => {
      stopping = true;
      const ended = once(worker, 'exit');
      const timer = setTimeout(() => void worker.terminate(), STOP_MS_MAX);
      if (rpc === undefined) await worker.terminate();
      else await rpc.call('stop').catch(() => worker.terminate());
      await ended;
      clearTimeout(timer);
    },
  };
}
