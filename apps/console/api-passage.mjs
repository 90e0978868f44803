/**
 * The way of `/api/*` to the management API: requests and answers pass as streams, server-sent events included.
 */
import http from 'node:http';
import https from 'node:https';

/** Headers that belong to one hop and are never passed on (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const endToEnd = (headers) => {
  const named = String(headers.connection ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.includes(name)),
  );
};

const unreachable = (response) => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const requestId = crypto.randomUUID();
  response.writeHead(502, { 'content-type': 'application/problem+json', 'x-request-id': requestId });
  response.end(
    JSON.stringify({
      type: 'about:blank',
      title: 'The management API cannot be reached',
      status: 502,
      code: 'api-unreachable',
      requestId,
    }),
  );
};

/** Requests without a body that change nothing, and may be sent again (RFC 9110 §9.2.2). */
const isRepeatable = ({ method, headers }) =>
  (method === 'GET' || method === 'HEAD') &&
  headers['content-length'] === undefined &&
  headers['transfer-encoding'] === undefined;

const agentOptions = { keepAlive: true, maxSockets: 256 };

/**
 * @param {URL} apiUrl
 * @param {(request: http.IncomingMessage) => Record<string, string>} forwardedHeaders what tells the API whose request it is
 */
export function openApiPassage(apiUrl, forwardedHeaders) {
  const upstream =
    apiUrl.protocol === 'https:'
      ? { request: https.request, agent: new https.Agent({ ...agentOptions, rejectUnauthorized: false }) }
      : { request: http.request, agent: new http.Agent(agentOptions) };
  const { protocol, hostname, port } = apiUrl;

  const send = (request, response, agent) => {
    const outgoing = upstream.request(
      {
        agent,
        protocol,
        hostname,
        port,
        method: request.method,
        path: request.url,
        headers: { ...endToEnd(request.headers), ...forwardedHeaders(request) },
      },
      (incoming) => {
        response.writeHead(incoming.statusCode ?? 502, endToEnd(incoming.headers));
        // An event stream must show its first byte before its first event.
        response.flushHeaders();
        incoming.on('error', () => response.destroy());
        incoming.pipe(response);
      },
    );
    const cancel = () => outgoing.destroy();
    response.once('close', cancel);
    outgoing.on('error', ({ code }) => {
      response.off('close', cancel);
      // The API closed an idle connection while the request was on its way to it: it has heard nothing of it.
      const wasIdle = outgoing.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
      if (wasIdle && isRepeatable(request) && !response.headersSent && !response.destroyed) {
        send(request, response, false);
      } else unreachable(response);
    });
    if (isRepeatable(request)) outgoing.end();
    else request.pipe(outgoing);
  };

  return {
    /** Passes a request on, and its answer back. */
    passOn: (request, response) => send(request, response, upstream.agent),
    /** Whether the API knows the cookie that came with a request. */
    isSignedIn: (request) =>
      new Promise((resolve, reject) => {
        const headers = { cookie: request.headers.cookie ?? '', ...forwardedHeaders(request) };
        const question = { agent: upstream.agent, protocol, hostname, port, headers };
        upstream
          .request({ ...question, path: '/api/v1/session' }, (answer) => {
            answer.resume();
            resolve(answer.statusCode === 200);
          })
          .on('error', reject)
          .end();
      }),
  };
}
