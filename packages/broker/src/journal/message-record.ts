import type { Principal } from '@gatehouse/auth-core';
import type { Clock } from '@gatehouse/ports';
import type { Message } from '../router/message.ts';
import type { MessageRecord } from './record-writer.ts';

const principals = new WeakMap<Principal, string>();

/** A principal as text; made once for all messages of one. */
function textOf(principal: Principal): string {
  let text = principals.get(principal);
  if (text === undefined) {
    text = JSON.stringify(principal);
    principals.set(principal, text);
  }
  return text;
}

/** What is written of a message, under this number. */
export function messageRecord(message: Message, id: number, clock: Clock): MessageRecord {
  const { topic, payload, properties, qos, retain, publisher, principal, expiresAt } = message;
  return {
    id,
    topic,
    payload,
    properties,
    qos,
    retain,
    publisher,
    principal: principal === undefined ? '' : textOf(principal),
    expiresAt: expiresAt === undefined ? 0 : clock.now() + (expiresAt - clock.monotonic()),
  };
}
