import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { ListenerConfig, UnixSocket } from '../config.ts';
import type { Listener, ListenerEvents, ListenerNeeds } from './listener.ts';
import { createTcpListener } from './tcp.ts';

/** MQTT over a Unix socket: for clients on this machine, whose address is recorded as loopback. */
export function createUnixListener(
  config: ListenerConfig,
  { path, mode }: UnixSocket,
  needs: ListenerNeeds,
  events: ListenerEvents,
): Listener {
  const listener = createTcpListener(config, needs, events);
  return {
    ...listener,
    start: async () => {
      await removeDeadSocket(path);
      await listener.start();
      chmodSync(path, mode);
    },
    status: () => ({ ...listener.status(), host: path }),
  };
}

/** A process that was killed leaves its socket behind. One that somebody answers on, or another file, stays. */
async function removeDeadSocket(path: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return;
  const probe = connect(path);
  try {
    await once(probe, 'connect');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') rmSync(path, { force: true });
  } finally {
    probe.destroy();
  }
}
