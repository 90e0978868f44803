import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** One request as it came. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Every header line as it was written, names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

type Handler = (seen: Seen, response: ServerResponse) => void;

/** A real HTTP server on a free port of the loopback address. */
export interface HttpServer {
  readonly port: number;
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Connections that were made to it. */
  connections(): number;
  answerWith(handler: Handler): void;
  close(): Promise<void>;
}

/** Starts one; it answers 200 with an empty body until told otherwise. */
export async function startHttpServer(
  tls?: { readonly key: string; readonly cert: string },
  host = '127.0.0.1',
): Promise<HttpServer> {
  const seen: Seen[] = [];
  let connections = 0;
  let handler: Handler = (_seen, response) => response.end();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void buffer(Readable.from(request)).then((body) => {
      const { method = '', url = '', headers, rawHeaders } = request;
      const one = { method, url, headers, rawHeaders, body };
      seen.push(one);
      handler(one, response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer({ ...tls }, listener);
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    seen,
    connections: () => connections,
    answerWith: (next) => {
      handler = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers a status with a body. */
export const answer =
  (status: number, body = '', headers: Readonly<Record<string, string>> = {}): Handler =>
  (_seen, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

/** A loopback port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await startHttpServer();
  await server.close();
  return server.port;
}
