import type { Grant } from '@gatehouse/auth-core';
import type { Will } from '../protocol/packets.ts';
import type { ConnectionFacts } from '../session/connection-facts.ts';

/** A will that is to be published, and when. */
export interface PendingWill {
  readonly will: Will;
  /** Milliseconds since the epoch; undefined while the client is connected. */
  readonly dueAt: number | undefined;
}

/** The head of a session as the journal keeps it: everything but what changes with its messages and subscriptions. */
export interface SessionHead {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly grant: Grant;
  readonly expirySeconds: number;
  /** How its client was connected, for people to see. */
  readonly connection: ConnectionFacts | undefined;
  /** Milliseconds since the epoch; undefined: it was connected. */
  readonly disconnectedAt: number | undefined;
  readonly pendingWill: PendingWill | undefined;
}

/** A pending will whose bytes are base64: JSON knows none. */
interface WrittenWill {
  readonly will: Omit<Will, 'payload' | 'properties'> & {
    readonly payload: string;
    readonly properties: string;
  };
  readonly dueAt: number | undefined;
}

type WrittenHead = Omit<SessionHead, 'pendingWill'> & { readonly pendingWill: WrittenWill | undefined };

/** Writes a head as JSON. */
export function encodeHead(
  { clientId, username, grant, expirySeconds, connection, disconnectedAt }: Omit<SessionHead, 'pendingWill'>,
  pendingWill: PendingWill | undefined,
): string {
  const head: WrittenHead = {
    clientId,
    username,
    grant,
    expirySeconds,
    connection,
    disconnectedAt,
    pendingWill: pendingWill && writtenWill(pendingWill),
  };
  return JSON.stringify(head);
}

/** Reads what `encodeHead` wrote: our own file, whose pages SQLite has checked. */
export function decodeHead(text: string): SessionHead {
  const head = JSON.parse(text) as WrittenHead;
  return { ...head, pendingWill: head.pendingWill && readWill(head.pendingWill) };
}

function writtenWill({ will, dueAt }: PendingWill): WrittenWill {
  const { payload, properties } = will;
  return {
    will: { ...will, payload: payload.toString('base64'), properties: properties.toString('base64') },
    dueAt,
  };
}

function readWill({ will, dueAt }: WrittenWill): PendingWill {
  const payload = Buffer.from(will.payload, 'base64');
  return { will: { ...will, payload, properties: Buffer.from(will.properties, 'base64') }, dueAt };
}
