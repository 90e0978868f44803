import { askSource, deniedBy } from '../access/ask.ts';
import type { OnlineClient } from '../connection/client.ts';
import type { BrokerContext } from '../context.ts';
import type { PublishPacket } from '../protocol/packets.ts';
import { isWrongText } from '../protocol/payload-format.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import { exceededTopicBound, isTopicName } from '../protocol/topic.ts';
import { codeForReceivers } from '../router/router.ts';
import { cameAs, createMessage } from '../router/message.ts';
import { publishCreated } from '../router/publish.ts';
import { mounted } from '../session/mountpoint.ts';
import type { Session } from '../session/session.ts';
import { acknowledge } from './acknowledge.ts';
import type { Handler } from './handler.ts';

/**
 * PUBLISH (MQTT 3.1.1 §3.3, 5.0 §3.3). A publisher without permission is told so in MQTT 5; in MQTT 3, which has no
 * answer for it, the message is acknowledged and dropped: closing would have the client send it again for ever.
 */
export const handlePublish: Handler<'publish'> = (client, packet, context) => {
  const { messages } = context.counters;
  messages.received += 1;
  messages.payloadBytesReceived += packet.payload.length;
  // A topic that was asked about before was valid then.
  if (!client.session.knowsTopic(packet.topic) && !isPublishable(client.session, packet.topic, context)) {
    const tooMuch = exceededTopicBound(mounted(client.session.mountpoint, packet.topic), context.limits);
    if (tooMuch !== undefined) context.counters.bounds.met(tooMuch);
    client.disconnect(ReasonCode.topicNameInvalid, 'topic-name-invalid');
    return;
  }
  const { topic, qos, retain } = packet;
  const allowed = client.session.mayPublish(topic, qos, retain);
  if (allowed !== 'ask') {
    receive(client, packet, context, allowed);
    return;
  }
  const question = { action: 'publish', topic, qos, retain } as const;
  const given = client.session.publishAnswer(topic, qos, retain);
  client.hold(askSource(context, client, question, given), (said) => {
    receive(client, packet, context, said);
  });
};

/** The bounds are those of the whole topic, which others are sent. */
const isPublishable = ({ mountpoint }: Session, topic: string, { limits }: BrokerContext): boolean =>
  isTopicName(topic, limits) &&
  (mountpoint === undefined || exceededTopicBound(mountpoint + topic, limits) === undefined);

function receive(
  client: OnlineClient,
  packet: PublishPacket,
  context: BrokerContext,
  allowed: boolean,
): void {
  if (!allowed && context.access.denyAction === 'disconnect') {
    denied(client, packet, context);
    client.disconnect(ReasonCode.notAuthorized, 'publish-denied');
    return;
  }
  switch (packet.qos) {
    case 0:
      accept(client, packet, context, allowed);
      return;
    case 1:
      receiveAtLeastOnce(client, packet, context, allowed);
      return;
    case 2:
      receiveExactlyOnce(client, packet, context, allowed);
  }
}

/**
 * A packet id of the client's own open QoS 2 exchange is not free for another message, and MQTT 5 has a code for it. MQTT 3
 * has none: there the message is taken all the same, for a client that has lost its state would be closed each time it
 * comes back.
 */
function receiveAtLeastOnce(
  client: OnlineClient,
  packet: PublishPacket,
  context: BrokerContext,
  allowed: boolean,
): void {
  const { journal } = context;
  const isInUse = client.version === 5 && client.session.unreleased.has(packet.packetId);
  const { position } = journal;
  const code = isInUse ? ReasonCode.packetIdentifierInUse : accept(client, packet, context, allowed);
  client.answer(acknowledge(client, 'puback', packet.packetId, code), journal.since(position));
}

/** [MQTT-4.3.3-10] a packet id that was not released is the same message again: acknowledged, not published. */
function receiveExactlyOnce(
  client: OnlineClient,
  packet: PublishPacket,
  context: BrokerContext,
  allowed: boolean,
): void {
  const { session } = client;
  const { unreleased } = session;
  const { journal } = context;
  if (unreleased.has(packet.packetId)) {
    // The batch that it came with may be on its way to the disk still.
    client.answer(acknowledge(client, 'pubrec', packet.packetId, ReasonCode.success), journal.latest);
    return;
  }
  // [MQTT-3.3.4-7] more than the Receive Maximum that CONNACK told; MQTT 3 clients are held to it untold.
  if (unreleased.size >= context.limits.inflightMax) {
    client.disconnect(ReasonCode.receiveMaximumExceeded, 'receive-maximum-exceeded');
    return;
  }
  const { position } = journal;
  const code = accept(client, packet, context, allowed);
  // [MQTT-4.3.3-9] a refusing PUBREC ends the exchange.
  if (client.version !== 5 || code < ReasonCode.unspecifiedError) session.receive(packet.packetId);
  client.answer(acknowledge(client, 'pubrec', packet.packetId, code), journal.since(position));
}

function denied(
  { session }: OnlineClient,
  { topic, qos, retain }: PublishPacket,
  context: BrokerContext,
): void {
  context.counters.messages.denied += 1;
  context.denials.record(session, 'publish', topic, deniedBy(session.publishAnswer(topic, qos, retain)));
}

/** Publishes if the client may, and returns the code for its acknowledgement. */
function accept(
  client: OnlineClient,
  packet: PublishPacket,
  context: BrokerContext,
  allowed: boolean,
): number {
  if (!allowed) {
    denied(client, packet, context);
    return ReasonCode.notAuthorized;
  }
  const { session, version } = client;
  client.useful();
  if (isWrongText(packet.saysText, packet.payload, context.limits)) {
    context.counters.bounds.met('payloadFormatCheckBytesMax');
    return ReasonCode.payloadFormatInvalid;
  }
  const { payload, qos, retain, properties, expirySeconds, encoded } = packet;
  const { clientId: publisher, principal, mountpoint } = session;
  const topic = mounted(mountpoint, packet.topic);
  const message = createMessage(
    { topic, payload, qos, retain, properties, publisher, principal, expirySeconds },
    context.clock,
  );
  // A packet with another topic than the message serves nobody.
  if (mountpoint === undefined) cameAs(message, encoded, version);
  const result = publishCreated(context, message);
  if (result === 'retained-full') return ReasonCode.quotaExceeded;
  // Nobody knows whether somebody at another node is subscribed who keeps nothing.
  return context.peers.current === undefined ? codeForReceivers(result.receivers) : ReasonCode.success;
}
