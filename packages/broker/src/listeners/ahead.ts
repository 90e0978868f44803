import type { Socket } from 'node:net';
import type { Clock } from '@gatehouse/ports';

/** What the first bytes of a connection were, and how many of them that took; the others are given back. */
export interface Taken<T> {
  readonly value: T;
  readonly usedBytes: number;
}

/** What reading ahead came to. `receivedBytes`: what had come until then. */
export type Ahead<T> =
  | { readonly outcome: 'taken'; readonly value: T }
  | { readonly outcome: 'closed'; readonly receivedBytes: number }
  | { readonly outcome: 'timeout'; readonly receivedBytes: number };

/** How long, by whose clock. */
export interface Deadline {
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/**
 * Reads the start of a connection before whoever comes next takes the socket over. `judge` is asked with all that has
 * come and answers once that is enough; it has to answer within a bound of its own.
 */
export function readAhead<T>(
  socket: Socket,
  judge: (bytes: Buffer) => Taken<T> | undefined,
  { clock, timeoutMs }: Deadline,
): Promise<Ahead<T>> {
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0);
    const settle = (ahead: Ahead<T>): void => {
      cancel();
      socket.off('readable', read);
      socket.off('close', closed);
      resolve(ahead);
    };
    const read = (): void => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const taken = judge(bytes);
      if (taken === undefined) return;
      settle({ outcome: 'taken', value: taken.value });
      if (taken.usedBytes < bytes.length) socket.unshift(bytes.subarray(taken.usedBytes));
    };
    const closed = (): void => {
      settle({ outcome: 'closed', receivedBytes: bytes.length });
    };
    const cancel = clock.after(timeoutMs, () => {
      settle({ outcome: 'timeout', receivedBytes: bytes.length });
    });
    socket.on('readable', read);
    socket.on('close', closed);
  });
}
