import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openApiPassage } from '../api-passage.mjs';

const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: net.Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok';

/** An API that answers once on each connection, and cuts those on which it is asked again. */
async function forgetfulApi() {
  const heard: string[] = [];
  const api = net.createServer((socket) => {
    let asked = 0;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      asked += 1;
      heard.push(bytes.toString().split(' ')[0] ?? '');
      if (asked === 1) socket.write(ANSWER);
      else socket.resetAndDestroy();
    });
  });
  const { passOn } = openApiPassage(new URL(await listening(api)), () => ({}));
  return { heard, origin: await listening(http.createServer(passOn)) };
}

const ask = async (origin: string, method: string): Promise<number> => {
  const body = method === 'POST' ? { body: '{}' } : {};
  const response = await fetch(`${origin}/api/v1/stats`, { method, ...body });
  await response.text();
  return response.status;
};

describe('a connection that the API closes just as it is used again', () => {
  test('costs a reader nothing: the request is sent once more, on a new one', async () => {
    const { origin, heard } = await forgetfulApi();
    expect(await ask(origin, 'GET')).toBe(200);
    expect(await ask(origin, 'GET')).toBe(200);
    expect(heard).toEqual(['GET', 'GET', 'GET']);
  });

  test('never makes a write happen twice', async () => {
    const { origin, heard } = await forgetfulApi();
    expect(await ask(origin, 'GET')).toBe(200);
    expect(await ask(origin, 'POST')).toBe(502);
    expect(heard).toEqual(['GET', 'POST']);
  });
});

test('an API that is not there is told as such', async () => {
  const gone = net.createServer();
  const url = await listening(gone);
  gone.close();
  await once(gone, 'close');
  const { passOn } = openApiPassage(new URL(url), () => ({}));
  const origin = await listening(http.createServer(passOn));
  const response = await fetch(`${origin}/api/v1/stats`);
  expect([response.status, await response.json()]).toMatchObject([502, { code: 'api-unreachable' }]);
});
