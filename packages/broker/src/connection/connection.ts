import type { Duplex } from 'node:stream';
import type { Attempt, ProtocolVersion } from '@gatehouse/auth-core';
import { withoutPassword } from '../access/ask.ts';
import type { BrokerContext, Peer } from '../context.ts';
import type { Ticket } from '../journal/ticket.ts';
import { Codec } from '../protocol/codec.ts';
import { encodeDisconnect } from '../protocol/disconnect.ts';
import { Framer } from '../protocol/framing.ts';
import type { AuthPacket, ConnectPacket, EncodedPublish } from '../protocol/packets.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import { OutboundAliases } from '../protocol/topic-aliases.ts';
import type { CloseCause } from '../session/link.ts';
import type { Session } from '../session/session.ts';
import { Answers } from './answers.ts';
import {
  acceptingConnack,
  type Admitted,
  connectionFacts,
  effectiveKeepAlive,
  loginOf,
} from './admission.ts';
import { watchDeadline } from './deadline.ts';
import { Intake, type Sender } from './intake.ts';
import { watchKeepAlive } from './keepalive.ts';
import { Outbound } from './outbound.ts';
import { type Reauthentication, reauthenticationOf } from './reauthentication.ts';
import { type Door, Reception } from './reception.ts';
import type { ConnectionState } from './state.ts';

/** What the listener wants to hear of a connection. */
export interface ConnectionEvents {
  /** The client is admitted: it is half-open no longer. */
  online(): void;
  closed(): void;
}

type ClientTerms = Pick<
  ConnectPacket,
  'version' | 'packetBytesMax' | 'receiveMaximum' | 'problemInformation'
>;

/** One network connection, from its first byte to its last. */
export class Connection implements Sender, Door {
  readonly #context: BrokerContext;
  readonly #peer: Peer;
  readonly #stream: Duplex;
  readonly #events: ConnectionEvents;
  readonly #outbound: Outbound;
  readonly #answers: Answers;
  readonly #intake: Intake;
  /** Until the client is admitted. */
  #reception: Reception | undefined;
  #state: ConnectionState = { tag: 'awaiting-connect' };
  /** What CONNECT said about this connection; its password is not kept. */
  #client: ClientTerms | undefined;
  #session: Session | undefined;
  #aliases: OutboundAliases | undefined;
  #reauthentication: Reauthentication | undefined;
  #asker: Attempt | undefined;
  #wasUseful = false;
  #cancelTimer: () => void = () => undefined;

