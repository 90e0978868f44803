import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import type * as Undici from 'undici';
import type { HttpAnswer } from '@gatehouse/auth-core';
import { driver } from './driver.ts';
import type { OutboundPolicy } from './outbound.ts';
import type { SourceTls } from './source-backend.ts';

const undici = driver('undici') as () => typeof Undici;

export interface OutboundClientOptions {
  /** `http://` or `https://`, with path and query; without username and password. */
  readonly url: string;
  readonly policy: OutboundPolicy;
  /** Connections kept at most. */
  readonly connectionsMax: number;
  readonly connectTimeoutMs: number;
  /** Longest body that is read, bytes. */
  readonly bodyBytesMax: number;
  /** For `https://`. */
  readonly tls: SourceTls | undefined;
}

/** One request to the client's URL. */
interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'HEAD';
  /** Added to the URL's own query; already encoded. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Connections to one URL through the outbound policy; redirects are never followed. */
export interface OutboundClient {
  /** Never rejects; gives up after `withinMs`. */
  ask(request: OutboundRequest, withinMs: number): Promise<HttpAnswer>;
  pool(): { readonly open: number; readonly idle: number; readonly waiting: number; readonly max: number };
  close(): Promise<void>;
}

/** Milliseconds that an idle connection is kept. */
const KEEP_ALIVE_MS = 30_000;
/** Longest head of an answer, bytes. */
const HEAD_BYTES_MAX = 16_384;
/** Times that a request is sent: once more when a connection that was kept turns out to be closed. */
const SENDS_MAX = 2;

/** The connection was refused by our own policy; the message is safe to show. */
class OutboundRefusedError extends Error {
  override readonly name = 'OutboundRefusedError';
}

/** Makes a client; nothing is connected before the first request. */
export function createOutboundClient(options: OutboundClientOptions): OutboundClient {
  const url = new URL(options.url);
  const pool = new (undici().Pool)(url.origin, {
    connections: options.connectionsMax,
    pipelining: 1,
    connect: connectorOf(options, url),
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEAD_BYTES_MAX,
    // The whole answer has one time limit of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    ask: async (request, withinMs) => {
      const signal = AbortSignal.timeout(Math.max(1, Math.ceil(withinMs)));
      const over = endOf(signal);
      for (let sent = 1; ; sent += 1) {
        try {
          return await Promise.race([once(pool, url, request, signal, options.bodyBytesMax), over]);
        } catch (error) {
          if (sent < SENDS_MAX && wasClosed(error) && !signal.aborted) continue;
          return problemOf(error, signal, withinMs, url.host);
        }
      }
    },
    pool: () => {
      const { connected, free, pending, queued } = pool.stats;
      return { open: connected, idle: free, waiting: pending + queued, max: options.connectionsMax };
    },
    close: () => pool.destroy(),
  };
}

/** Rejects when the time is over: undici itself hears of it only once there is a connection. */
function endOf(signal: AbortSignal): Promise<never> {
  const over = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('time is over')), { once: true });
  });
  over.catch(() => undefined);
  return over;
}

/** Judges every single connection, and pins it to the addresses that were judged. */
function connectorOf(
  { policy, connectTimeoutMs, tls }: OutboundClientOptions,
  url: URL,
): Undici.buildConnector.connector {
  const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  const lookup: LookupFunction = (host, { all }, callback) => {
    policy.targets(host, port).then(
      ({ addresses, ...rest }) => {
        const found = (addresses ?? []).map((address) => ({ address, family: isIP(address) }));
        const [first] = found;
        if (first === undefined) {
          callback(new OutboundRefusedError('refused' in rest ? rest.refused : 'no address'), '', 0);
        } else if (all === true) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error('not resolved'), '', 0),
    );
  };
  const connect = undici().buildConnector({
    timeout: connectTimeoutMs,
    lookup,
    ...(tls === undefined ? {} : secureOptions(tls)),
  });
  return (target, callback) => {
    // An address is never looked up, so it is judged here.
    const judged = policy.literal(target.hostname, port);
    if (judged !== undefined && judged.addresses === undefined) {
      callback(new OutboundRefusedError(judged.refused), null);
    } else connect(target, callback);
  };
}

/** The name that the certificate must carry is `servername`, or else the host. */
const secureOptions = ({ ca, cert, key, verify, serverName }: SourceTls) => ({
  rejectUnauthorized: verify,
  ...(ca === undefined ? {} : { ca }),
  ...(cert === undefined ? {} : { cert }),
  ...(key === undefined ? {} : { key: key.reveal() }),
  ...(serverName === undefined ? {} : { servername: serverName }),
});

async function once(
  pool: Undici.Pool,
  url: URL,
  { method, query = '', headers = {}, body }: OutboundRequest,
  signal: AbortSignal,
  bodyBytesMax: number,
): Promise<HttpAnswer> {
  const answer = await pool.request({
    path: url.pathname + joined(url.search, query),
    method,
    headers,
    body: body ?? null,
    signal,
  });
  const contentType = answer.headers['content-type'];
  return {
    result: 'answered',
    status: answer.statusCode,
    contentType: typeof contentType === 'string' ? contentType : '',
    body: await textOf(answer.body, bodyBytesMax),
  };
}

const joined = (search: string, query: string): string => {
  if (query === '') return search;
  return search === '' ? `?${query}` : `${search}&${query}`;
};

/** The body as text; undefined when it is longer than the bound. */
async function textOf(
  body: Undici.Dispatcher.ResponseData['body'],
  bytesMax: number,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const data: Buffer = Buffer.from(chunk as Uint8Array);
    bytes += data.length;
    // Leaving the loop destroys the body, and with it the connection.
    if (bytes > bytesMax) return undefined;
    chunks.push(data);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The other side closed the connection before it said anything. */
const wasClosed = (error: unknown): boolean =>
  ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error));

/** What went wrong, in words that carry nothing of the request; never the error's message, which may. */
function problemOf(
  error: unknown,
  signal: AbortSignal,
  withinMs: number,
  host: string,
): Exclude<HttpAnswer, { result: 'answered' }> {
  if (error instanceof OutboundRefusedError) return { result: 'unreachable', problem: error.message };
  const code = codeOf(error);
  if (error instanceof undici().errors.ConnectTimeoutError) {
    return { result: 'unreachable', problem: `no connection to ${host} in time` };
  }
  if (signal.aborted) return { result: 'timeout', problem: `no answer within ${Math.round(withinMs)} ms` };
  const name = error instanceof Error ? error.name : typeof error;
  if (name === 'HTTPParserError' || error instanceof undici().errors.HeadersOverflowError) {
    return { result: 'garbled', problem: 'the answer is no HTTP' };
  }
  return { result: 'unreachable', problem: `${code === '' ? name : code} at ${host}` };
}
