import { connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { codeOf, Failure } from '../runtime/failure.ts';
import type { ApiTransport } from './api-client.ts';

/** Milliseconds that a running server may take to answer. */
const ANSWER_MS_MAX = 60_000;

/** Whether a server listens on this control socket. */
export async function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      const code = codeOf(error);
      if (code === 'EACCES')
        reject(
          new Failure(
            `The control socket ${socketPath} belongs to another user: run this command as that user.`,
          ),
        );
      else resolve(false);
    });
  });
}

/** HTTP over the control socket of the running server. */
export function createSocketTransport(socketPath: string): ApiTransport {
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const outgoing = httpRequest({
          socketPath,
          method: request.method,
          path: request.path,
          headers: {
            host: 'localhost',
            ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
            ...(request.contentType === undefined ? {} : { 'content-type': request.contentType }),
          },
        });
        outgoing.setTimeout(ANSWER_MS_MAX, () => outgoing.destroy(new Error('no answer in time')));
        outgoing.once('error', (error) =>
          reject(new Failure(`The running server does not answer: ${error.message}.`)),
        );
        outgoing.once('response', (response) =>
          resolve({ status: response.statusCode ?? 0, body: response }),
        );
        outgoing.end(request.body);
      }),
    close: () => Promise.resolve(),
  };
}
