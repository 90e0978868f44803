import type { Attempt, Decision, ReasonCode as ReasonName } from '@gatehouse/auth-core';
import type { DecidingChain } from '../config.ts';
import type { Codec } from '../protocol/codec.ts';
import { encodeAuth } from '../protocol/encode-auth.ts';
import { type Fault, malformed, methodChanged, protocolError } from '../protocol/fault.ts';
import type { Framer, FramingResult } from '../protocol/framing.ts';
import type { ConnectPacket } from '../protocol/packets.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import type { MessageCounters } from '../telemetry/messages.ts';
import { Exchange } from './exchange.ts';

/** The bytes of a connection that has not been admitted. */
interface Incoming {
  readonly framer: Framer;
  readonly codec: Codec;
  readonly messages: Pick<MessageCounters, 'packetsReceived'>;
  /** The client is still there, and has not been told anything. */
  isOpen(): boolean;
}

/** What the reception does about an exchange. */
export interface FirstExchangeEvents {
  /** Sends AUTH. */
  ask(bytes: Buffer): void;
  /** The client took its leave. */
  left(): void;
  decided(decision: Decision, data: Buffer | undefined): void;
  /** The client sent what must not come now. */
  brokenOff(reason: ReasonName, fault: Fault): void;
  failed(error: unknown): void;
}

/** An authentication in several steps between CONNECT and CONNACK (MQTT 5.0 §4.12). */
export class FirstExchange {
  readonly #incoming: Incoming;
  readonly #name: string;
  readonly #events: FirstExchangeEvents;
  readonly #exchange: Exchange;
  #isOver = false;

  constructor(incoming: Incoming, name: string, packetBytesMax: number, events: FirstExchangeEvents) {
    this.#incoming = incoming;
    this.#name = name;
    this.#events = events;
    this.#exchange = new Exchange({
      ask: (data) => {
        const auth = encodeAuth(ReasonCode.continueAuthentication, name, data);
        if (auth.length > packetBytesMax) throw new Error('AUTH is larger than the client takes');
        events.ask(auth);
        this.answer();
      },
      decided: (decision, data) => {
        this.#isOver = true;
        events.decided(decision, data);
      },
      failed: (error) => {
        this.#isOver = true;
        events.failed(error);
      },
    });
  }

  begin(chain: DecidingChain, attempt: Attempt, { authData }: ConnectPacket): void {
    this.#exchange.begin(chain, attempt, authData);
  }

  /** The time is over; undefined when it was not the client who was waited for. */
  timedOut(limitMs: number): Decision | undefined {
    const decision = this.#exchange.abandon({ problem: 'no answer in time', limitMs });
    if (decision !== undefined) this.#isOver = true;
    return decision;
  }

  /** Takes what has come of the client's answers; nothing but AUTH and DISCONNECT may come now ([MQTT-3.1.2-30]). */
  answer(): void {
    while (!this.#isOver && this.#exchange.isAsking && this.#incoming.isOpen()) {
      const result = this.#incoming.framer.next();
      if (result === undefined) return;
      if (!('kind' in result)) this.#incoming.messages.packetsReceived += 1;
      this.#take(result);
    }
  }

  #take(result: NonNullable<FramingResult>): void {
    const packet = 'kind' in result ? malformed(result.kind) : this.#incoming.codec.read(result);
    if ('what' in packet) this.#breakOff('SCRAM_UNEXPECTED_STATE', packet);
    else if (packet.cmd === 'disconnect') {
      this.#isOver = true;
      this.#events.left();
    } else if (packet.cmd !== 'auth' || packet.reasonCode !== ReasonCode.continueAuthentication) {
      this.#breakOff('SCRAM_UNEXPECTED_STATE', protocolError(`${packet.cmd}-before-connack`));
    } else if (packet.method !== this.#name) {
      this.#breakOff('SCRAM_METHOD_CHANGED', methodChanged);
    } else this.#exchange.answer(packet.data);
  }

  #breakOff(reason: ReasonName, fault: Fault): void {
    this.#isOver = true;
    this.#events.brokenOff(reason, fault);
  }
}