  constructor(context: BrokerContext, peer: Peer, stream: Duplex, events: ConnectionEvents) {
    this.#context = context;
    this.#peer = peer;
    this.#stream = stream;
    this.#events = events;
    const framer = new Framer(context.limits.preAuthPacketBytesMax);
    const codec = new Codec(context.limits);
    this.#outbound = new Outbound(stream, context, {
      drained: () => {
        if (this.#state.tag === 'online') this.#state.session.outgoing.pump();
      },
      overflow: (bound) => {
        context.counters.bounds.met(bound);
        this.disconnect(ReasonCode.quotaExceeded, 'slow-consumer');
      },
    });
    this.#answers = new Answers(context.journal, this);
    this.#intake = new Intake(context, peer, stream, { framer, codec }, this);
    this.#reception = new Reception(context, peer, framer, codec, this);
    this.#reception.open();
    stream.on('data', (chunk: Buffer) => {
      this.#intake.received(chunk);
    });
    // An error is followed by `close`, which does what there is to do.
    stream.on('error', () => undefined);
    stream.on('end', () => {
      if (!stream.writableEnded) stream.end();
    });
    stream.on('close', () => {
      this.#closed();
    });
  }

  get version(): ProtocolVersion {
    return this.#client?.version ?? 4;
  }

  get origin() {
    const { ip, tls } = this.#peer;
    return { ip, fingerprint: tls?.certificate?.fingerprint };
  }

  get asker(): Attempt | undefined {
    return this.#asker;
  }

  get packetBytesMax(): number {
    return this.#client?.packetBytesMax ?? 0;
  }

  get problemInformation(): boolean {
    return this.#client?.problemInformation ?? true;
  }

  get receiveMaximum(): number {
    return this.#client?.receiveMaximum ?? 0;
  }

  get aliases(): OutboundAliases | undefined {
    return this.#aliases;
  }

  /** Before CONNACK nothing is sent: the session is this connection's already. */
  get congested(): boolean {
    return this.#state.tag !== 'online' || this.#outbound.congested;
  }

  /** Asked by handlers, which run for admitted clients only; still there while the connection closes under them. */
  get session(): Session {
    if (this.#session === undefined) throw new Error('the client was not admitted');
    return this.#session;
  }

  get tag(): ConnectionState['tag'] {
    return this.#state.tag;
  }

  /** [MQTT-3.1.2-24], [MQTT-3.1.2-25] what is larger than the client takes is left out. */
  send(bytes: Buffer): void {
    if (this.#state.tag !== 'closing' && bytes.length <= this.packetBytesMax) this.#outbound.send(bytes);
  }

  sendCopy(encoded: EncodedPublish, packetId: number, flags: number): void {
    if (this.#state.tag !== 'closing') this.#outbound.sendCopy(encoded, packetId, flags);
  }

  answer(bytes: Buffer, ticket: Ticket, then?: () => void): void {
    this.#answers.add(bytes, ticket, then);
  }

  ask(bytes: Buffer): void {
    this.#outbound.send(bytes);
  }

  hold<T>(work: Promise<T>, then: (result: T) => void): void {
    this.#intake.hold(work, then);
  }

  get isOwedAnswers(): boolean {
    return this.#answers.areHeld;
  }

  receive(): void {
    if (this.#state.tag === 'awaiting-connect') this.#reception?.take();
    else if (this.#state.tag === 'authenticating') this.#reception?.answer();
  }

  heard(): void {
    if (this.#state.tag === 'online') this.#state.keepAlive.touch();
  }

  /** [MQTT-4.12.0-7] only who named a method in CONNECT may send AUTH. */
  reauthenticate(packet: AuthPacket): void {
    if (this.#reauthentication !== undefined) this.#reauthentication.take(packet);
    else this.disconnect(ReasonCode.protocolError, 'auth-without-method');
  }

  disconnect(code: number, what: string): void {
    this.close({ code, what, publishWill: true });
  }

  useful(): void {
    this.#wasUseful = true;
  }

  leave(publishWill: boolean): void {
    if (!publishWill && this.#wasUseful) this.#context.attempts.left?.(this.session.clientId);
    this.#leaveSession(publishWill);
    this.finish('client-left');
  }

  regranted(expiresAt: number | undefined): void {
    if (this.#state.tag !== 'online') return;
    this.#state.cancelExpiry();
    this.#state = { ...this.#state, cancelExpiry: this.#watchGrant(expiresAt) };
  }

  close({ code, what, publishWill }: CloseCause): void {
    if (this.#state.tag === 'closing') return;
    const answer =
      this.#state.tag === 'online' && this.version === 5 ? encodeDisconnect(code, what, this) : undefined;
    this.#leaveSession(publishWill);
    this.finish(what, answer);
  }

  authenticating(attempt: Attempt): void {
    this.#state = { tag: 'authenticating', attempt };
  }

  admit(admitted: Admitted): void {
    const { limits, journal, registry } = this.#context;
    const { packet, session, ticket } = admitted;
    this.#cancelTimer();
    const { version, packetBytesMax, receiveMaximum, problemInformation } = packet;
    this.#client = { version, packetBytesMax, receiveMaximum, problemInformation };
    const aliases = Math.min(packet.topicAliasMaximum, limits.topicAliasesMax);
    if (aliases > 0) this.#aliases = new OutboundAliases(aliases);
    this.#reauthentication = reauthenticationOf(this.#context, this.#peer, this, admitted);
    this.#session = session;
    if (session.grant.asks !== undefined) this.#asker = withoutPassword(admitted.attempt);
    registry.attach(session, this);
    if (journal.isCommitted(ticket)) {
      this.#open(admitted);
      return;
    }
    this.#state = { tag: 'storing', session, admitted };
    this.setTimer(limits.authenticateTimeoutMs, () => {
      this.failing();
    });
    journal.wait(ticket, this);
  }

  /** The journal has what was waited for. */
  committed(): void {
    if (this.#state.tag === 'storing') this.#open(this.#state.admitted);
    else this.#intake.goOn();
  }

  /** The journal's disk takes nothing: who waits for CONNACK need not wait longer. */
  failing(): void {
    if (this.#state.tag === 'storing') this.#giveUp(this.#state.admitted);
  }

  /**
   * The client is told that it was not let in: no session is left that it does not know of. One that was there before is
   * left as by a lost connection: the will that waited for this client gave way to that of now.
   */
  #giveUp({ session, present, refuseUnstored }: Admitted): void {
    this.#leaveSession(present);
    if (!present) this.#context.registry.end(session);
    refuseUnstored();
  }

  /** CONNACK, and all that follows it. */
  #open(admitted: Admitted): void {
    const { attempt, packet, session } = admitted;
    const { clock, limits, counters } = this.#context;
    const { grant } = session;
    this.#reception = undefined;
    this.#cancelTimer();
    const keepAliveSeconds = effectiveKeepAlive(packet, limits.keepAliveSecondsMax);
    if (keepAliveSeconds !== packet.keepAliveSeconds) counters.bounds.met('keepAliveSecondsMax');
    const keepAlive = watchKeepAlive(
      clock,
      keepAliveSeconds,
      () => {
        this.disconnect(ReasonCode.keepAliveTimeout, 'keep-alive-timeout');
      },
      () => this.#intake.isHeld,
    );
    this.#state = { tag: 'online', session, keepAlive, cancelExpiry: this.#watchGrant(grant.expiresAt) };
    session.connection = connectionFacts(this.#peer, packet, keepAliveSeconds, clock.now());
    this.#intake.open();
    const connack = acceptingConnack(this.#context, attempt, packet, admitted);
    if (connack.length > packet.packetBytesMax) {
      // Who cannot take CONNACK is never told that it is admitted.
      this.#leaveSession(false);
      this.finish('connack-too-large');
      return;
    }
    this.send(connack);
    admitted.told();
    counters.accepted(grant.anonymous);
    this.#reportAccepted(attempt, session, admitted.tookOver);
    this.#events.online();
    session.outgoing.resume();
    this.#intake.resume();
  }

  /** Writes a last answer, ends the stream, and destroys it if the peer does not follow. */
  finish(what: string, answer?: Buffer): void {
    this.#cancelTimer();
    const { counters, limits } = this.#context;
    counters.bounds.closed(what);
    this.#state = { tag: 'closing', what };
    if (answer !== undefined) this.#outbound.send(answer);
    this.#outbound.end();
    this.setTimer(limits.closeTimeoutMs, () => {
      counters.bounds.met('closeTimeoutMs');
      this.#stream.destroy();
    });
  }

  setTimer(ms: number, run: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#context.clock.after(ms, run);
  }

  #reportAccepted(attempt: Attempt, { grant }: Session, tookOver: boolean): void {
    const login = loginOf(attempt, grant, tookOver);
    this.#context.attempts.accepted(login);
    this.#context.onAccepted?.(login, grant);
  }

  #watchGrant(expiresAt: number | undefined): () => void {
    if (expiresAt === undefined) return () => undefined;
    return watchDeadline(this.#context.clock, expiresAt, () => {
      this.disconnect(ReasonCode.notAuthorized, 'grant-expired');
    });
  }

  #leaveSession(publishWill: boolean): void {
    if (this.#state.tag !== 'online' && this.#state.tag !== 'storing') return;
    const { session } = this.#state;
    if (this.#state.tag === 'online') {
      this.#state.keepAlive.stop();
      this.#state.cancelExpiry();
    }
    this.#answers.clear();
    this.#state = { tag: 'closing', what: 'leaving' };
    this.#context.registry.detach(session, this, publishWill);
  }

  #closed(): void {
    this.#leaveSession(true);
    this.#cancelTimer();
    this.#reauthentication?.stop();
    this.#state = { tag: 'closing', what: 'closed' };
    this.#outbound.stop();
    this.#events.closed();
  }
}
