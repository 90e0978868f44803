import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { streamEvent, type StreamEvent } from '@gatehouse/contract';
import type { Headers } from './harness.ts';

/** An open live stream of refused clients. */
export interface Stream {
  readonly response: IncomingMessage;
  /** The next event, parsed by the contract. */
  next(): Promise<StreamEvent>;
  /** Events that have come and have not been asked for. */
  readonly waiting: StreamEvent[];
  readonly ended: Promise<unknown>;
}

/** Opens one; `open` holds its response until the test closes it. */
export const connectStream = async ({
  port,
  query = '',
  headers,
  open,
}: {
  readonly port: number;
  readonly query?: string;
  readonly headers: Headers;
  readonly open: Set<IncomingMessage>;
}): Promise<Stream> => {
  const request = httpGet({ port, path: `/api/v1/unauthorized-clients/stream${query}`, headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  open.add(response);
  const waiting: StreamEvent[] = [];
  const wanted: ((event: StreamEvent) => void)[] = [];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      const event = streamEvent.parse(JSON.parse(data));
      const taker = wanted.shift();
      if (taker === undefined) waiting.push(event);
      else taker(event);
    }
  });
  return {
    response,
    waiting,
    ended: once(response, 'close'),
    next: () =>
      new Promise((resolve) => {
        const event = waiting.shift();
        if (event === undefined) wanted.push(resolve);
        else resolve(event);
      }),
  };
};
