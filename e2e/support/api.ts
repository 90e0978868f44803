import type {
  CredentialWithSecretDto,
  UnauthorizedClientDetailDto,
  UnauthorizedClientDto,
  UnauthorizedPage,
} from '@gatehouse/contract';
import type { Server } from './server.ts';
import { until } from './until.ts';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The management API as a script would use it: with the server's API key. */
export class Api {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(`http://127.0.0.1:${String(this.#server.ports.api)}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#server.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: (json ? JSON.parse(text) : text) as T,
    };
  }

  async ok<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call<T>(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  createCredential(body: Record<string, unknown>): Promise<CredentialWithSecretDto> {
    return this.ok('POST', '/credentials', body);
  }

  refused(query: string): Promise<UnauthorizedPage> {
    return this.ok('GET', `/unauthorized-clients?${query}`);
  }

  detail(id: string): Promise<UnauthorizedClientDetailDto> {
    return this.ok('GET', `/unauthorized-clients/${id}`);
  }

  /** The row that a query finds, as soon as it is there. */
  row(
    query: string,
    where: (row: UnauthorizedClientDto) => boolean = () => true,
  ): Promise<UnauthorizedClientDto> {
    return until(`a refused client for ${query}`, async () => (await this.refused(query)).items.find(where));
  }
}
