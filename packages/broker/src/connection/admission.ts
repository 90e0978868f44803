import { type Access, type Attempt, type Decision, type Grant, Secret } from '@gatehouse/auth-core';
import type { AcceptedLogin } from '@gatehouse/ports';
import type { BrokerContext, Peer } from '../context.ts';
import type { Ticket } from '../journal/ticket.ts';
import { encode, encodeConnack3 } from '../protocol/codec.ts';
import type { ConnectPacket } from '../protocol/packets.ts';
import { ReasonCode, ReturnCode } from '../protocol/reason-codes.ts';
import { exceededTopicBound } from '../protocol/topic.ts';
import { withoutToken } from '../recorder/text.ts';
import type { SessionOrigin } from '../access/policy.ts';
import { publishAnswer } from '../router/sys-prefix.ts';
import type { ConnectionFacts } from '../session/connection-facts.ts';
import { mounted } from '../session/mountpoint.ts';
import type { Session } from '../session/session.ts';
import { createReference } from './reference.ts';
import type { Refusal } from './refusal.ts';

/** Session expiry that never ends (MQTT 5.0 §3.1.2.11.2). */
const NEVER_EXPIRES = 0xffff_ffff;

/** Reduces a CONNECT to the plain facts that the chain may look at (auth.md §1.4). */
export function toAttempt(context: BrokerContext, peer: Peer, packet: ConnectPacket): Attempt {
  const ref = createReference();
  const { username = packet.username, clientId: named = packet.clientId } = peer.identity ?? {};
  const clientId = peer.usernameAsClientId === true ? (username ?? '') : named;
  const assigned = clientId === '';
  return {
    id: ref,
    at: context.clock.now(),
    listener: peer.listener,
    chain: peer.chain,
    transport: peer.transport,
    ip: peer.ip,
    ...(peer.peerIp === undefined ? {} : { peerIp: peer.peerIp }),
    port: peer.port,
    tls: vouchedFor(peer.tls),
    protocolVersion: packet.version,
    clientId: assigned ? `auto-${ref}` : clientId,
    clientIdAssigned: assigned,
    username,
    password: packet.password === undefined ? undefined : new Secret(packet.password),
    cleanStart: packet.cleanStart,
    keepAliveSeconds: packet.keepAliveSeconds,
    authMethod: packet.authMethod,
    will: packet.will && { topic: packet.will.topic, qos: packet.will.qos, retain: packet.will.retain },
  };
}

/** A certificate that did not verify is in the chain's facts only: nobody takes a name from it by mistake. */
const vouchedFor = (tls: Attempt['tls']): Attempt['tls'] =>
  tls?.verification?.verified === false ? { ...tls, certificate: undefined } : tls;

/** What becomes of an attempt once the chain has decided. */
export type Ruling =
  | {
      readonly outcome: 'admitted';
      readonly session: Session;
      readonly present: boolean;
      readonly tookOver: boolean;
    }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  | { readonly outcome: 'busy' };

