import type { Duplex } from 'node:stream';
import type { BrokerContext, Peer } from '../context.ts';
import { dispatch } from '../handlers/index.ts';
import type { Waiter } from '../journal/ticket.ts';
import type { Codec } from '../protocol/codec.ts';
import type { Frame, Framer, FramingFault } from '../protocol/framing.ts';
import { ReasonCode } from '../protocol/reason-codes.ts';
import type { OnlineClient } from './client.ts';
import { PublishRate } from './publish-rate.ts';
import type { ConnectionState } from './state.ts';

/** Whose packets are taken. */
export interface Sender extends OnlineClient, Waiter {
  readonly tag: ConnectionState['tag'];
  /** Acknowledgements of its packets wait for the journal. */
  readonly isOwedAnswers: boolean;
  /** Bytes have come before it was admitted. */
  receive(): void;
  /** [MQTT-3.1.2-22] it is whole packets that keep a client alive, not a byte now and then. */
  heard(): void;
  /** Sets the connection's one timer. */
  setTimer(ms: number, run: () => void): void;
}

/** What comes from one client: when its bytes are read, and its packets in their order. */
export class Intake {
  readonly #context: BrokerContext;
  readonly #peer: Peer;
  readonly #stream: Duplex;
  readonly #framer: Framer;
  readonly #codec: Codec;
  readonly #sender: Sender;
  /** Undefined where `publishRatePerSecondMax` sets no bound. */
  readonly #publishRate: PublishRate | undefined;
  /** A packet waits for the word of the client's source: none is taken meanwhile. */
  #isHeld = false;

  constructor(
    context: BrokerContext,
    peer: Peer,
    stream: Duplex,
    parts: { readonly framer: Framer; readonly codec: Codec },
    sender: Sender,
  ) {
    this.#context = context;
    this.#peer = peer;
    this.#stream = stream;
    this.#framer = parts.framer;
    this.#codec = parts.codec;
    this.#sender = sender;
    const { publishRatePerSecondMax } = context.limits;
    if (publishRatePerSecondMax > 0)
      this.#publishRate = new PublishRate(publishRatePerSecondMax, context.clock);
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  received(chunk: Buffer): void {
    this.#context.counters.messages.bytesReceived += chunk.length;
    if (this.#sender.tag === 'closing') return;
    this.#framer.push(chunk);
    this.#orDisconnect(() => {
      this.#advance();
    });
  }

  /** Takes no packet before this is known. */
  hold<T>(work: Promise<T>, then: (result: T) => void): void {
    this.#isHeld = true;
    this.#stream.pause();
    void work.then((result) => {
      this.#isHeld = false;
      if (!this.#isOnline()) return;
      this.#orDisconnect(() => {
        then(result);
        this.goOn();
      });
    });
  }

  /** The client is admitted: its packets may be larger from now on. */
  open(): void {
    this.#framer.limitBytes = this.#context.limits.packetBytesMax;
  }

  /** What it waited for has come; goes on reading unless something else holds it. */
  goOn(): void {
    if (!this.#isOnline() || this.#isHeld || !this.#stream.isPaused()) return;
    this.#stream.resume();
    this.#advance();
  }

  /** Takes what has come already. */
  resume(): void {
    if (this.#stream.isPaused()) this.#stream.resume();
    this.#advance();
  }

  #orDisconnect(run: () => void): void {
    try {
      run();
    } catch (error) {
      // A defect of ours ends the connection that met it, and no other.
      this.#context.log.error({ err: error, listener: this.#peer.listener }, 'a packet could not be handled');
      this.#sender.disconnect(ReasonCode.implementationSpecific, 'internal-error');
    }
  }

  /** Takes frames as far as the state allows. */
  #advance(): void {
    if (!this.#isOnline()) this.#sender.receive();
    let taken = false;
    while (this.#isOnline() && !this.#isHeld) {
      if (this.#isTooFast()) break;
      const result = this.#framer.next();
      if (result === undefined) break;
      if ('kind' in result) this.#badFraming(result);
      else this.#takePacket(result);
      taken = true;
    }
    if (taken) this.#sender.heard();
    this.#holdBack();
  }

  /** A client that publishes faster than it may is read no further until its turn has come. */
  #isTooFast(): boolean {
    const waitMs = this.#publishRate?.waitMs() ?? 0;
    if (waitMs === 0) return false;
    this.#context.counters.bounds.met('publishRatePerSecondMax');
    this.#stream.pause();
    this.#sender.setTimer(waitMs, () => {
      this.goOn();
    });
    return true;
  }

  /** Reads no further where the client's own TCP window is to hold it back. */
  #holdBack(): void {
    const { journal, limits, counters } = this.#context;
    if (this.#isOnline()) {
      // Who writes faster than the disk waits until it has caught up.
      if (!this.#sender.isOwedAnswers || !journal.isBehind) return;
      counters.bounds.met('journalBacklogBytesMax');
      this.#stream.pause();
      journal.waitUntilCaughtUp(this.#sender);
    } else if (this.#framer.bufferedBytes > limits.preAuthPacketBytesMax) {
      // What comes ahead of CONNACK waits.
      this.#stream.pause();
    }
  }

  #isOnline(): boolean {
    return this.#sender.tag === 'online';
  }

  #takePacket(frame: Frame): void {
    this.#context.counters.messages.packetsReceived += 1;
    const packet = this.#codec.read(frame);
    if ('what' in packet) {
      this.#sender.disconnect(packet.code, packet.what);
      return;
    }
    if (packet.cmd === 'publish') this.#publishRate?.take();
    dispatch(packet.cmd, this.#sender, packet, this.#context);
  }

  #badFraming(fault: FramingFault): void {
    const tooLarge = fault.kind === 'too-large';
    if (tooLarge) this.#context.counters.bounds.met('packetBytesMax');
    this.#sender.disconnect(tooLarge ? ReasonCode.packetTooLarge : ReasonCode.malformedPacket, fault.kind);
  }
}
