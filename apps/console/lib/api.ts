import type { Problem } from '@gatehouse/contract';
import { isIdle } from './activity';
import { UNREACHABLE } from './unreachable';

/** Base of every call; the console's own server passes it on. */
const BASE = '/api/v1';

type QueryValue = string | number | boolean | readonly string[] | null | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

/** A failed call: the API's problem, or one made here when no answer came (status 0). */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.name = 'ApiError';
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }
}

const PAGE_PROBLEM: Problem = {
  type: 'about:blank',
  title: 'Something went wrong in the page',
  status: 0,
  code: 'page-error',
  requestId: '',
};

/** The problem of any error: an API's own, or one made up for what never reached the API. */
export const problemOf = (error: unknown): Problem =>
  error instanceof ApiError ? error.problem : PAGE_PROBLEM;

/** What a problem says of single fields, by their path. */
export const fieldErrors =
  (problem: Problem | null) =>
  (path: string): string | undefined =>
    problem?.errors?.find((one) => one.path === path)?.message;

/** The URL of a call; empty and absent values are left out, lists are joined with commas. */
export function apiUrl(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    const text = typeof value === 'object' ? value.join(',') : String(value);
    if (text !== '') params.append(name, text);
  }
  const search = params.toString();
  return `${BASE}${path}${search === '' ? '' : `?${search}`}`;
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && 'status' in value && 'title' in value;

/** Turns an answer into its value, or throws the ApiError it stands for. Shared by browser and server. */
export async function readAnswer<T>(response: Response): Promise<T> {
  const requestId = response.headers.get('x-request-id') ?? '';
  if (response.status === 204) return undefined as T;
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  throw new ApiError(
    isProblem(body)
      ? body
      : {
          type: 'about:blank',
          title: response.statusText,
          status: response.status,
          code: 'unknown',
          requestId,
        },
  );
}

let csrfToken: string | null = null;

/** Told by the session provider; sent with every write. */
export const setCsrfToken = (token: string | null): void => {
  csrfToken = token;
};

interface TextBody {
  readonly type: 'text/csv' | 'application/json';
  readonly text: string;
}

interface CallOptions {
  readonly query?: Query;
  readonly body?: unknown;
  /** A body that is text already. */
  readonly text?: TextBody;
  readonly signal?: AbortSignal;
  /** `If-Match`, for changes that must not overwrite somebody else's. */
  readonly version?: number;
}

const bodyOf = ({ body, text }: CallOptions): TextBody | undefined =>
  text ?? (body === undefined ? undefined : { type: 'application/json', text: JSON.stringify(body) });

/** Sends a call, and sends it again where the API asked something of the person first and was answered. */
async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  try {
    return await send<T>(method, path, options);
  } catch (error) {
    // Loaded when something is refused: no page waits for it.
    const after = await import('./after-refusal').catch(() => null);
    if (after === null || !(error instanceof ApiError)) throw error;
    if (await after.mayGoOn(error.problem)) return send<T>(method, path, options);
    throw new ApiError(await after.problemInPageLanguage(error.problem));
  }
}

async function send<T>(method: string, path: string, options: CallOptions): Promise<T> {
  const headers = new Headers({ accept: 'application/json' });
  if (method !== 'GET' && csrfToken !== null) headers.set('x-csrf-token', csrfToken);
  if (isIdle()) headers.set('x-gatehouse-idle', '1');
  const body = bodyOf(options);
  if (body !== undefined) headers.set('content-type', body.type);
  if (options.version !== undefined) headers.set('if-match', `"${options.version}"`);
  const init: RequestInit = {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: body.text }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const response = await fetch(apiUrl(path, options.query), init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(UNREACHABLE);
  });
  return readAnswer<T>(response);
}

/** The API's verbs. `T` is the contract's type of the answer, which the API checks before it sends it. */
export const api = {
  get: <T>(path: string, options?: CallOptions) => call<T>('GET', path, options),
  post: <T>(path: string, body?: unknown, options?: CallOptions) =>
    call<T>('POST', path, { ...options, body }),
  postText: <T>(path: string, text: TextBody, options?: CallOptions) =>
    call<T>('POST', path, { ...options, text }),
  patch: <T>(path: string, body: unknown, options?: CallOptions) =>
    call<T>('PATCH', path, { ...options, body }),
  put: <T>(path: string, body: unknown, options?: CallOptions) => call<T>('PUT', path, { ...options, body }),
  delete: <T>(path: string, options?: CallOptions) => call<T>('DELETE', path, options),
} as const;
