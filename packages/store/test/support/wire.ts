import { connect, createServer, type Socket } from 'node:net';

/** The way to a database, which can be made to fail. */
export interface Wire {
  readonly url: string;
  /** Loses the next answer that the database gives, and the connection with it; `after` so many that arrive. */
  loseAnswer(after?: number): void;
  /** Nothing goes through until `mend`. */
  hold(): void;
  mend(): void;
  close(): Promise<void>;
}

/** A proxy in front of the database of a URL. */
export async function wireTo(url: string): Promise<Wire> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let answersUntilLoss = Number.POSITIVE_INFINITY;
  let isHeld = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.end();
      });
      if (isHeld) socket.pause();
    }
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      answersUntilLoss -= 1;
      if (answersUntilLoss >= 0) client.write(bytes);
      else {
        answersUntilLoss = Number.POSITIVE_INFINITY;
        client.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
  const proxied = new URL(url);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(address.port);
  return {
    url: proxied.href,
    loseAnswer: (after = 0) => {
      answersUntilLoss = after;
    },
    hold: () => {
      isHeld = true;
      for (const socket of sockets) socket.pause();
    },
    mend: () => {
      isHeld = false;
      for (const socket of sockets) socket.resume();
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
