import type { Duplex } from 'node:stream';
import { type Attempt, CONNACK_BUSY, connack, type Decision, type MaybePromise } from '@gatehouse/auth-core';
import type { ProtocolVersion } from '@gatehouse/auth-core';
import type { BrokerContext, Peer } from '../context.ts';
import { dispatch } from '../handlers/index.ts';
import { Codec, encode } from '../protocol/codec.ts';
import { Framer, type Frame, type FramingFault } from '../protocol/framing.ts';
import type { ConnectFault, ConnectPacket } from '../protocol/packets.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import { foreignReason, sniff } from '../protocol/sniff.ts';
import type { CloseCause } from '../session/link.ts';
import type { Session } from '../session/session.ts';
import { acceptingConnack, effectiveKeepAlive, rule, toAttempt } from './admission.ts';
import type { OnlineClient } from './client.ts';
import { watchDeadline } from './deadline.ts';
import { watchKeepAlive } from './keepalive.ts';
import { Outbound } from './outbound.ts';
import { createReference } from './reference.ts';
import {
  recordAttempt,
  recordConnectFault,
  recordStranger,
  type Refusal,
  refusingConnack,
} from './refusal.ts';
import type { ConnectionState } from './state.ts';

/** Bytes that tell a CONNECT from HTTP, TLS and garbage: the longest HTTP method with its blank. */
const SNIFF_BYTES = 8;
const HTTP_ANSWER =
  'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nThis port speaks MQTT.\n';

/** What the listener wants to hear of a connection. */
export interface ConnectionEvents {
  /** The client is admitted: it is half-open no longer. */
  online(): void;
  closed(): void;
}

/** One network connection, from its first byte to its last. */
export class Connection implements OnlineClient {
  readonly #context: BrokerContext;
  readonly #peer: Peer;
  readonly #stream: Duplex;
  readonly #events: ConnectionEvents;
  readonly #framer: Framer;
  readonly #codec: Codec;
  readonly #outbound: Outbound;
  #state: ConnectionState = { tag: 'awaiting-connect' };
  #connect: ConnectPacket | undefined;
  #session: Session | undefined;
  #answeredBusy = false;
  #cancelTimer: () => void;

