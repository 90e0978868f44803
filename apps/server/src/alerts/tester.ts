import { randomUUID } from 'node:crypto';
import type { AlertTester } from '@gatehouse/ports';
import { type MessageSource, testMessage } from './message.ts';
import type { Sender } from './sender.ts';

/** What the console's test button does: one message, now, beside the queue. */
export const alertTester = (send: Sender, source: () => MessageSource): AlertTester => ({
  test: (channel) => {
    const id = randomUUID();
    return send(channel, testMessage(Date.now(), id, source()), id);
  },
});
