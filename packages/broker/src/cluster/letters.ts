import type { Clock, Interest } from '@gatehouse/ports';
import { messageRecord } from '../journal/message-record.ts';
import { readMessages, readSession, type RecoveredSession } from '../journal/recovery.ts';
import { RecordWriter } from '../journal/record-writer.ts';
import type { Message } from '../router/message.ts';
import type { Session } from '../session/session.ts';

/** First byte of each letter. */
const Kind = { messages: 1, share: 2, session: 3, nothing: 4, yield: 5 } as const;

/** What nodes write to each other. */
export type Content =
  /** Messages for the sessions that keep them. */
  | { readonly kind: 'messages'; readonly messages: readonly Message[] }
  /** A message whose turn among the members of a share has fallen to one of that node; `final`: it goes no further. */
  | { readonly kind: 'share'; readonly share: Interest; readonly final: boolean; readonly message: Message }
  /** A session that moves, with all that it holds. */
  | { readonly kind: 'session'; readonly found: RecoveredSession }
  /** A client ID changes hands; there is no session. */
  | { readonly kind: 'nothing'; readonly clientId: string }
  /** A client has come to node `to`. */
  | { readonly kind: 'yield'; readonly clientId: string; readonly to: string };

const NO_SHARE: Interest = { group: '', filter: '' };

function written(kind: number, head: object, body: Uint8Array): Uint8Array {
  const text = Buffer.from(JSON.stringify(head));
  const bytes = Buffer.allocUnsafeSlow(5 + text.length + body.length);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32LE(text.length, 1);
  text.copy(bytes, 5);
  bytes.set(body, 5 + text.length);
  return bytes;
}

const EMPTY = Buffer.alloc(0);

export function writeMessages(messages: readonly Message[], clock: Clock): Uint8Array {
  const writer = new RecordWriter();
  for (const [index, message] of messages.entries()) writer.message(messageRecord(message, index + 1, clock));
  return written(Kind.messages, {}, writer.finish());
}

export function writeShare(share: Interest, final: boolean, message: Message, clock: Clock): Uint8Array {
  const writer = new RecordWriter();
  writer.message(messageRecord(message, 1, clock));
  return written(Kind.share, { ...share, final }, writer.finish());
}

export const writeNothing = (clientId: string): Uint8Array => written(Kind.nothing, { clientId }, EMPTY);

export const writeYield = (clientId: string, to: string): Uint8Array =>
  written(Kind.yield, { clientId, to }, EMPTY);

/** Everything that a session is and holds, as a journal of its own would have it. */
export function writeSession(session: Session, head: string, clock: Clock): Uint8Array {
  const writer = new RecordWriter();
  const id = 1;
  writer.session(id, head);
  for (const subscription of session.subscriptions.values())
    writer.subscribed(id, JSON.stringify(subscription));
  for (const packetId of session.unreleased) writer.received(id, packetId);
  const numbers = new Map<Message, number>();
  for (const { delivery, released } of session.outgoing.held()) {
    const { message, sequence, qos, retain, subscriptionIds } = delivery;
    let number = numbers.get(message);
    if (number === undefined) {
      number = numbers.size + 1;
      numbers.set(message, number);
      writer.message(messageRecord(message, number, clock));
    }
    writer.delivery({ session: id, sequence, message: number, qos, retain, subscriptionIds });
    if (released) writer.deliveryReleased(id, sequence);
  }
  return written(Kind.session, {}, writer.finish());
}

interface Head {
  readonly clientId?: string;
  readonly to?: string;
  readonly group?: string;
  readonly filter?: string;
  readonly final?: boolean;
}

/** @throws Error when no node of this version wrote it */
export function readLetter(bytes: Buffer, clock: Clock): Content {
  const headBytes = bytes.readUInt32LE(1);
  const {
    clientId = '',
    to = '',
    final = true,
    ...rest
  } = JSON.parse(bytes.toString('utf8', 5, 5 + headBytes)) as Head;
  const body = bytes.subarray(5 + headBytes);
  switch (bytes.readUInt8(0)) {
    case Kind.messages:
      return { kind: 'messages', messages: readMessages(body, clock) };
    case Kind.share: {
      const [message] = readMessages(body, clock);
      if (message === undefined) throw new Error('a letter about a share has no message');
      return { kind: 'share', share: { ...NO_SHARE, ...rest }, final, message };
    }
    case Kind.session:
      return { kind: 'session', found: readSession(body, clock) };
    case Kind.nothing:
      return { kind: 'nothing', clientId };
    case Kind.yield:
      return { kind: 'yield', clientId, to };
    default:
      throw new Error('a letter of another node is of an unknown kind');
  }
}
