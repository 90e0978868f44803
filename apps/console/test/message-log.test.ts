import { describe, expect, it } from 'vitest';
import { addMessages, EMPTY_LOG, MESSAGE_LOG, type LoggedMessage } from '../lib/message-log';

const message = (id: number): LoggedMessage => ({
  id,
  at: '2026-05-01T10:00:00Z',
  direction: 'in',
  topic: 't',
  payload: new Uint8Array(),
  payloadBytes: 0,
  qos: 0,
  retain: false,
  dup: false,
  subscriptionIds: [],
  properties: {},
});

describe('the list of messages', () => {
  it('is newest first, and forgets the oldest when it is full, counting them', () => {
    const first = addMessages(EMPTY_LOG, [message(1), message(2)]);
    expect(first.messages.map(({ id }) => id)).toEqual([2, 1]);
    const many = Array.from({ length: MESSAGE_LOG.messagesMax }, (_, index) => message(index + 3));
    const full = addMessages(first, many);
    expect(full.messages).toHaveLength(MESSAGE_LOG.messagesMax);
    expect([full.messages.at(-1)?.id, full.forgotten]).toEqual([3, 2]);
  });
});
