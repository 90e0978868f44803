import { problem, type Endpoint } from '@gatehouse/contract';
import type { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';

/** A request to the API, over whatever carries it. */
export interface ApiRequest {
  readonly method: Endpoint['method'];
  /** With its query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

interface ApiAnswer {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Carries requests to the API as the person at this machine's command line. */
export interface ApiTransport {
  send(request: ApiRequest): Promise<ApiAnswer>;
  close(): Promise<void>;
}

/** A problem that the API answered; `code` is the problem's, or undefined when the answer was none of ours. */
export class ApiFailure extends Failure {
  readonly code: string | undefined;
  constructor(message: string, exitCode: number, code: string | undefined) {
    super(message, exitCode);
    this.code = code;
  }
}

type QueryValue = string | number | boolean | undefined;

/** What a call takes; which parts, its endpoint says. */
interface CallInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  /** A body that is not JSON, with its media type. */
  readonly raw?: { readonly text: string; readonly contentType: string };
}

type Answered<E extends Endpoint> = E extends { readonly response: infer R extends z.ZodType }
  ? z.output<R>
  : undefined;

/** Typed calls over a transport: each endpoint's own schema reads its answer. */
export interface ApiClient {
  /** Throws `Failure` with the problem in words when the answer is not a good one. */
  call<E extends Endpoint>(endpoint: E, input?: CallInput): Promise<Answered<E>>;
  /** The body as it comes, for exports. */
  stream(endpoint: Endpoint, input?: CallInput): Promise<AsyncIterable<Uint8Array>>;
}

function pathOf(endpoint: Endpoint, input: CallInput): string {
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(input.params?.[name] ?? ''),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {}))
    if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A problem in words: what, why, and which fields. */
function failureOf(status: number, text: string): ApiFailure {
  const parsed = problem.safeParse(parseJson(text));
  if (!parsed.success) return new ApiFailure(`The server answered ${status}.`, EXIT.failed, undefined);
  const { title, detail, code, errors } = parsed.data;
  const fields = (errors ?? []).map((error) => `  ${error.path}: ${error.message}`);
  const wrongUsage = code === 'invalid-input' || code === 'invalid-cursor';
  const message = [detail === undefined ? `${title}.` : `${title}: ${detail}`, ...fields].join('\n');
  return new ApiFailure(message, wrongUsage ? EXIT.usage : EXIT.failed, code);
}

export function createApiClient(transport: ApiTransport): ApiClient {
  const send = async (endpoint: Endpoint, input: CallInput): Promise<AsyncIterable<Uint8Array>> => {
    const payload =
      input.raw === undefined
        ? input.body === undefined
          ? {}
          : { body: JSON.stringify(input.body), contentType: 'application/json' }
        : { body: input.raw.text, contentType: input.raw.contentType };
    const answer = await transport.send({
      method: endpoint.method,
      path: pathOf(endpoint, input),
      ...payload,
    });
    if (answer.status >= 400) throw failureOf(answer.status, await textOf(answer.body));
    return answer.body;
  };
  return {
    call: async (endpoint, input = {}) => {
      const text = await textOf(await send(endpoint, input));
      return endpoint.response?.parse(text === '' ? undefined : parseJson(text)) as Answered<typeof endpoint>;
    },
    stream: (endpoint, input = {}) => send(endpoint, input),
  };
}
