import type { Config } from '../config/schema.ts';
import { apiUrl, consoleUrl, reachable } from './addresses.ts';
import { dataDirOf } from './data-dir.ts';
import type { RunFile } from './run-file.ts';

export interface BannerFacts {
  readonly config: Config;
  readonly version: string;
  readonly dataDir: string;
  readonly ports: RunFile['ports'];
  /** Undefined: the certificates are the operator's own. */
  readonly ownCaFile: string | undefined;
  /** The one-time link of the first start. For this text only, never for the log. */
  readonly setupUrl: string | undefined;
}

/** What `gatehouse start` prints when all is up. */
export function banner({ config, version, dataDir, ports, ownCaFile, setupUrl }: BannerFacts): string {
  const { tcp, tls, ws, wss, unix } = config.listeners;
  const url = (scheme: string, host: string, port: number | null, path = ''): string | undefined =>
    port === null ? undefined : `${scheme}://${reachable(host)}:${port}${path}`;
  const rows: (readonly [string, string | undefined])[] = [
    ['MQTT', url('mqtt', tcp.host, ports.tcp)],
    ['MQTT over TLS', url('mqtts', tls.host, ports.tls)],
    ['MQTT over WebSocket', url('ws', ws.host, ports.ws, ws.path)],
    ['the same over TLS', url('wss', wss.host, ports.wss, wss.path)],
    ['MQTT, Unix socket', unix.enabled ? dataDirOf(config).mqttSocket : undefined],
    ['Self-made CA', ownCaFile && `${ownCaFile} (TLS clients have to trust it)`],
    ['Management API', ports.api === null ? undefined : apiUrl(config, ports.api)],
    ['Console', ports.console === null ? undefined : consoleUrl(config, ports.console)],
    ['Data', dataDir],
  ];
  const lines = rows.flatMap(([what, where]) =>
    where === undefined ? [] : [`  ${what.padEnd(20)} ${where}`],
  );
  const setup =
    setupUrl === undefined
      ? []
      : ['', '  Make the owner account (this link works once, for 30 minutes):', `  ${setupUrl}`];
  return ['', `  Gatehouse ${version} is up`, '', ...lines, ...setup, '', '  Ctrl-C stops it.', ''].join(
    '\n',
  );
}
