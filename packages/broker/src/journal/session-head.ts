import type { Grant } from '@gatehouse/auth-core';
import type { Will } from '../protocol/packets.ts';
import type { ConnectionFacts, Session } from '../session/session.ts';

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

/** Writes a head as JSON. */
export function encodeHead(session: Session, pendingWill: PendingWill | undefined): string {
  const { clientId, username, grant, expirySeconds, connection, disconnectedAt } = session;
  const head: SessionHead = {
    clientId,
    username,
    grant,
    expirySeconds,
    connection,
    disconnectedAt,
    pendingWill,
  };
  // Node writes a buffer as { type, data: [bytes] }; base64 is a quarter of that.
  return JSON.stringify(head, (_, value: unknown) => (isBufferJson(value) ? toBase64(value) : value));
}

/** Reads what `encodeHead` wrote: our own file, whose pages SQLite has checked. */
export function decodeHead(text: string): SessionHead {
  return JSON.parse(text, (_, value: unknown) =>
    isBase64(value) ? Buffer.from(value.base64, 'base64') : value,
  ) as SessionHead;
}

interface BufferJson {
  readonly type: 'Buffer';
  readonly data: readonly number[];
}

const toBase64 = ({ data }: BufferJson) => ({ base64: Buffer.from(data).toString('base64') });

function isBufferJson(value: unknown): value is BufferJson {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
}

function isBase64(value: unknown): value is { readonly base64: string } {
  return typeof value === 'object' && value !== null && 'base64' in value && typeof value.base64 === 'string';
}
