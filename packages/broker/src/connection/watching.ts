import type { Attempt } from '@gatehouse/auth-core';
import type { WatchEntry } from '@gatehouse/ports';
import type { BrokerContext, Peer } from '../context.ts';
import type { Frame } from '../protocol/framing.ts';
import { maskConnect } from '../protocol/mask-connect.ts';
import type { ConnectFacts, ConnectFault, ConnectPacket } from '../protocol/packets.ts';

/** How a watched attempt ended; the reason of a refusal. */
export type WatchedOutcome = Pick<WatchEntry, 'outcome' | 'reason'>;

export const ACCEPTED: WatchedOutcome = { outcome: 'accepted', reason: null };
export const BUSY: WatchedOutcome = { outcome: 'busy', reason: null };

/** The CONNECT as it may be shown, if somebody watches this client or address. */
export function watchedConnect(
  { watches }: BrokerContext,
  { ip }: Peer,
  packet: ConnectPacket | ConnectFault,
  frame: Frame,
): Buffer | undefined {
  if (watches === undefined) return undefined;
  const valid = !('reason' in packet);
  const clientId = valid ? packet.clientId : packet.facts.clientId;
  return watches.wants(clientId ?? null, ip) ? maskConnect(frame, valid) : undefined;
}

/** Tells the watches how an attempt ended. */
export function watchAttempt(
  { watches }: BrokerContext,
  peer: Peer,
  attempt: Attempt,
  { outcome, reason }: WatchedOutcome,
  connect: Buffer | undefined,
): void {
  const { id: ref, at, clientId, username = null, protocolVersion: protocol } = attempt;
  if (watches?.wants(clientId, peer.ip) !== true) return;
  const { ip, port, listener } = peer;
  watches.observe({ at, outcome, reason, ref, clientId, username, ip, port, listener, protocol, connect });
}

/** Tells the watches of a refusal without a valid CONNECT. */
export function watchFault(
  { watches, clock }: BrokerContext,
  { ip, port, listener }: Peer,
  { ref, reason, facts }: Pick<WatchEntry, 'ref' | 'reason'> & { readonly facts: ConnectFacts },
  connect: Buffer | undefined,
): void {
  const clientId = facts.clientId ?? null;
  if (watches?.wants(clientId, ip) !== true) return;
  const username = facts.username ?? null;
  const protocol = facts.version ?? null;
  const at = clock.now();
  watches.observe({
    at,
    outcome: 'refused',
    reason,
    ref,
    clientId,
    username,
    ip,
    port,
    listener,
    protocol,
    connect,
  });
}
