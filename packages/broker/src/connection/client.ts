import type { SessionLink } from '../session/link.ts';
import type { Session } from '../session/session.ts';

/** An admitted client, as the packet handlers see it. */
export interface OnlineClient extends SessionLink {
  readonly session: Session;
  /** Ends the connection with this MQTT 5 code; the will is published. */
  disconnect(code: number, what: string): void;
  /** The client took its leave with DISCONNECT. */
  leave(publishWill: boolean): void;
}
