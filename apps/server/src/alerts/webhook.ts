import { createHmac } from 'node:crypto';
import { createOutboundClient, type OutboundPolicy } from '@gatehouse/connectors';
import { ALERT_LIMITS, type SendOutcome } from '@gatehouse/ports';

/** Bytes of an answer that are read; nothing of it is shown. */
const ANSWER_BYTES_MAX = 4_096;

export interface WebhookCall {
  readonly url: string;
  /** Signs the message; undefined: it goes unsigned. */
  readonly secret: string | undefined;
  readonly body: string;
  /** The same for each attempt at one delivery, so that a receiver can tell a repeat. */
  readonly deliveryId: string;
  readonly now: number;
}

/** `t=…,v1=…`: HMAC-SHA-256 over time, a dot and body, in hex. */
const signatureOf = (secret: string, body: string, now: number): string => {
  const time = Math.floor(now / 1_000);
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
};

/** POSTs a message under the outbound policy, without redirects; never rejects, and tells nothing of the URL's path. */
export async function callWebhook(policy: OutboundPolicy, call: WebhookCall): Promise<SendOutcome> {
  const { url, secret, body, deliveryId, now } = call;
  const client = createOutboundClient({
    url,
    policy,
    connectionsMax: 1,
    connectTimeoutMs: ALERT_LIMITS.deliveryMs,
    bodyBytesMax: ANSWER_BYTES_MAX,
    tls: undefined,
  });
  try {
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Gatehouse',
      'x-gatehouse-delivery': deliveryId,
      ...(secret === undefined ? {} : { 'x-gatehouse-signature': signatureOf(secret, body, now) }),
    };
    const answer = await client.ask({ method: 'POST', headers, body }, ALERT_LIMITS.deliveryMs);
    if (answer.result !== 'answered') return { ok: false, failure: answer.problem };
    const isGood = answer.status >= 200 && answer.status < 300;
    return isGood ? { ok: true } : { ok: false, failure: `it answered ${answer.status}` };
  } finally {
    await client.close();
  }
}
