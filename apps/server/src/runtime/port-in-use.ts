/** What to say when a port is taken: which, whose, and the setting that changes it. */
export function portInUse(what: 'tcp' | 'ws' | 'api' | 'console', host: string, port: number): string {
  const setting = what === 'tcp' || what === 'ws' ? `listeners.${what}.port` : `${what}.port`;
  const names = {
    tcp: 'the MQTT listener (tcp)',
    ws: 'the WebSocket listener (ws)',
    api: 'the management API',
    console: 'the console',
  };
  return `Port ${port} on ${host}, meant for ${names[what]}, is in use.\nStop what uses it, or choose another: --set ${setting}=${port === 65_535 ? port - 1 : port + 1} (0 picks a free one).`;
}
