import type { Attempt, ReasonCode, SafeDetail, Trace } from '@gatehouse/auth-core';
import type { RefusedAttempt } from '@gatehouse/ports';
import type { ProtocolVersion } from '@gatehouse/auth-core';
import type { BrokerContext, Peer } from '../context.ts';
import { encode, encodeConnack3 } from '../protocol/codec.ts';
import type { ConnectFault } from '../protocol/packets.ts';
import { createReference } from './reference.ts';
import { watchFault } from './watching.ts';

const NO_DETAIL: SafeDetail = {};
const NO_TRACE: Trace = [];
const NOTHING_READ: ConnectFault['facts'] = {
  version: undefined,
  clientId: undefined,
  username: undefined,
  passwordProvided: false,
  keepAliveSeconds: undefined,
  cleanStart: undefined,
};

/** Why an attempt was refused, and by whom. */
export interface Refusal {
  readonly reason: ReasonCode;
  readonly detail?: SafeDetail;
  /** The deciding authenticator, `policy`, or null where the protocol decided. */
  readonly by: string | null;
  readonly trace?: Trace;
  /** What the client is told, where that is not the reason's own code. */
  readonly connackCode?: number;
}

const untoldWhereOff = ({ attemptReference }: BrokerContext): Pick<RefusedAttempt, 'untold'> =>
  attemptReference ? {} : { untold: true };

/** Records a peer that was refused before a CONNECT was seen. */
export function recordStranger(context: BrokerContext, peer: Peer, refusal: Refusal): void {
  const ref = createReference();
  recordConnectFault(context, peer, refusal, ref, NOTHING_READ);
  watchFault(context, peer, { ref, reason: refusal.reason, facts: NOTHING_READ }, undefined);
}

/** Records a CONNECT that was no valid packet, with what could be read of it. */
export function recordConnectFault(
  context: BrokerContext,
  peer: Peer,
  { reason, detail = NO_DETAIL }: Refusal,
  ref: string,
  facts: ConnectFault['facts'],
  connackCode: number | null = null,
): void {
  context.counters.refused(reason);
  context.attempts.refused({
    ref,
    ...untoldWhereOff(context),
    at: context.clock.now(),
    reason,
    detail,
    connackCode,
    authenticator: null,
    clientId: facts.clientId ?? null,
    username: facts.username ?? null,
    passwordProvided: facts.passwordProvided,
    listener: peer.listener,
    ip: peer.ip,
    protocol: facts.version ?? null,
    keepAliveSeconds: facts.keepAliveSeconds ?? null,
    cleanStart: facts.cleanStart ?? null,
    trace: NO_TRACE,
    ...tlsFacts(peer),
  });
}

/** Records an attempt that the chain or a policy refused. */
export function recordAttempt(context: BrokerContext, peer: Peer, attempt: Attempt, refusal: Refusal): void {
  const { reason, detail = NO_DETAIL, by, trace = NO_TRACE } = refusal;
  const { connackCode = context.connackOf(attempt.protocolVersion, reason, detail) } = refusal;
  context.counters.refused(reason);
  context.attempts.refused({
    ref: attempt.id,
    ...untoldWhereOff(context),
    at: attempt.at,
    reason,
    detail,
    connackCode,
    authenticator: by,
    // An assigned ID would make a new row of every attempt (auth.md §1).
    clientId: attempt.clientIdAssigned ? '' : attempt.clientId,
    username: attempt.username ?? null,
    passwordProvided: attempt.password !== undefined,
    secret: attempt.password?.reveal(),
    listener: attempt.listener,
    ip: attempt.ip,
    protocol: attempt.protocolVersion,
    keepAliveSeconds: attempt.keepAliveSeconds,
    cleanStart: attempt.cleanStart,
    trace,
    ...tlsFacts(peer),
  });
}

/**
 * The refusing CONNACK: the wire code and, for MQTT 5, the attempt reference if the client can take it
 * ([MQTT-3.2.2-19]). Undefined where the connection closes without one.
 */
export function refusingConnack(
  context: BrokerContext,
  version: ProtocolVersion,
  code: number | null,
  ref: string | undefined,
  packetBytesMax = Infinity,
): Buffer | undefined {
  if (code === null) return undefined;
  if (version !== 5) return encodeConnack3(false, code);
  const bare = { cmd: 'connack', sessionPresent: false, reasonCode: code } as const;
  if (ref !== undefined && context.attemptReference) {
    const referring = encode({ ...bare, properties: { reasonString: ref } }, version);
    if (referring.length <= packetBytesMax) return referring;
  }
  const bytes = encode(bare, version);
  return bytes.length <= packetBytesMax ? bytes : undefined;
}

/** The chain that came with the handshake, with what is wrong at the certificate that is at fault. */
function presentedBy(tls: Peer['tls']): RefusedAttempt['presented'] {
  const { chain = [], verification } = tls ?? {};
  if (chain.length === 0) return undefined;
  const problem = verification?.verified === false ? verification : undefined;
  const at = chain.findIndex(({ subject }) => subject === problem?.subject);
  return chain.map(({ alternativeNames: _names, pem = null, ...facts }, index) => ({
    ...facts,
    problem: index === at ? (problem?.problem ?? null) : null,
    pem,
  }));
}

function tlsFacts({ tls, pskIdentity }: Peer) {
  return {
    tlsUsed: tls !== null,
    certificate: tls?.certificate ?? null,
    presented: presentedBy(tls),
    pskIdentity: tls?.pskIdentity ?? pskIdentity ?? null,
  };
}