/** Applies a decision: the will is authorized, then the session opened or taken over (auth.md §1.7). */
export function rule(
  context: BrokerContext,
  attempt: Attempt,
  packet: ConnectPacket,
  decision: Decision,
  /** What the client's source said about the will; undefined where it was not asked. */
  willAllowed: boolean | undefined,
): Ruling {
  if (decision.outcome === 'busy') return { outcome: 'busy' };
  if (decision.outcome === 'deny') {
    const { reason, detail, by, trace } = decision;
    return { outcome: 'refused', refusal: { reason, detail, by, trace } };
  }
  const { grant, trace } = decision;
  const refuse = (refusal: Omit<Refusal, 'by' | 'trace'>): Ruling => ({
    outcome: 'refused',
    refusal: { ...refusal, by: 'policy', trace },
  });
  const access = readRules(context, attempt, grant);
  if (access === undefined) {
    const detail = { problem: 'unreadable rules', credentialId: grant.credentialId ?? '' };
    return { outcome: 'refused', refusal: { reason: 'AUTHENTICATOR_ERROR', detail, by: decision.by, trace } };
  }
  if (attempt.will !== undefined && !(willAllowed ?? willAnswer(access, attempt.will).allowed)) {
    return refuse({ reason: 'WILL_NOT_AUTHORIZED', detail: { topic: attempt.will.topic } });
  }
  if (attempt.will !== undefined && isTooLong(attempt.will.topic, grant, context)) {
    const detail = { topic: attempt.will.topic, problem: 'with the mountpoint the topic is too long' };
    return refuse({ reason: 'WILL_NOT_AUTHORIZED', detail });
  }
  if (!context.connectRate.admit(attempt.clientId)) {
    context.counters.bounds.met('connectsPerClientPerMinuteMax');
    return refuse({ reason: 'QUOTA_EXCEEDED', detail: { bound: 'connectsPerClientPerMinuteMax' } });
  }
  const askedSeconds = askedExpiry(packet);
  const expirySeconds = Math.min(askedSeconds, context.limits.sessionExpirySecondsMax);
  const opened = context.registry.open({
    clientId: attempt.clientId,
    username: keptUsername(attempt, grant),
    grant,
    origin: originOf(attempt),
    cleanStart: attempt.cleanStart,
    expirySeconds,
    will: packet.will,
  });
  switch (opened.outcome) {
    case 'owned-by-other':
      return refuse({ reason: 'SESSION_OWNED_BY_OTHER' });
    case 'not-storable':
      return refuse({ reason: 'SESSION_NOT_STORED' });
    case 'full':
      context.counters.bounds.met(opened.bound);
      return refuse({ reason: 'QUOTA_EXCEEDED', detail: { bound: opened.bound } });
    case 'opened':
      // MQTT 3 has no way to ask for less than for ever: that every such session is kept shorter is no news.
      if (packet.version === 5 && expirySeconds < askedSeconds)
        context.counters.bounds.met('sessionExpirySecondsMax');
      // A resumed session comes back with today's rules, not with those its subscriptions were granted under.
      if (opened.present) context.router.reauthorize(opened.session);
      return {
        outcome: 'admitted',
        session: opened.session,
        present: opened.present,
        tookOver: opened.tookOver,
      };
  }
}

/** What CONNACK tells about the session, and the last data of the authentication method. */
export interface Admission {
  readonly session: Session;
  /** CONNACK's Session Present. */
  readonly present: boolean;
  readonly authData: Buffer | undefined;
  /** Another connection of the same client ID had to go. */
  readonly tookOver: boolean;
}

/** A client that was let in. */
export interface Admitted extends Admission {
  readonly attempt: Attempt;
  readonly packet: ConnectPacket;
  /** CONNACK waits for this batch of the journal. */
  readonly ticket: Ticket;
  /** Called when CONNACK is sent. */
  readonly told: () => void;
  /** Refuses after all: the batch does not get to the disk. */
  readonly refuseUnstored: () => void;
}

/** The CONNACK of an admitted client, with what the server sets for it (MQTT 5.0 §3.2.2.3). */
export function acceptingConnack(
  context: BrokerContext,
  attempt: Attempt,
  packet: ConnectPacket,
  { session, present, authData }: Admission,
): Buffer {
  const { version } = packet;
  if (version !== 5) return encodeConnack3(present, ReturnCode.accepted);
  const { limits } = context;
  const keepAlive = effectiveKeepAlive(packet, limits.keepAliveSecondsMax);
  const properties = {
    receiveMaximum: limits.inflightMax,
    maximumPacketSize: limits.packetBytesMax,
    topicAliasMaximum: limits.topicAliasesMax,
    // [MQTT-3.2.2-16] also where the transport named who named himself not.
    ...(packet.clientId === '' ? { assignedClientIdentifier: attempt.clientId } : {}),
    // [MQTT-4.12.0-5], [MQTT-4.12.0-6] the method of CONNECT, if there was one.
    ...(packet.authMethod === undefined ? {} : { authenticationMethod: packet.authMethod }),
    ...(authData === undefined ? {} : { authenticationData: authData }),
    ...(keepAlive === packet.keepAliveSeconds ? {} : { serverKeepAlive: keepAlive }),
    ...(session.expirySeconds === (packet.sessionExpirySeconds ?? 0)
      ? {}
      : { sessionExpiryInterval: session.expirySeconds }),
  };
  return encode(
    { cmd: 'connack', sessionPresent: present, reasonCode: ReasonCode.success, properties },
    version,
  );
}

