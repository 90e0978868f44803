import { type Attempt, CONNACK_BUSY, connack, type Decision, type MaybePromise } from '@gatehouse/auth-core';
import type { BrokerContext, Peer } from '../context.ts';
import type { Codec } from '../protocol/codec.ts';
import type { Frame, Framer, FramingFault } from '../protocol/framing.ts';
import type { ConnectFault, ConnectPacket } from '../protocol/packets.ts';
import { foreignReason, sniff } from '../protocol/sniff.ts';
import type { ClaimOutcome } from '../cluster/port.ts';
import { askAboutWill } from '../access/ask.ts';
import { mountedByListener } from '../listeners/mounting.ts';
import { aboutWill, type Admitted, rule, toAttempt } from './admission.ts';
import { FirstExchange } from './first-exchange.ts';
import { createReference } from './reference.ts';
import {
  recordAttempt,
  recordConnectFault,
  recordStranger,
  type Refusal,
  refusingConnack,
} from './refusal.ts';
import type { ConnectionState } from './state.ts';
import { refuseUnnamed } from './username-as-client-id.ts';
import { ACCEPTED, BUSY, watchAttempt, watchedConnect, watchFault, type WatchedOutcome } from './watching.ts';

/** Bytes that tell a CONNECT from HTTP, TLS and garbage: the longest HTTP method with its blank. */
const SNIFF_BYTES = 8;
const HTTP_ANSWER =
  'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nThis port speaks MQTT.\n';

/** The connection as its reception sees it; every transition of state is made there. */
export interface Door {
  readonly tag: ConnectionState['tag'];
  authenticating(attempt: Attempt): void;
  admit(admitted: Admitted): void;
  /** Sends a packet ahead of CONNACK: AUTH. */
  ask(bytes: Buffer): void;
  /** Sends the answer, if there is one, and closes. */
  finish(what: string, answer?: Buffer): void;
  /** Sets the connection's one timer. */
  setTimer(ms: number, run: () => void): void;
}

/** Everything that happens on a connection before its client is admitted (auth.md §1). */
export class Reception {
  readonly #context: BrokerContext;
  readonly #peer: Peer;
  readonly #framer: Framer;
  readonly #codec: Codec;
  readonly #door: Door;
  #answeredBusy = false;
  /** Under way with a client whose authentication method has several steps. */
  #exchange: FirstExchange | undefined;
  /** The masked CONNECT while its attempt is decided, if somebody watches. */
  #watched: Buffer | undefined;

  constructor(context: BrokerContext, peer: Peer, framer: Framer, codec: Codec, door: Door) {
    this.#context = context;
    this.#peer = peer;
    this.#framer = framer;
    this.#codec = codec;
    this.#door = door;
  }

