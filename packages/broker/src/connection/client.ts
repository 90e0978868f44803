import type { Attempt } from '@gatehouse/auth-core';
import type { SessionLink } from '../session/link.ts';
import type { Ticket } from '../journal/ticket.ts';
import type { AuthPacket } from '../protocol/packets.ts';
import type { Session } from '../session/session.ts';

/** An admitted client, as the packet handlers see it. */
export interface OnlineClient extends SessionLink {
  readonly session: Session;
  /** It wants to be told reasons in words (Request Problem Information). */
  readonly problemInformation: boolean;
  /**
   * Sends an acknowledgement when the batch of that ticket is on the disk, and after all that were to be sent before:
   * acknowledgements keep the order of what they answer ([MQTT-4.6.0-2] to [MQTT-4.6.0-4]). `then` runs right after.
   */
  answer(bytes: Buffer, ticket: Ticket, then?: () => void): void;
  /** Who it was at its login, without the password; kept only where its source is asked about topics. */
  readonly asker: Attempt | undefined;
  /** Takes no packet before this is known, and then goes on with it: packets keep their order. It must not reject. */
  hold<T>(work: Promise<T>, then: (result: T) => void): void;
  /** Ends the connection with this MQTT 5 code; the will is published. */
  disconnect(code: number, what: string): void;
  /** AUTH of a client that is online. */
  reauthenticate(packet: AuthPacket): void;
  /** It sent a message, or subscribed to something, as it may: its connection was of use. */
  useful(): void;
  /** The client took its leave with DISCONNECT. */
  leave(publishWill: boolean): void;
}
