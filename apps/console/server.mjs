/**
 * The console's HTTP server: `/api/*` goes on to the management API as a stream (server-sent events included),
 * WebSockets to `/mqtt` to the broker, everything else to Next. One origin for the browser, so cookies stay first-party and no CORS exists.
 *
 * Environment: PORT (0 picks one), HOST, GATEHOUSE_API_URL, GATEHOUSE_DOCS_DIR (the guides; default `../../docs`), GATEHOUSE_MQTT_URL (empty: no /mqtt; https with GATEHOUSE_MQTT_CA_FILE),
 * and TLS_KEY_FILE with TLS_CERT_FILE for https.
 * Prints one JSON line `{"listening":PORT}` when it answers; SIGTERM and SIGINT stop it cleanly.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { fileURLToPath } from 'node:url';
import next from 'next';
import { openApiPassage } from './api-passage.mjs';
import { openMqttPassage } from './mqtt-passage.mjs';

const port = Number(process.env.PORT ?? 3000);
const hostname = process.env.HOST ?? '127.0.0.1';
const apiUrl = new URL(process.env.GATEHOUSE_API_URL ?? 'http://127.0.0.1:8080');
const keyFile = process.env.TLS_KEY_FILE ?? '';
const certFile = process.env.TLS_CERT_FILE ?? '';
const tls = keyFile !== '' && certFile !== '';
// The guides that the console shows are the repository's own; where it runs from elsewhere, the environment says where they are.
process.env.GATEHOUSE_DOCS_DIR ??= fileURLToPath(new URL('../../docs', import.meta.url));
const CLOSE_GRACE_MS = 2_000;

/** Appends the peer to X-Forwarded-For, so that the API (which trusts this process) sees the browser's address. */
const forwardedHeaders = (request) => {
  const peer = request.socket.remoteAddress ?? '';
  const before = request.headers['x-forwarded-for'];
  return {
    'x-forwarded-for': before === undefined ? peer : `${before}, ${peer}`,
    'x-forwarded-proto': tls ? 'https' : 'http',
    'x-forwarded-host': request.headers.host ?? '',
  };
};

const { passOn, isSignedIn } = openApiPassage(apiUrl, forwardedHeaders);

const app = next({
  dev: false,
  dir: fileURLToPath(new URL('.', import.meta.url)),
  hostname,
  port,
  quiet: true,
  // Next hangs an upgrade listener of its own on the server of its first request and closes each WebSocket whose path
  // a route matches, `/mqtt` by the page for missing addresses among them. It gets a server that never listens.
  httpServer: http.createServer(),
});
await app.prepare();
const handlePage = app.getRequestHandler();

const listener = (request, response) => {
  if (request.url === '/api' || request.url.startsWith('/api/') || request.url.startsWith('/api?')) {
    passOn(request, response);
    return;
  }
  if (tls) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
  Object.assign(request.headers, forwardedHeaders(request));
  handlePage(request, response).catch(() => response.destroy());
};

const server = tls
  ? https.createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, listener)
  : http.createServer(listener);
openMqttPassage(server, {
  target: process.env.GATEHOUSE_MQTT_URL ?? '',
  caFile: process.env.GATEHOUSE_MQTT_CA_FILE ?? '',
  isSignedIn,
  forwardedHeaders,
});
// Event streams live for hours; a half-sent request must not.
server.requestTimeout = 60_000;
server.headersTimeout = 15_000;

server.on('error', (error) => {
  process.stderr.write(`console: cannot listen on ${hostname}:${port}: ${error.message}\n`);
  process.exit(1);
});
server.listen(port, hostname, () => {
  process.stdout.write(`${JSON.stringify({ listening: server.address().port })}\n`);
});

const stop = () => {
  setTimeout(() => process.exit(0), CLOSE_GRACE_MS).unref();
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
