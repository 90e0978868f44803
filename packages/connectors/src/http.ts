import type { HttpRequest, HttpService } from '@gatehouse/auth-core';
import { createOutboundClient, type OutboundClientOptions } from './outbound-client.ts';

export interface HttpServiceOptions extends OutboundClientOptions {
  /** Sent with every request; values may be secret. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The service of an `http` authenticator, with what an operator wants to know of it. */
export interface RunningHttpService extends HttpService {
  /** Whether it answers at all, whatever it says: nobody is asked about. */
  probe(
    withinMs: number,
  ): Promise<{ readonly ok: true; readonly ms: number } | { readonly ok: false; readonly problem: string }>;
  pool(): { readonly open: number; readonly idle: number; readonly waiting: number; readonly max: number };
  close(): Promise<void>;
}

/** Makes the service behind one URL. */
export function createHttpService(options: HttpServiceOptions): RunningHttpService {
  const client = createOutboundClient(options);
  return {
    ask: ({ query, body }: HttpRequest, withinMs) =>
      body === undefined
        ? client.ask({ method: 'GET', query, headers: options.headers }, withinMs)
        : client.ask(
            {
              method: 'POST',
              query,
              headers: { ...options.headers, 'content-type': body.contentType },
              body: body.text,
            },
            withinMs,
          ),
    probe: async (withinMs) => {
      const startedAt = performance.now();
      const answer = await client.ask({ method: 'HEAD', headers: options.headers }, withinMs);
      return answer.result === 'answered'
        ? { ok: true, ms: Math.round(performance.now() - startedAt) }
        : { ok: false, problem: answer.problem };
    },
    pool: () => client.pool(),
    close: () => client.close(),
  };
}
