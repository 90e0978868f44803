import type { StreamEvent } from '@gatehouse/contract';
import type { UnauthorizedFilter } from '@gatehouse/ports';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authorize, type Context } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { isStillSignedIn } from './authentication.ts';

/** Bytes that may wait for a reader before it counts as congested. */
const PENDING_BYTES_MAX = 262_144;
const RETRY_SECONDS = 10;
/** How long a browser waits before it connects again. */
const RECONNECT_MS = 2_000;

const eventText = (event: StreamEvent): string => `event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;

/**
 * Streams what changes under a filter (server-sent events) until the reader leaves or its session ends. A live stream
 * is no activity: it does not keep an idle session alive.
 */
export const sendEvents = (
  ctx: Context,
  filter: UnauthorizedFilter,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  authorize(ctx, 'unauthorized:read');
  const { raw } = reply;
  const end = (): void => {
    raw.end();
  };
  const unsubscribe = ctx.house.live.subscribe(filter, {
    send: (event) => raw.write(eventText(event)),
    congested: () => raw.writableLength > PENDING_BYTES_MAX,
    recheck: () => {
      void isStillSignedIn(ctx.house, request).then((may) => {
        if (!may) end();
      }, end);
    },
    end,
  });
  if (unsubscribe === undefined)
    throw new ProblemError('too-many-requests', { retryAfterSeconds: RETRY_SECONDS });
  raw.once('close', unsubscribe);
  reply.hijack();
  raw.writeHead(200, { ...headersOf(reply), 'x-accel-buffering': 'no' });
  raw.write(`retry: ${RECONNECT_MS}\n\n`);
  return reply;
};

/** What hooks have set so far; a hijacked reply does not send it by itself. */
const headersOf = (reply: FastifyReply): Record<string, string | number | string[]> =>
  Object.fromEntries(
    Object.entries(reply.getHeaders()).filter(
      (entry): entry is [string, string | number | string[]] => entry[1] !== undefined,
    ),
  );
