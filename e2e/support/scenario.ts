import type { Api } from './api.ts';
import type { Server } from './server.ts';

/** What a scenario has at hand. */
interface Stage {
  readonly server: Server;
  readonly api: Api;
  /** Unique within the run: use it in client IDs and usernames. */
  readonly tag: string;
}

/** Breaks a real client in one way; the refused row must then carry the scenario's reason. */
export interface Scenario {
  /** Server settings it needs (`path=value`); scenarios with the same settings share a server. */
  readonly settings?: readonly string[];
  /** Makes the attempt; resolves to the query that finds its row and, where the client gets one, the CONNACK code it saw. */
  attempt(stage: Stage): Promise<{ readonly query: string; readonly connack?: number }>;
}

/** One server for the scenarios that each need a single setting which none of the others meets. */
export const SHORT_WAITS_AND_ORIGINS: readonly string[] = [
  'listeners.tls.handshake_timeout_ms=300',
  'limits.connectTimeoutMs=300',
  'listeners.ws.origins=["https://console.example"]',
  'listeners.tcp.access=["deny 127.0.0.9"]',
];
