import type { OnlineClient } from '../connection/client.ts';
import type { BrokerContext } from '../context.ts';
import type { ClientPacketKind, ClientPackets } from '../protocol/packets.ts';

/** Handles one kind of packet. */
export type Handler<K extends ClientPacketKind> = (
  client: OnlineClient,
  packet: ClientPackets[K],
  context: BrokerContext,
) => void;
