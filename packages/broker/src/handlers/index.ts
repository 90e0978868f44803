import type { OnlineClient } from '../connection/client.ts';
import type { BrokerContext } from '../context.ts';
import type { ClientPacketKind, ClientPackets } from '../protocol/packets.ts';
import { handleAuth } from './auth.ts';
import { handleDisconnect } from './disconnect.ts';
import type { Handler } from './handler.ts';
import { handlePingreq } from './pingreq.ts';
import { handlePuback } from './puback.ts';
import { handlePubcomp } from './pubcomp.ts';
import { handlePublish } from './publish.ts';
import { handlePubrec } from './pubrec.ts';
import { handlePubrel } from './pubrel.ts';
import { handleSubscribe } from './subscribe.ts';
import { handleUnsubscribe } from './unsubscribe.ts';

/** What is done with each packet of an admitted client; a kind without an entry does not compile. */
const handlers: { readonly [K in ClientPacketKind]: Handler<K> } = {
  publish: handlePublish,
  puback: handlePuback,
  pubrec: handlePubrec,
  pubrel: handlePubrel,
  pubcomp: handlePubcomp,
  subscribe: handleSubscribe,
  unsubscribe: handleUnsubscribe,
  pingreq: handlePingreq,
  disconnect: handleDisconnect,
  auth: handleAuth,
};

/** Hands a packet to its handler. */
export function dispatch<K extends ClientPacketKind>(
  kind: K,
  client: OnlineClient,
  packet: ClientPackets[K],
  context: BrokerContext,
): void {
  handlers[kind](client, packet, context);
}
