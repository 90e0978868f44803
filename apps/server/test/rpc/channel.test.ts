import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRpc, type Rpc } from '../../src/rpc/channel.ts';
import { RpcClosedError, RpcError } from '../../src/rpc/frames.ts';

const far = {
  add: (a: number, b: number) => a + b,
  echo: (value: unknown) => Promise.resolve(value),
  note: (value: string) => void heard.push(value),
  never: () => new Promise<void>(() => undefined),
  broken: () => {
    throw Object.assign(new RangeError('too far'), { code: 'FAR' });
  },
  opaque: () => () => 'a function cannot cross',
};
/** One of them is only said to be there. */
type Far = typeof far & { readonly missing: () => void };

let heard: string[] = [];
let near: Rpc<Far>;
let other: Rpc<object>;
let closedByPeer: Promise<void>;
let posts: number;
let failedNotes: (readonly [method: string, message: string])[];

beforeEach(() => {
  heard = [];
  posts = 0;
  const { port1, port2 } = new MessageChannel();
  port2.on('message', () => posts++);
  failedNotes = [];
  other = createRpc<object>({
    port: port2,
    local: far,
    onNoteFailed: (method, error) => failedNotes.push([method, (error as Error).message]),
  });
  closedByPeer = new Promise((resolve) => {
    near = createRpc<Far>({ port: port1, local: {}, onClosed: resolve });
  });
});
afterEach(() => {
  near.close();
  other.close();
});

describe('calls', () => {
  test('answers come back to their own calls, in whatever order', async () => {
    const answers = await Promise.all([
      near.call('add', 1, 2),
      near.call('echo', { deep: [1n, new Uint8Array([7])] }),
      near.call('add', 3, 4),
    ]);
    expect(answers).toEqual([3, { deep: [1n, new Uint8Array([7])] }, 7]);
  });

  test('all calls of one tick travel in one message', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, index) => near.call('add', index, 1)));
    expect(posts).toBe(1);
  });

  test('a note that fails is told on the side where it failed', async () => {
    near.notify('broken');
    await near.call('echo', null);
    expect(failedNotes).toEqual([['broken', 'too far']]);
  });

  test('notes arrive before the answer to a later call', async () => {
    near.notify('note', 'first');
    near.notify('note', 'second');
    await near.call('echo', null);
    expect(heard).toEqual(['first', 'second']);
  });
});

describe('errors', () => {
  test('an error there is an error here, with its name, message and code but no stack of theirs', async () => {
    const error: unknown = await near.call('broken').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({ message: 'too far', remoteName: 'RangeError', code: 'FAR' });
  });

  test('an unknown method is an error, not a hang', async () => {
    await expect(near.call('missing')).rejects.toThrow('no such method: missing');
  });

  test('an answer that cannot be cloned fails alone; the others of its tick arrive', async () => {
    const [opaque, sum] = await Promise.allSettled([near.call('opaque'), near.call('add', 1, 1)]);
    expect(opaque.status).toBe('rejected');
    expect(sum).toEqual({ status: 'fulfilled', value: 2 });
  });

  test('an argument that cannot be cloned fails alone', async () => {
    const [opaque, sum] = await Promise.allSettled([near.call('echo', () => 1), near.call('add', 1, 1)]);
    expect(opaque.status).toBe('rejected');
    expect(sum).toEqual({ status: 'fulfilled', value: 2 });
  });
});

describe('closing', () => {
  test('open and later calls are rejected', async () => {
    const open = near.call('never');
    near.close();
    await expect(open).rejects.toBeInstanceOf(RpcClosedError);
    await expect(near.call('add', 1, 1)).rejects.toBeInstanceOf(RpcClosedError);
  });

  test('what was sent before closing still arrives', async () => {
    const arrived = near.call('echo', 'x');
    near.notify('note', 'last words');
    await arrived;
    near.close();
    expect(heard).toEqual(['last words']);
  });

  test('the other side learns of it', async () => {
    other.close();
    await closedByPeer;
    await expect(near.call('add', 1, 1)).rejects.toBeInstanceOf(RpcClosedError);
  });
});
