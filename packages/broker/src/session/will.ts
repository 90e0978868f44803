import type { BrokerContext } from '../context.ts';
import type { Will } from '../protocol/packets.ts';
import { publishMessage } from '../router/publish.ts';
import { mounted } from './mountpoint.ts';
import type { Session } from './session.ts';

type WillContext = Pick<BrokerContext, 'clock' | 'retained' | 'router' | 'counters' | 'denials' | 'peers'>;

/**
 * Publishes the will of a session that has gone. It was authorized at CONNECT, and is once more now: rules may have
 * been taken away since (auth.md §7); a source that was asked then is asked no more. While they are being read again it waits; of a credential that is gone there is
 * no will.
 */
export function publishWill(context: WillContext, session: Session, will: Will): void {
  const { review } = session;
  if (review !== undefined) {
    void review.then(() => {
      publishWill(context, session, will);
    });
    return;
  }
  if (session.revoked || session.mayPublish(will.topic, will.qos, will.retain) === false) {
    context.counters.messages.denied += 1;
    const { topic, qos, retain } = will;
    if (!session.revoked)
      context.denials.record(session, 'publish', topic, session.publishAnswer(topic, qos, retain));
    return;
  }
  const topic = mounted(session.mountpoint, will.topic);
  publishMessage(context, { ...will, topic, publisher: session.clientId, principal: session.principal });
}
