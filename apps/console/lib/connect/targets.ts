import type { StartStatusDto } from '@gatehouse/contract';

/** What the CA's certificate is called where it is downloaded; commands look for it where they are run. */
export const CA_FILE = 'gatehouse-ca.crt';

/** `ownCa`: TLS whose certificate the server's own CA signed; `tls`: TLS with a certificate of the operator's. */
export type Security = 'plain' | 'tls' | 'ownCa';

/** One way to reach the broker. */
export interface Target {
  readonly security: Security;
  readonly host: string;
  readonly port: number;
}

/** MQTT's own port, where the server has not told which. */
const MQTT_PORT = 1883;

/** What is assumed of a server that did not tell. */
export const unknownBroker = (host: string): StartStatusDto['mqtt'] => ({
  host,
  tcpPort: MQTT_PORT,
  tlsPort: null,
  wsPort: null,
  wssPort: null,
  wsPath: '/mqtt',
  wssPath: '/mqtt',
  ownCa: { tls: false, wss: false },
});

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');

/**
 * The ways that MQTT clients have to the broker, plain first; `preferred` is TLS, except on this very machine, where a
 * plain listener is the shorter way and nobody listens in.
 */
export function targetsOf({ host, tcpPort, tlsPort, ownCa }: StartStatusDto['mqtt']): {
  readonly targets: readonly Target[];
  readonly preferred: Target;
} {
  const plain = tcpPort === null ? [] : [{ security: 'plain', host, port: tcpPort } as const];
  const tls =
    tlsPort === null ? [] : [{ security: ownCa.tls ? 'ownCa' : 'tls', host, port: tlsPort } as const];
  const targets = [...plain, ...tls];
  const inOrder = isLoopback(host) ? targets : targets.toReversed();
  return { targets, preferred: inOrder[0] ?? { security: 'plain', host, port: MQTT_PORT } };
}
