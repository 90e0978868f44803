/** Who may find its port taken. */
const NAMES = {
  tcp: 'the MQTT listener (tcp)',
  tls: 'the MQTT listener over TLS (tls)',
  ws: 'the WebSocket listener (ws)',
  wss: 'the secure WebSocket listener (wss)',
  api: 'the management API',
  console: 'the console',
} as const;

/** What to say when a port is taken: which, whose, and the setting that changes it. */
export function portInUse(what: keyof typeof NAMES, host: string, port: number): string {
  const setting = what === 'api' || what === 'console' ? `${what}.port` : `listeners.${what}.port`;
  return `Port ${port} on ${host}, meant for ${NAMES[what]}, is in use.\nStop what uses it, or choose another: --set ${setting}=${port === 65_535 ? port - 1 : port + 1} (0 picks a free one).`;
}