  constructor(context: BrokerContext, peer: Peer, stream: Duplex, events: ConnectionEvents) {
    this.#context = context;
    this.#peer = peer;
    this.#stream = stream;
    this.#events = events;
    this.#framer = new Framer(context.limits.preAuthPacketBytesMax);
    this.#codec = new Codec(context.limits);
    this.#outbound = new Outbound(stream, context, {
      drained: () => {
        if (this.#state.tag === 'online') this.#state.session.pump();
      },
      overflow: () => {
        this.disconnect(ReasonCode.quotaExceeded, 'slow-consumer');
      },
    });
    this.#cancelTimer = context.clock.after(context.limits.connectTimeoutMs, () => {
      this.#connectTimedOut();
    });
    stream.on('data', (chunk: Buffer) => {
      this.#received(chunk);
    });
    // An error is followed by `close`, which does what there is to do.
    stream.on('error', () => undefined);
    stream.on('end', () => {
      stream.end();
    });
    stream.on('close', () => {
      this.#closed();
    });
  }

  get version(): ProtocolVersion {
    return this.#connect?.version ?? 4;
  }

  get packetBytesMax(): number {
    return this.#connect?.packetBytesMax ?? 0;
  }

  get receiveMaximum(): number {
    return this.#connect?.receiveMaximum ?? 0;
  }

  get congested(): boolean {
    return this.#outbound.congested;
  }

  /** Asked by handlers, which run for admitted clients only; still there while the connection closes under them. */
  get session(): Session {
    if (this.#session === undefined) throw new Error('the client was not admitted');
    return this.#session;
  }

  get tag(): ConnectionState['tag'] {
    return this.#state.tag;
  }

  send(bytes: Buffer): void {
    if (this.#state.tag !== 'closing') this.#outbound.send(bytes);
  }

  disconnect(code: number, what: string): void {
    this.close({ code, what, publishWill: true });
  }

  leave(publishWill: boolean): void {
    this.#leaveSession(publishWill);
    this.#finish('client-left');
  }

  close({ code, what, publishWill }: CloseCause): void {
    if (this.#state.tag === 'closing') return;
    const answer =
      this.#state.tag === 'online' && this.version === 5
        ? encode({ cmd: 'disconnect', reasonCode: code }, 5)
        : undefined;
    this.#leaveSession(publishWill);
    this.#finish(what, answer);
  }

  #received(chunk: Buffer): void {
    this.#context.counters.messages.bytesReceived += chunk.length;
    if (this.#state.tag === 'closing') return;
    if (this.#state.tag === 'online') this.#state.keepAlive.touch();
    this.#framer.push(chunk);
    try {
      this.#advance();
    } catch (error) {
      // A defect of ours ends the connection that met it, and no other.
      this.#context.log.error({ error, listener: this.#peer.listener }, 'a packet could not be handled');
      this.disconnect(ReasonCode.implementationSpecific, 'internal-error');
    }
  }

  /** Takes frames as far as the state allows. */
  #advance(): void {
    if (this.#state.tag === 'awaiting-connect') this.#takeConnect();
    while (this.#isOnline()) {
      const result = this.#framer.next();
      if (result === undefined) return;
      if ('kind' in result) this.#badFraming(result);
      else this.#takePacket(result);
    }
    // What comes ahead of CONNACK waits; over the bound the client's own TCP window holds it back.
    if (this.#framer.bufferedBytes > this.#context.limits.preAuthPacketBytesMax) this.#stream.pause();
  }

  #isOnline(): boolean {
    return this.#state.tag === 'online';
  }

  #takePacket(frame: Frame): void {
    const packet = this.#codec.read(frame);
    if ('what' in packet) this.disconnect(packet.code, packet.what);
    else dispatch(packet.cmd, this, packet, this.#context);
  }

  #badFraming(fault: FramingFault): void {
    const tooLarge = fault.kind === 'too-large';
    this.disconnect(tooLarge ? ReasonCode.packetTooLarge : ReasonCode.malformedPacket, fault.kind);
  }

  #takeConnect(): void {
    const start = this.#framer.peek(SNIFF_BYTES);
    const found = sniff(start);
    if (found === 'unsure') return;
    if (found !== 'connect') {
      const detail = { firstBytes: start.toString('hex') };
      recordStranger(this.#context, this.#peer, { reason: foreignReason(found), detail, by: null });
      this.#finish(found, found === 'http' ? Buffer.from(HTTP_ANSWER) : undefined);
      return;
    }
    const result = this.#framer.next();
    if (result === undefined) return;
    if ('kind' in result) this.#badConnectFraming(result);
    else this.#authenticate(result);
  }

  #badConnectFraming(fault: FramingFault): void {
    const refusal: Refusal =
      fault.kind === 'too-large'
        ? {
            reason: 'PROTOCOL_PACKET_TOO_LARGE',
            detail: { bytes: fault.bytes, limitBytes: this.#context.limits.preAuthPacketBytesMax },
            by: null,
          }
        : { reason: 'PROTOCOL_MALFORMED_CONNECT', detail: { what: fault.kind }, by: null };
    recordStranger(this.#context, this.#peer, refusal);
    this.#finish(fault.kind);
  }

  #connectTimedOut(): void {
    const detail = {
      receivedBytes: this.#framer.bufferedBytes,
      limitMs: this.#context.limits.connectTimeoutMs,
    };
    recordStranger(this.#context, this.#peer, { reason: 'PROTOCOL_CONNECT_TIMEOUT', detail, by: null });
    this.#finish('connect-timeout');
  }

  #authenticate(frame: Frame): void {
    const packet = this.#codec.connect(frame);
    if ('reason' in packet) {
      this.#refuseFault(packet);
      return;
    }
    const { clock, limits, counters, verificationTimes } = this.#context;
    this.#connect = packet;
    const attempt = toAttempt(this.#context, this.#peer, packet);
    this.#state = { tag: 'authenticating', attempt };
    this.#setTimer(limits.authenticateTimeoutMs, () => {
      this.#answerBusy();
    });
    const startedAt = clock.monotonic();
    const decided = (decision: Decision): void => {
      const spentMs = clock.monotonic() - startedAt;
      counters.decided(decision);
      verificationTimes.observe(decision, spentMs);
      this.#settleLater(attempt, packet, decision, spentMs);
    };
    const answer = this.#decide(attempt);
    if (answer instanceof Promise) answer.then(decided, this.#chainFailed);
    else decided(answer);
  }

  #decide(attempt: Attempt): MaybePromise<Decision> {
    try {
      return this.#context.chains(attempt.chain).decide(attempt);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error('the chain threw'));
    }
  }

  readonly #chainFailed = (error: unknown): void => {
    this.#context.log.error({ error, listener: this.#peer.listener }, 'the chain failed');
    this.#answerBusy();
  };

  /** A refusal for an unknown user takes as long as verifying a secret did lately. */
  #settleLater(attempt: Attempt, packet: ConnectPacket, decision: Decision, spentMs: number): void {
    const { verificationTimes } = this.#context;
    const delayMs =
      decision.outcome === 'deny' && attempt.password !== undefined
        ? verificationTimes.delayFor(decision.reason, spentMs, Math.random())
        : 0;
    if (delayMs === 0) this.#settle(attempt, packet, decision);
    else
      this.#setTimer(delayMs, () => {
        this.#settle(attempt, packet, decision);
      });
  }

  /** Of a client that has gone meanwhile only its refusal remains; one that was told "busy" was not refused. */
  #settle(attempt: Attempt, packet: ConnectPacket, decision: Decision): void {
    if (this.#state.tag !== 'authenticating') {
      if (decision.outcome === 'deny' && !this.#answeredBusy)
        recordAttempt(this.#context, this.#peer, attempt, decision);
      return;
    }
    const ruling = rule(this.#context, attempt, packet, decision);
    switch (ruling.outcome) {
      case 'busy':
        this.#answerBusy();
        return;
      case 'refused':
        this.#refuseAttempt(attempt, ruling.refusal);
        return;
      case 'admitted':
        this.#admit(attempt, packet, ruling.session, ruling.present);
    }
  }

  #admit(attempt: Attempt, packet: ConnectPacket, session: Session, present: boolean): void {
    const { clock, limits, counters } = this.#context;
    const { grant } = session;
    this.#cancelTimer();
    const keepAlive = watchKeepAlive(clock, effectiveKeepAlive(packet, limits.keepAliveSecondsMax), () => {
      this.disconnect(ReasonCode.keepAliveTimeout, 'keep-alive-timeout');
    });
    this.#state = { tag: 'online', session, keepAlive, cancelExpiry: this.#watchGrant(grant.expiresAt) };
    this.#session = session;
    session.link = this;
    this.#framer.limitBytes = limits.packetBytesMax;
    this.send(acceptingConnack(this.#context, attempt, packet, session, present));
    counters.accepted(grant.anonymous);
    this.#reportAccepted(attempt, session);
    this.#events.online();
    session.resume();
    if (this.#stream.isPaused()) this.#stream.resume();
    this.#advance();
  }

  #reportAccepted(attempt: Attempt, { grant }: Session): void {
    const login = {
      at: attempt.at,
      clientId: attempt.clientId,
      username: attempt.username ?? null,
      credentialId: grant.credentialId ?? null,
      ip: attempt.ip,
      listener: attempt.listener,
      tlsUsed: attempt.tls !== null,
      protocol: attempt.protocolVersion,
    };
    this.#context.attempts.accepted(login);
    this.#context.onAccepted?.(login, grant);
  }

  #watchGrant(expiresAt: number | undefined): () => void {
    if (expiresAt === undefined) return () => undefined;
    return watchDeadline(this.#context.clock, expiresAt, () => {
      this.disconnect(ReasonCode.notAuthorized, 'grant-expired');
    });
  }

  #refuseFault({ reason, what, facts, answer }: ConnectFault): void {
    const ref = createReference();
    const refusal = { reason, detail: { what }, by: null };
    recordConnectFault(this.#context, this.#peer, refusal, ref, facts, answer);
    const bytes =
      answer === undefined ? undefined : refusingConnack(this.#context, answer, connack(answer, reason), ref);
    this.#finish(what, bytes);
  }

  #refuseAttempt(attempt: Attempt, refusal: Refusal): void {
    const version = attempt.protocolVersion;
    recordAttempt(this.#context, this.#peer, attempt, refusal);
    const code = connack(version, refusal.reason);
    this.#finish('refused', refusingConnack(this.#context, version, code, attempt.id));
  }

  /** Being busy is not being unauthorized: it is counted, not recorded (auth.md §3). */
  #answerBusy(): void {
    if (this.#state.tag !== 'authenticating') return;
    this.#answeredBusy = true;
    this.#context.counters.busy();
    const { version } = this;
    const code = version === 5 ? CONNACK_BUSY.v5 : CONNACK_BUSY.v3;
    this.#finish('busy', refusingConnack(this.#context, version, code, undefined));
  }

  #setTimer(ms: number, run: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#context.clock.after(ms, run);
  }

  #leaveSession(publishWill: boolean): void {
    if (this.#state.tag !== 'online') return;
    const { session, keepAlive, cancelExpiry } = this.#state;
    keepAlive.stop();
    cancelExpiry();
    this.#state = { tag: 'closing', what: 'leaving' };
    this.#context.registry.detach(session, this, publishWill);
  }

  /** Writes a last answer, ends the stream, and destroys it if the peer does not follow. */
  #finish(what: string, answer?: Buffer): void {
    this.#cancelTimer();
    this.#state = { tag: 'closing', what };
    if (answer !== undefined) this.#outbound.send(answer);
    this.#outbound.end();
    this.#setTimer(this.#context.limits.closeTimeoutMs, () => this.#stream.destroy());
  }

  #closed(): void {
    this.#leaveSession(true);
    this.#cancelTimer();
    this.#state = { tag: 'closing', what: 'closed' };
    this.#outbound.stop();
    this.#events.closed();
  }
}