  /** The deadline for CONNECT begins. */
  open(): void {
    this.#door.setTimer(this.#context.limits.connectTimeoutMs, () => {
      this.#timedOut();
    });
  }

  /** Takes the CONNECT once it is whole; refuses what cannot become one. */
  take(): void {
    const start = this.#framer.peek(SNIFF_BYTES);
    const found = sniff(start);
    if (found === 'unsure') return;
    if (found !== 'connect') {
      const detail = { firstBytes: start.toString('hex') };
      recordStranger(this.#context, this.#peer, { reason: foreignReason(found), detail, by: null });
      this.#door.finish(found, found === 'http' ? Buffer.from(HTTP_ANSWER) : undefined);
      return;
    }
    const result = this.#framer.next();
    if (result === undefined) return;
    if ('kind' in result) this.#badConnectFraming(result);
    else {
      const { messages } = this.#context.counters;
      messages.packetsReceived += 1;
      messages.connects += 1;
      this.#authenticate(result);
    }
  }

  #badConnectFraming(fault: FramingFault): void {
    if (fault.kind === 'too-large') this.#context.counters.bounds.met('preAuthPacketBytesMax');
    const refusal: Refusal =
      fault.kind === 'too-large'
        ? {
            reason: 'PROTOCOL_PACKET_TOO_LARGE',
            detail: { bytes: fault.bytes, limitBytes: this.#context.limits.preAuthPacketBytesMax },
            by: null,
          }
        : { reason: 'PROTOCOL_MALFORMED_CONNECT', detail: { what: fault.kind }, by: null };
    recordStranger(this.#context, this.#peer, refusal);
    this.#door.finish(fault.kind);
  }

  #timedOut(): void {
    const detail = {
      receivedBytes: this.#framer.bufferedBytes,
      limitMs: this.#context.limits.connectTimeoutMs,
    };
    recordStranger(this.#context, this.#peer, { reason: 'PROTOCOL_CONNECT_TIMEOUT', detail, by: null });
    this.#door.finish('connect-timeout');
  }

  #authenticate(frame: Frame): void {
    const packet = this.#codec.connect(frame);
    this.#watched = watchedConnect(this.#context, this.#peer, packet, frame);
    if ('reason' in packet) {
      this.#refuseFault(packet);
      return;
    }
    const { clock, limits, counters, verificationTimes } = this.#context;
    const attempt = toAttempt(this.#context, this.#peer, packet);
    this.#door.authenticating(attempt);
    if (this.#peer.refusal !== undefined) {
      // The listener has refused already; what was missing is who it is (auth.md §6).
      this.#refuseAttempt(attempt, { ...this.#peer.refusal, by: null }, 0, packet.packetBytesMax);
      return;
    }
    const startedAt = clock.monotonic();
    const spentMs = (): number => clock.monotonic() - startedAt;
    const { blocks } = this.#context;
    const blocked = refuseUnnamed(this.#peer.usernameAsClientId, attempt, limits) ?? blocks?.refuse(attempt);
    if (blocked !== undefined) {
      this.#settle(attempt, packet, blocked, spentMs(), undefined);
      return;
    }
    const settle = (given: Decision, data?: Buffer): void => {
      counters.decided(given);
      // Only now is it known who the client is, and a block may have been made meanwhile (auth.md §1.5).
      const reviewed = blocks?.review(attempt, given) ?? given;
      const decision = mountedByListener(this.#peer.mountpoint, attempt, reviewed);
      const asked = this.#askAboutWill(attempt, decision);
      if (asked === undefined) this.#settle(attempt, packet, decision, spentMs(), data);
      else
        asked
          .then((allowed) => {
            this.#settle(attempt, packet, decision, spentMs(), data, allowed);
          })
          .catch(failed);
    };
    this.#door.setTimer(limits.authenticateTimeoutMs, () => {
      counters.bounds.met('authenticateTimeoutMs');
      // A client that owes an answer is refused; one that was kept waiting is not.
      const decision = this.#exchange?.timedOut(limits.authenticateTimeoutMs);
      if (decision === undefined) this.#answerBusy(attempt);
      else settle(decision);
    });
    const decided = (decision: Decision): void => {
      verificationTimes.observe(decision, spentMs());
      settle(decision);
    };
    const failed = (error: unknown): void => {
      this.#context.log.error(
        { err: error, listener: this.#peer.listener },
        'an attempt could not be decided',
      );
      this.#answerBusy(attempt);
    };
    if (this.#exchanges(attempt, packet, settle, failed)) return;
    const answer = this.#decide(attempt);
    if (answer instanceof Promise) answer.then(decided).catch(failed);
    else decided(answer);
  }

  /** The will of a client whose source is asked about each topic; undefined: the rules decide about it. */
  #askAboutWill(attempt: Attempt, decision: Decision): Promise<boolean> | undefined {
    if (decision.outcome !== 'allow' || decision.grant.asks === undefined) return undefined;
    const given = aboutWill(this.#context, attempt, decision.grant);
    return given === null ? undefined : askAboutWill(this.#context, attempt, decision.grant, given);
  }

  /** Begins an exchange if CONNECT names a method (MQTT 5.0 §4.12); the chain says which there are. */
  #exchanges(
    attempt: Attempt,
    packet: ConnectPacket,
    decided: (decision: Decision, data: Buffer | undefined) => void,
    failed: (error: unknown) => void,
  ): boolean {
    const { authMethod: name, packetBytesMax } = packet;
    if (name === undefined) return false;
    const isOpen = (): boolean => this.#door.tag === 'authenticating';
    const { messages } = this.#context.counters;
    const incoming = { framer: this.#framer, codec: this.#codec, messages, isOpen };
    const exchange = new FirstExchange(incoming, name, packetBytesMax, {
      ask: (bytes) => {
        this.#door.ask(bytes);
      },
      left: () => {
        this.#door.finish('client-left');
      },
      decided,
      brokenOff: (reason, { code, what }) => {
        this.#recordRefusal(attempt, { reason, detail: { what }, by: null, connackCode: code });
        this.#door.finish(what, refusingConnack(this.#context, 5, code, attempt.id, packetBytesMax));
      },
      failed,
    });
    this.#exchange = exchange;
    exchange.begin(this.#context.chains(attempt.chain), attempt, packet);
    return true;
  }

  /** More has come from a client that is being authenticated. */
  answer(): void {
    this.#exchange?.answer();
  }

  #decide(attempt: Attempt): MaybePromise<Decision> {
    try {
      return this.#context.chains(attempt.chain).decide(attempt);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error('the chain threw'));
    }
  }

  /** With several nodes a client is let in where its client ID is, which may have to be fetched (ADR 0039). */
  #settle(
    attempt: Attempt,
    packet: ConnectPacket,
    decision: Decision,
    spentMs: number,
    authData: Buffer | undefined,
    willAllowed?: boolean,
  ): void {
    const { peers, log } = this.#context;
    const claims = peers.current?.claims;
    const ruled = (): void => {
      this.#ruled(attempt, packet, decision, spentMs, authData, willAllowed);
    };
    if (claims === undefined || decision.outcome !== 'allow' || this.#door.tag !== 'authenticating') {
      ruled();
      return;
    }
    const { clientId } = attempt;
    const claimed = (outcome: ClaimOutcome): void => {
      if (outcome === 'away') this.#answerBusy(attempt);
      else if (outcome === 'owned-by-other') {
        const { trace } = decision;
        const refusal: Refusal = { reason: 'SESSION_OWNED_BY_OTHER', by: 'policy', trace };
        if (this.#door.tag === 'authenticating')
          this.#refuseAttempt(attempt, refusal, spentMs, packet.packetBytesMax);
      } else if (this.#door.tag === 'authenticating' && !claims.holds(clientId)) {
        // Another node has asked for it meanwhile.
        this.#settle(attempt, packet, decision, spentMs, authData, willAllowed);
      } else {
        if (this.#door.tag === 'authenticating') ruled();
        const session = this.#context.registry.get(clientId);
        if (session === undefined) claims.release(clientId);
        else claims.keep(session);
      }
    };
    const outcome = claims.claim(clientId, decision.grant);
    if (!(outcome instanceof Promise)) claimed(outcome);
    else
      outcome.then(claimed).catch((err: unknown) => {
        log.error({ err, listener: this.#peer.listener }, 'a client could not be let in');
        this.#answerBusy(attempt);
      });
  }

  /** Of a client that has gone meanwhile only its refusal remains; one that was told "busy" was not refused. */
  #ruled(
    attempt: Attempt,
    packet: ConnectPacket,
    decision: Decision,
    spentMs: number,
    authData: Buffer | undefined,
    willAllowed?: boolean,
  ): void {
    if (this.#door.tag !== 'authenticating') {
      if (decision.outcome === 'deny' && !this.#answeredBusy) this.#recordRefusal(attempt, decision);
      return;
    }
    const { journal } = this.#context;
    const { position } = journal;
    const ruling = rule(this.#context, attempt, packet, decision, willAllowed);
    switch (ruling.outcome) {
      case 'busy':
        this.#answerBusy(attempt);
        return;
      case 'refused':
        this.#refuseAttempt(attempt, ruling.refusal, spentMs, packet.packetBytesMax);
        return;
      case 'admitted':
        this.#door.admit({
          attempt,
          packet,
          session: ruling.session,
          present: ruling.present,
          tookOver: ruling.tookOver,
          ticket: journal.since(position),
          authData,
          told: () => {
            this.#watch(attempt, ACCEPTED);
          },
          refuseUnstored: () => {
            const { trace } = decision;
            if (!journal.isFailing) {
              this.#tellBusy(attempt);
              return;
            }
            this.#recordRefusal(attempt, { reason: 'SESSION_NOT_STORED', by: 'policy', trace });
            this.#answerRefused(attempt, { reason: 'SESSION_NOT_STORED' }, packet.packetBytesMax);
          },
        });
    }
  }

  #refuseFault({ reason, what, facts, answer, code }: ConnectFault): void {
    const ref = createReference();
    const refusal = { reason, detail: { what }, by: null };
    const exact = answer === 5 ? code : undefined;
    const connackCode = answer === undefined ? null : (exact ?? connack(answer, reason));
    recordConnectFault(this.#context, this.#peer, refusal, ref, facts, connackCode);
    watchFault(this.#context, this.#peer, { ref, reason, facts }, this.#watched);
    const bytes = answer === undefined ? undefined : refusingConnack(this.#context, answer, connackCode, ref);
    this.#door.finish(what, bytes);
  }

  /** Recorded at once; answered when verifying a secret would have been done, so that a hang-up hides nothing. */
  #refuseAttempt(attempt: Attempt, refusal: Refusal, spentMs: number, packetBytesMax: number): void {
    this.#recordRefusal(attempt, refusal);
    const answer = (): void => {
      this.#answerRefused(attempt, refusal, packetBytesMax);
    };
    const { verificationTimes, givingWay } = this.#context;
    const asVerifiedMs =
      attempt.password === undefined ? 0 : verificationTimes.delayFor(refusal.reason, spentMs, Math.random);
    const delayMs = Math.max(asVerifiedMs, givingWay.delayMs());
    if (delayMs === 0) answer();
    else this.#door.setTimer(delayMs, answer);
  }

  #answerRefused(
    { protocolVersion, id }: Attempt,
    { reason, detail = {} }: Pick<Refusal, 'reason' | 'detail'>,
    packetBytesMax: number,
  ): void {
    const code = this.#context.connackOf(protocolVersion, reason, detail);
    this.#door.finish('refused', refusingConnack(this.#context, protocolVersion, code, id, packetBytesMax));
  }

  #recordRefusal(attempt: Attempt, refusal: Refusal): void {
    recordAttempt(this.#context, this.#peer, attempt, refusal);
    this.#watch(attempt, { outcome: 'refused', reason: refusal.reason });
  }

  #watch(attempt: Attempt, outcome: WatchedOutcome): void {
    watchAttempt(this.#context, this.#peer, attempt, outcome, this.#watched);
    this.#watched = undefined;
  }

  /** Being busy is not being unauthorized: it is counted, not recorded (auth.md §3). */
  #answerBusy(attempt: Attempt): void {
    if (this.#door.tag !== 'authenticating') return;
    this.#answeredBusy = true;
    this.#tellBusy(attempt);
  }

  #tellBusy(attempt: Attempt): void {
    this.#context.counters.busy();
    this.#watch(attempt, BUSY);
    const version = attempt.protocolVersion;
    const code = version === 5 ? CONNACK_BUSY.v5 : CONNACK_BUSY.v3;
    this.#door.finish('busy', refusingConnack(this.#context, version, code, undefined));
  }
}
