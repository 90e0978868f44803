import type { Config } from '../config/schema.ts';
import { apiUrl, consoleUrl, reachable } from './addresses.ts';
import type { RunFile } from './run-file.ts';

export interface BannerFacts {
  readonly config: Config;
  readonly version: string;
  readonly dataDir: string;
  readonly ports: RunFile['ports'];
  /** The one-time link of the first start. For this text only, never for the log. */
  readonly setupUrl: string | undefined;
}

/** What `gatehouse start` prints when all is up. */
export function banner({ config, version, dataDir, ports, setupUrl }: BannerFacts): string {
  const { tcp, ws } = config.listeners;
  const rows: (readonly [string, string | undefined])[] = [
    ['MQTT', ports.tcp === null ? undefined : `mqtt://${reachable(tcp.host)}:${ports.tcp}`],
    [
      'MQTT over WebSocket',
      ports.ws === null ? undefined : `ws://${reachable(ws.host)}:${ports.ws}${ws.path}`,
    ],
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
