/**
 * The way of the console's own MQTT client: WebSockets to `/mqtt` of the console's origin go on to the broker's
 * WebSocket listener. Only pages of this origin, and only people who are signed in, get through.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const PATH = '/mqtt';
/** Connections that are passed on at a time. */
const PASSAGES_MAX = 100;

/** A name that the server's own certificate always lists; which of its addresses we call it by, it may not. */
const OWN_NAME = 'localhost';

/** What a WebSocket handshake needs; cookies stay here. */
const PASSED_ON = [
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
];

const refuse = (socket, status) => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

const isOwnOrigin = ({ headers }) => {
  try {
    return new URL(headers.origin ?? '').host === headers.host;
  } catch {
    return false;
  }
};

const picked = (headers) =>
  Object.fromEntries(PASSED_ON.flatMap((name) => (name in headers ? [[name, headers[name]]] : [])));

const headText = ({ statusCode, statusMessage, rawHeaders }) => {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
};

/** Joins two sockets until one of them ends. */
const join = (one, other) => {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ]) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.pipe(to);
  }
};

/**
 * @param {import('node:http').Server} server the console's
 * @param {{ target: string, caFile: string, isSignedIn: (request: import('node:http').IncomingMessage) => Promise<boolean>,
 *   forwardedHeaders: (request: import('node:http').IncomingMessage) => Record<string, string> }} options
 *   `target` is empty where the broker has no WebSocket listener; `caFile` is what its certificate is verified by (https)
 */
export const openMqttPassage = (server, { target, caFile, isSignedIn, forwardedHeaders }) => {
  const ask = target.startsWith('https:') ? https.request : http.request;
  const trust = caFile === '' ? {} : { ca: readFileSync(caFile), servername: OWN_NAME };
  let open = 0;
  const passOn = (request, socket, head) => {
    const headers = { ...picked(request.headers), ...forwardedHeaders(request) };
    const outgoing = ask(target, { ...trust, headers });
    outgoing.on('upgrade', (answer, upstream, upstreamHead) => {
      socket.write(headText(answer));
      if (upstreamHead.length > 0) socket.write(upstreamHead);
      if (head.length > 0) upstream.write(head);
      join(socket, upstream);
    });
    outgoing.on('response', (answer) => {
      answer.resume();
      refuse(socket, `${answer.statusCode} ${answer.statusMessage}`);
    });
    outgoing.on('error', () => refuse(socket, '502 Bad Gateway'));
    socket.on('close', () => outgoing.destroy());
    outgoing.end();
  };
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (request.url !== PATH) return refuse(socket, '404 Not Found');
    if (!isOwnOrigin(request)) return refuse(socket, '403 Forbidden');
    if (target === '' || open >= PASSAGES_MAX) return refuse(socket, '503 Service Unavailable');
    open += 1;
    socket.on('close', () => (open -= 1));
    isSignedIn(request).then(
      (signedIn) => (signedIn ? passOn(request, socket, head) : refuse(socket, '401 Unauthorized')),
      () => refuse(socket, '502 Bad Gateway'),
    );
  });
};
