import type { OutboundPolicy } from './outbound.ts';
import { createOutboundClient } from './outbound-client.ts';
import type { SourceTls } from './source-backend.ts';

/** What is asked, as libraries that take a `fetch` of ours ask it. */
export interface OutboundFetchInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The answer is not there; the message carries nothing of the request and is safe to show. */
export class OutboundFetchError extends Error {
  override readonly name = 'OutboundFetchError';
}

export interface OutboundFetchOptions {
  readonly policy: OutboundPolicy;
  readonly tls: SourceTls | undefined;
  /** Milliseconds for one request, connection included. */
  readonly withinMs: number;
  readonly bodyBytesMax: number;
}

/** A `fetch` under the outbound policy, without redirects: a library's requests go where ours may go, and nowhere else. */
export const outboundFetch =
  ({ policy, tls, withinMs, bodyBytesMax }: OutboundFetchOptions) =>
  async (url: string, init: OutboundFetchInit): Promise<Response> => {
    const client = createOutboundClient({
      url,
      policy,
      connectionsMax: 1,
      connectTimeoutMs: withinMs,
      bodyBytesMax,
      tls,
    });
    try {
      const { body } = init;
      const text = body instanceof URLSearchParams ? body.toString() : body;
      const answer = await client.ask(
        {
          method: init.method === 'POST' ? 'POST' : 'GET',
          headers: init.headers,
          ...(typeof text === 'string' ? { body: text } : {}),
        },
        withinMs,
      );
      if (answer.result !== 'answered') throw new OutboundFetchError(answer.problem);
      if (answer.body === undefined)
        throw new OutboundFetchError(`an answer of more than ${bodyBytesMax} bytes`);
      const isEmpty = answer.status === 204 || answer.status === 304;
      return new Response(isEmpty ? null : answer.body, {
        status: answer.status,
        headers: { 'content-type': answer.contentType },
      });
    } finally {
      await client.close();
    }
  };
