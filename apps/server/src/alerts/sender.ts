import { openSecrets } from '@gatehouse/api';
import type { OutboundPolicy } from '@gatehouse/connectors';
import type { DataPlane, SecretBox, SendOutcome, StoredAlertChannel } from '@gatehouse/ports';
import { sendMail } from './email.ts';
import type { AlertMessageBody } from './message.ts';
import { callWebhook } from './webhook.ts';

export interface SenderOptions {
  readonly box: SecretBox;
  readonly policy: OutboundPolicy;
  readonly dataPlane: Pick<DataPlane, 'publishAlert'>;
  readonly now: () => number;
}

/** Sends one message to one channel; never rejects. */
export type Sender = (
  channel: StoredAlertChannel,
  message: string,
  deliveryId: string,
) => Promise<SendOutcome>;

/** What a message says, as it was written by `messageOf`. */
const read = (message: string): AlertMessageBody => JSON.parse(message) as AlertMessageBody;

export const createSender =
  ({ box, policy, dataPlane, now }: SenderOptions): Sender =>
  async (channel, message, deliveryId) => {
    const { target } = channel;
    const secrets = openSecrets(box, channel);
    switch (target.kind) {
      case 'webhook': {
        const { url, secret } = secrets;
        if (url === undefined) return { ok: false, failure: 'its URL cannot be read; write it again' };
        return callWebhook(policy, { url, secret, body: message, deliveryId, now: now() });
      }
      case 'email':
        return sendMail(policy, target, secrets.password, read(message));
      case 'mqtt':
        return publish(dataPlane, target.retain, message);
    }
  };

async function publish(
  dataPlane: Pick<DataPlane, 'publishAlert'>,
  retain: boolean,
  message: string,
): Promise<SendOutcome> {
  const { topic, event } = read(message);
  const payload = Buffer.from(message);
  try {
    // A test is for whoever listens now: it must not stand where an alert is looked for.
    const outcome = await dataPlane.publishAlert({ topic, payload, retain: retain && event !== 'test' });
    return outcome.outcome === 'published' ? { ok: true } : { ok: false, failure: outcome.outcome };
  } catch {
    return { ok: false, failure: 'the broker does not run' };
  }
}
