import type { Secret } from '@gatehouse/auth-core';
import {
  type ClientTrust,
  type ListenerConfig,
  type PskLookup,
  type Replaceable,
  ReplaceableValue,
  type ServerCertificate,
  type TlsSettings,
} from '@gatehouse/broker';
import type { Config } from '../config/schema.ts';
import { dataDirOf } from '../runtime/data-dir.ts';

/** The keys of a listener with pre-shared keys, by identity. */
export type PskKeyMap = ReadonlyMap<string, Secret<Uint8Array>>;

/** What a TLS listener begins with; CAs, lists and keys may be replaced. */
export interface TlsMaterial extends ServerCertificate {
  readonly trust?: Replaceable<ClientTrust> | undefined;
  readonly keys?: Replaceable<PskKeyMap> | undefined;
}

/** What the TLS listeners begin with. */
export type Certificates = Readonly<Partial<Record<TlsListenerName, TlsMaterial>>>;
export type TlsListenerName = 'tls' | 'wss';

type Common =
  'host' | 'port' | 'chain' | 'proxy_protocol' | 'use_username_as_clientid' | 'mountpoint' | 'access';

const common = (settings: Pick<Config['listeners']['tcp'], Common>) => ({
  host: settings.host,
  port: settings.port,
  chain: settings.chain,
  proxyProtocol: settings.proxy_protocol,
  usernameAsClientId: settings.use_username_as_clientid,
  mountpoint: settings.mountpoint,
  access: settings.access,
});

const proxied = (settings: Config['listeners']['tcp'] | Config['listeners']['ws']) => ({
  proxiedCommonName: {
    asUsername: settings.peer_cert_as_username === 'cn',
    asClientId: settings.peer_cert_as_clientid === 'cn',
  },
});

const web = ({ path, origins }: Pick<Config['listeners']['ws'], 'path' | 'origins'>) => ({ path, origins });

/** A listener that verifies clients by nothing opens no port; one without keys admits nobody. */
const NO_TRUST: Replaceable<ClientTrust> = new ReplaceableValue({ ca: '', crl: '' });
const NO_KEYS: Replaceable<PskKeyMap> = new ReplaceableValue(new Map());

type Tls = Config['listeners']['tls'];

/** TLS of a listener; it is enabled, so that its certificate was read. */
function tlsOf(
  name: TlsListenerName,
  { listeners }: Config,
  certificates: Certificates,
  storedKeys: PskLookup | undefined,
): Pick<ListenerConfig, 'tls'> {
  const material = certificates[name];
  if (material === undefined) throw new Error(`listener ${name} has no certificate`);
  const tls = listeners[name];
  const { ciphers, handshake_timeout_ms: handshakeTimeoutMs } = tls;
  const { key, cert } = material;
  return {
    tls: {
      certificate: { key, cert },
      minVersion: tls.min_version,
      maxVersion: tls.max_version,
      ciphers,
      handshakeTimeoutMs,
      clientCertificates: clientCertificatesOf(tls, material),
      preSharedKeys:
        tls.psk_ciphers === ''
          ? undefined
          : { ciphers: tls.psk_ciphers, keys: material.keys ?? NO_KEYS, stored: storedKeys },
      identity: identityOf(tls),
    },
  };
}

function clientCertificatesOf(
  tls: Tls,
  { trust = NO_TRUST }: TlsMaterial,
): TlsSettings['clientCertificates'] {
  if (tls.verify === 'verify_none') return undefined;
  return { trust, required: tls.fail_if_no_peer_cert, depthMax: tls.depth, reject: tls.reject };
}

const identityOf = (tls: Tls): TlsSettings['identity'] => ({
  certificateAsUsername: tls.peer_cert_as_username === '' ? undefined : tls.peer_cert_as_username,
  certificateAsClientId: tls.peer_cert_as_clientid === '' ? undefined : tls.peer_cert_as_clientid,
  pskAsUsername: tls.psk_as_username,
  pskAsClientId: tls.psk_as_clientid,
});

/** The listeners that are enabled, as the broker takes them; `storedKeys` are the pre-shared keys of the store. */
export function listenerConfigs(
  config: Config,
  certificates: Certificates,
  storedKeys?: PskLookup,
): readonly ListenerConfig[] {
  const { tcp, tls, ws, wss, unix } = config.listeners;
  const listener = (
    { enabled }: { readonly enabled: boolean },
    rest: () => ListenerConfig,
  ): readonly ListenerConfig[] => (enabled ? [rest()] : []);
  return [
    ...listener(tcp, () => ({ name: 'tcp', transport: 'tcp', ...common(tcp), ...proxied(tcp) })),
    ...listener(tls, () => ({
      name: 'tls',
      transport: 'tls',
      ...common(tls),
      ...tlsOf('tls', config, certificates, storedKeys),
    })),
    ...listener(ws, () => ({ name: 'ws', transport: 'ws', ...common(ws), ...proxied(ws), ...web(ws) })),
    ...listener(wss, () => ({
      name: 'wss',
      transport: 'wss',
      ...common(wss),
      ...web(wss),
      ...tlsOf('wss', config, certificates, storedKeys),
    })),
    ...listener(unix, () => ({
      name: 'unix',
      transport: 'unix',
      host: '',
      port: 0,
      chain: unix.chain,
      usernameAsClientId: unix.use_username_as_clientid,
      mountpoint: unix.mountpoint,
      socket: { path: dataDirOf(config).mqttSocket, mode: Number.parseInt(unix.mode, 8) },
    })),
  ];
}
