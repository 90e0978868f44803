import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A port in front of a server that can be cut off from it, and put together again. */
export interface Wire {
  readonly port: number;
  /** Ends what is open, and takes nothing more. */
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
}

/** Lays one to a port of this machine. */
export async function layWire(target: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: target });
    hold(near);
    hold(far);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  const listen = (port: number): Promise<number> =>
    new Promise((resolve) => {
      server.listen(port, '127.0.0.1', () => {
        const address: AddressInfo | string | null = server.address();
        resolve(address === null || typeof address === 'string' ? 0 : address.port);
      });
    });
  const port = await listen(0);
  return {
    port,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
    mend: async () => {
      await listen(port);
    },
  };
}
