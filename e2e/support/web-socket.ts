import { randomBytes } from 'node:crypto';
import { request } from 'node:http';

/** Asks for a WebSocket upgrade by hand, so that path, subprotocol and origin can be wrong; resolves to the HTTP status. */
export function webSocketUpgrade(
  port: number,
  ask: { readonly path: string; readonly protocol?: string; readonly origin?: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path: ask.path,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        ...(ask.protocol === undefined ? {} : { 'sec-websocket-protocol': ask.protocol }),
        ...(ask.origin === undefined ? {} : { origin: ask.origin }),
      },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    outgoing.end();
  });
}
