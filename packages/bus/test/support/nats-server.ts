import {
  freePort,
  programPath,
  startProgram,
  type Program,
} from '../../../connectors/test/support/programs.ts';
import { tlsFiles, type TlsFiles } from '../../../connectors/test/support/source-tls.ts';

const server = programPath('nats-server');

export const NATS = server !== undefined;

/** A throwaway NATS server; with `account` only `gatehouse` / `bus@secret` is let in. */
export interface NatsServer {
  readonly port: number;
  /** `host:port` with what has to stand before it. */
  readonly url: string;
  /** Of a server with TLS. */
  readonly tls: TlsFiles | undefined;
  readonly signal: Program['signal'];
  /** Cuts every connection, as a crash does. */
  readonly crash: () => Promise<void>;
  /** Starts it again after that, on the same port. */
  readonly recover: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts one; `tls` are the names of its certificate, `extra` more arguments. */
export async function startNats(
  wanted: { readonly tls?: string; readonly account?: boolean; readonly extra?: readonly string[] } = {},
): Promise<NatsServer> {
  if (server === undefined) throw new Error('NATS is not installed');
  const port = await freePort();
  const tls = wanted.tls === undefined ? undefined : tlsFiles(wanted.tls);
  const args = [
    ...['-a', '127.0.0.1', '-p', String(port), ...(wanted.extra ?? [])],
    ...(wanted.account === true ? ['--user', 'gatehouse', '--pass', 'bus@secret'] : []),
    ...(tls === undefined ? [] : ['--tls', '--tlscert', tls.certFile, '--tlskey', tls.keyFile]),
  ];
  let program = await startProgram(server, args, port);
  return {
    port,
    tls,
    url:
      `${tls === undefined ? 'nats' : 'tls'}://${wanted.account === true ? 'gatehouse:bus%40secret@' : ''}` +
      `localhost:${String(port)}${tls === undefined ? '' : `?ca=${tls.caFile}`}`,
    signal: (signal) => {
      program.signal(signal);
    },
    crash: () => program.stop(),
    recover: async () => {
      program = await startProgram(server, args, port);
    },
    stop: async () => {
      await program.stop();
      tls?.discard();
    },
  };
}
