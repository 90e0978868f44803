import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import type { Config } from '../config/schema.ts';
import { codeOf, Failure, messageOf } from '../runtime/failure.ts';
import { portInUse } from '../runtime/port-in-use.ts';

/** An HTTP server that listens, and how to end it with everything that is still open on it. */
export interface Listening {
  readonly port: number;
  readonly close: () => Promise<void>;
}

function closer(server: Server): () => Promise<void> {
  return async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
}

function readPem(path: string, setting: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(`${setting} cannot be read: ${messageOf(error)}.`);
  }
}

/** Opens the API's own listener, with TLS where its certificate is set. */
export async function listenApi(config: Config, handler: RequestListener): Promise<Listening> {
  const { host, port, tls } = config.api;
  const server =
    tls.cert === ''
      ? createHttpServer(handler)
      : createHttpsServer(
          { key: readPem(tls.key, 'api.tls.key'), cert: readPem(tls.cert, 'api.tls.cert') },
          handler,
        );
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') throw new Failure(portInUse('api', host, port));
    throw new Failure(`The management API cannot listen on ${host}:${port}: ${messageOf(error)}.`);
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: closer(server),
  };
}

/** Opens the control socket (0600). The data directory's lock is held, so a socket file that is there is a dead one. */
export async function listenControl(
  path: string,
  handler: RequestListener,
): Promise<Pick<Listening, 'close'>> {
  rmSync(path, { force: true });
  const server = createHttpServer(handler);
  try {
    server.listen(path);
    await once(server, 'listening');
    chmodSync(path, 0o600);
  } catch (error) {
    throw new Failure(
      `The control socket ${path} cannot be opened: ${messageOf(error)}. A shorter data_dir may help.`,
    );
  }
  return { close: closer(server) };
}
