import { hostname } from 'node:os';
import type { Config } from '../config/schema.ts';

/** The address under which somebody on this machine reaches a listener bound to `host`. */
export const reachable = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
};

const scheme = (tls: { readonly cert: string }): string => (tls.cert === '' ? 'http' : 'https');

/** Where browsers find the console: `console.public_url`, or its own address. */
export function consoleUrl(config: Config, port: number): string {
  if (config.console.public_url !== '') return config.console.public_url.replace(/\/+$/, '');
  return `${scheme(config.console.tls)}://${reachable(config.console.host)}:${port}`;
}

export const apiUrl = (config: Config, port: number): string =>
  `${scheme(config.api.tls)}://${reachable(config.api.host)}:${port}`;

/** Where MQTT is spoken over WebSocket, for the console, which passes its own clients on to it. */
export function webSocketUrl({ listeners }: Config, listener: 'ws' | 'wss', port: number): string {
  const { host, path } = listeners[listener];
  return `${listener === 'wss' ? 'https' : 'http'}://${reachable(host)}:${port}${path}`;
}

/** The one-time link; its token is in the fragment, which no browser sends to a server or a proxy's log. */
export const setupLink = (config: Config, consolePort: number, token: string): string =>
  `${consoleUrl(config, consolePort)}/setup#token=${token}`;

/** Origins whose pages are the console: its own under every name of loopback, and the public one. */
export function consoleOrigins(config: Config, port: number): readonly string[] {
  const own = new Set([consoleUrl(config, port)]);
  const loopback = ['127.0.0.1', '[::1]', '::1', 'localhost', '0.0.0.0', '::'].includes(config.console.host);
  if (loopback)
    for (const name of ['127.0.0.1', 'localhost', '[::1]'])
      own.add(`${scheme(config.console.tls)}://${name}:${port}`);
  return [...own].map((url) => new URL(url).origin);
}

/** This node's name in tables and metrics. */
export const nodeName = (config: Config): string => (config.node_id === '' ? hostname() : config.node_id);
