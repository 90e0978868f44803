import { describe, expect, it } from 'vitest';
import { NEW_DRAFT, toMessage } from '../components/messages/draft';
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

describe('the form of a message', () => {
  it('sends no property that was left empty', () => {
    expect(toMessage({ ...NEW_DRAFT, topic: 'a' }).properties).toEqual({ payloadFormatIndicator: true });
  });

  it('takes user properties line by line, a name as often as it comes', () => {
    const { properties } = toMessage({ ...NEW_DRAFT, userProperties: 'a=1\n\na=2=3\nb' });
    expect(properties.userProperties).toEqual({ a: ['1', '2=3'], b: [''] });
  });
});