/** How a client that is let in is connected. */
export const connectionFacts = (
  { listener, transport, ip, tls }: Peer,
  { version, cleanStart }: ConnectPacket,
  keepAliveSeconds: number,
  connectedAt: number,
): ConnectionFacts => ({
  listener,
  transport,
  ip,
  tls: tls !== null,
  tlsVersion: tls?.version ?? null,
  tlsCipher: tls?.cipher ?? null,
  commonName: vouchedFor(tls)?.certificate?.commonName,
  protocol: version,
  keepAliveSeconds,
  cleanStart,
  connectedAt,
});

/** Bounded for everybody; only MQTT 5 clients can be told (Server Keep Alive). */
export const effectiveKeepAlive = ({ keepAliveSeconds }: ConnectPacket, secondsMax: number): number =>
  keepAliveSeconds === 0 ? secondsMax : Math.min(keepAliveSeconds, secondsMax);

/** MQTT 3 has no expiry: without Clean Session it asks that the session be kept for ever. */
function askedExpiry({ version, sessionExpirySeconds, cleanStart }: ConnectPacket): number {
  if (version === 5) return sessionExpirySeconds ?? 0;
  return cleanStart ? 0 : NEVER_EXPIRES;
}

const willAnswer = (access: Access, { topic, qos, retain }: NonNullable<Attempt['will']>) =>
  publishAnswer(access, topic, qos, retain);

/** What the rules say about the will of a client that is being let in; null: it has none, or they cannot be read. */
export function aboutWill(context: BrokerContext, attempt: Attempt, grant: Grant) {
  if (attempt.will === undefined) return null;
  const access = readRules(context, attempt, grant);
  return access === undefined ? null : willAnswer(access, attempt.will);
}

/** The topic itself is within the bounds; what its mountpoint makes of it has to be, too. */
const isTooLong = (topic: string, { mountpoint }: Grant, { limits }: BrokerContext): boolean =>
  mountpoint !== undefined && exceededTopicBound(mounted(mountpoint, topic), limits) !== undefined;

const originOf = ({ ip, tls }: Attempt): SessionOrigin => ({ ip, commonName: tls?.certificate?.commonName });

/** Rules come from a store: those that cannot be read admit nobody, and say so where they are recorded. */
function readRules({ access, log }: BrokerContext, attempt: Attempt, grant: Grant): Access | undefined {
  const { username, clientId, listener } = attempt;
  try {
    return access.accessOf(grant, { username, clientId, origin: originOf(attempt) });
  } catch (err) {
    log.error(
      { err, listener, credentialId: grant.credentialId },
      'the rules of a credential cannot be read',
    );
    return undefined;
  }
}

/** A username that is a token is a secret: neither the journal nor a page may have it (auth.md §8). */
const keptUsername = ({ username }: Attempt, { credentialId }: Grant): string | undefined =>
  username === undefined || credentialId !== undefined ? username : withoutToken(username);

/** What a client proved in its handshake. */
function provedBy(tls: Attempt['tls']): Partial<AcceptedLogin> {
  const { certificate, pskIdentity } = tls ?? {};
  const psk = pskIdentity === undefined ? {} : { pskIdentity };
  if (certificate === undefined) return psk;
  const { serialNumber, fingerprint, commonName } = certificate;
  return { ...psk, serialNumber, fingerprint, commonName };
}

/** What is told of a client that was let in. */
export const loginOf = (attempt: Attempt, grant: Grant, tookOver: boolean): AcceptedLogin => ({
  at: attempt.at,
  clientId: attempt.clientId,
  username: keptUsername(attempt, grant) ?? null,
  credentialId: grant.credentialId ?? null,
  ip: attempt.ip,
  listener: attempt.listener,
  tlsUsed: attempt.tls !== null,
  protocol: attempt.protocolVersion,
  ...provedBy(attempt.tls),
  ...(tookOver ? { tookOver } : {}),
});
