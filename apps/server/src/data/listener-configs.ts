import type { ListenerConfig, ServerCertificate } from '@gatehouse/broker';
import type { Config } from '../config/schema.ts';
import { dataDirOf } from '../runtime/data-dir.ts';

/** The certificates that TLS listeners begin with. */
export type Certificates = Readonly<Partial<Record<TlsListenerName, ServerCertificate>>>;
export type TlsListenerName = 'tls' | 'wss';

const common = ({ host, port, chain, proxy_protocol: proxyProtocol }: Config['listeners']['tcp']) => ({
  host,
  port,
  chain,
  proxyProtocol,
});

const web = ({ path, origins }: Config['listeners']['ws']) => ({ path, origins });

/** TLS of a listener; it is enabled, so that its certificate was read. */
function tlsOf(
  name: TlsListenerName,
  { listeners }: Config,
  certificates: Certificates,
): Pick<ListenerConfig, 'tls'> {
  const certificate = certificates[name];
  if (certificate === undefined) throw new Error(`listener ${name} has no certificate`);
  const { min_version: minVersion, ciphers, handshake_timeout_ms: handshakeTimeoutMs } = listeners[name];
  return { tls: { certificate, minVersion, ciphers, handshakeTimeoutMs } };
}

/** The listeners that are enabled, as the broker takes them. */
export function listenerConfigs(config: Config, certificates: Certificates): readonly ListenerConfig[] {
  const { tcp, tls, ws, wss, unix } = config.listeners;
  const listener = (
    { enabled }: { readonly enabled: boolean },
    rest: () => ListenerConfig,
  ): readonly ListenerConfig[] => (enabled ? [rest()] : []);
  return [
    ...listener(tcp, () => ({ name: 'tcp', transport: 'tcp', ...common(tcp) })),
    ...listener(tls, () => ({
      name: 'tls',
      transport: 'tls',
      ...common(tls),
      ...tlsOf('tls', config, certificates),
    })),
    ...listener(ws, () => ({ name: 'ws', transport: 'ws', ...common(ws), ...web(ws) })),
    ...listener(wss, () => ({
      name: 'wss',
      transport: 'wss',
      ...common(wss),
      ...web(wss),
      ...tlsOf('wss', config, certificates),
    })),
    ...listener(unix, () => ({
      name: 'unix',
      transport: 'unix',
      host: '',
      port: 0,
      chain: unix.chain,
      socket: { path: dataDirOf(config).mqttSocket, mode: Number.parseInt(unix.mode, 8) },
    })),
  ];
}
