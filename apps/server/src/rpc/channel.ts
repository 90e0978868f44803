import type { MessagePort } from 'node:worker_threads';
import { RpcClosedError, RpcError, toFailure, type Frame } from './frames.ts';

/** Methods that may be called from the other thread: plain functions over data that can be cloned. */
export type Methods<T> = { readonly [M in keyof T]: (...args: never[]) => unknown };
type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;
type Answer<F> = F extends (...args: never[]) => infer R ? Awaited<R> : never;

/** The other thread's methods, as seen from here. */
export interface Rpc<Remote> {
  /** Rejects with `RpcError` (thrown there) or `RpcClosedError`. */
  call<M extends keyof Remote & string>(method: M, ...args: Arguments<Remote[M]>): Promise<Answer<Remote[M]>>;
  /** Sends and forgets; after closing it does nothing. */
  notify<M extends keyof Remote & string>(method: M, ...args: Arguments<Remote[M]>): void;
  /** Sends what is waiting, rejects what is open, closes the port. */
  close(): void;
}

export interface RpcOptions {
  readonly port: MessagePort;
  readonly local: object;
  /** When the frames of a tick are sent; `setImmediate` unless told otherwise (tests). */
  readonly schedule?: (flush: () => void) => void;
  /** A note from the other side could not be carried out: nobody there will hear of it. */
  readonly onNoteFailed?: (method: string, error: unknown) => void;
  /** The other side has closed, or its thread ended. */
  readonly onClosed?: () => void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class Channel {
  readonly #port: MessagePort;
  readonly #local: ReadonlyMap<string, (...args: unknown[]) => unknown>;
  readonly #schedule: (flush: () => void) => void;
  readonly #onNoteFailed: (method: string, error: unknown) => void;
  readonly #onClosed: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #outbox: Frame[] = [];
  #nextId = 1;
  #closed = false;

  constructor(options: RpcOptions) {
    this.#port = options.port;
    this.#local = new Map(Object.entries(options.local) as [string, (...args: unknown[]) => unknown][]);
    this.#schedule = options.schedule ?? ((flush) => void setImmediate(flush));
    this.#onNoteFailed = options.onNoteFailed ?? (() => undefined);
    this.#onClosed = options.onClosed ?? (() => undefined);
    this.#port.on('message', (frames: readonly Frame[]) => {
      for (const frame of frames) this.#receive(frame);
    });
    this.#port.on('close', () => {
      this.#end(true);
    });
  }

  async call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#closed) throw new RpcClosedError();
    const id = this.#nextId++;
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ kind: 'call', id, method, args });
    });
  }

  notify(method: string, args: readonly unknown[]): void {
    if (!this.#closed) this.#send({ kind: 'note', method, args });
  }

  close(): void {
    if (this.#closed) return;
    this.#outbox.push({ kind: 'bye' });
    this.#flush();
    this.#end(false);
    this.#port.close();
  }

  #send(frame: Frame): void {
    this.#outbox.push(frame);
    if (this.#outbox.length === 1) this.#schedule(() => this.#flush());
  }

  #flush(): void {
    const frames = this.#outbox;
    this.#outbox = [];
    if (frames.length === 0 || this.#closed) return;
    try {
      this.#port.postMessage(frames);
    } catch {
      for (const frame of frames) this.#sendAlone(frame);
    }
  }

  /** One frame that cannot be cloned must not take the others of its tick with it. */
  #sendAlone(frame: Frame): void {
    try {
      this.#port.postMessage([frame]);
    } catch (error) {
      if (frame.kind === 'call')
        this.#settle(frame.id, (waiting) => waiting.reject(new RpcError(toFailure(error))));
      if (frame.kind === 'value')
        this.#port.postMessage([
          { kind: 'failure', id: frame.id, failure: toFailure(error) } satisfies Frame,
        ]);
    }
  }

  #receive(frame: Frame): void {
    switch (frame.kind) {
      case 'call':
        void this.#answer(frame.id, frame.method, frame.args);
        return;
      case 'note':
        void this.#run(frame.method, frame.args).catch((error: unknown) =>
          this.#onNoteFailed(frame.method, error),
        );
        return;
      case 'value':
        this.#settle(frame.id, (waiting) => waiting.resolve(frame.value));
        return;
      case 'failure':
        this.#settle(frame.id, (waiting) => waiting.reject(new RpcError(frame.failure)));
        return;
      case 'bye':
        this.#end(true);
        this.#port.close();
    }
  }

  async #run(method: string, args: readonly unknown[]): Promise<unknown> {
    const handler = this.#local.get(method);
    if (!handler) throw new Error(`no such method: ${method}`);
    return await handler(...args);
  }

  async #answer(id: number, method: string, args: readonly unknown[]): Promise<void> {
    const frame = await this.#run(method, args).then(
      (value): Frame => ({ kind: 'value', id, value }),
      (error: unknown): Frame => ({ kind: 'failure', id, failure: toFailure(error) }),
    );
    if (!this.#closed) this.#send(frame);
  }

  #settle(id: number, settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting) settle(waiting);
  }

  #end(byPeer: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const waiting of this.#waiting.values()) waiting.reject(new RpcClosedError());
    this.#waiting.clear();
    if (byPeer) this.#onClosed();
  }
}

/**
 * Typed calls over a message port: `local` answers the other side, `Remote` is what it offers. All frames of one turn
 * of the event loop travel together, in order; errors travel as values.
 *
 * @example const control = createRpc<ControlMethods>({ port, local: dataPlaneMethods });
 *          await control.call('flushAttempts', batch);
 */
export function createRpc<Remote extends Methods<Remote>>(options: RpcOptions): Rpc<Remote> {
  const channel = new Channel(options);
  return {
    // What the other side answers is what its methods say: both sides are built from the same types.
    call: async <M extends keyof Remote & string>(method: M, ...args: Arguments<Remote[M]>) =>
      (await channel.call(method, args)) as Answer<Remote[M]>,
    notify: (method, ...args) => channel.notify(method, args),
    close: () => channel.close(),
  };
}
