import type { Limits } from '../../src/config.ts';
import { Codec } from '../../src/protocol/codec.ts';
import { Framer, type FramingResult } from '../../src/protocol/framing.ts';
import { ReasonCode } from '../../src/protocol/reason-codes.ts';
import { sniff } from '../../src/protocol/sniff.ts';
import type { Version } from './grammar.ts';

/** What a stream of bytes is to come to, as far as its bytes tell. */
export type Expected =
  /** No whole CONNECT: nothing is answered, and the client goes. */
  | { readonly outcome: 'unfinished' }
  /** Never admitted; MQTT 5 clients may be told in CONNACK. */
  | { readonly outcome: 'refused' }
  /** Admitted, and closed for the first bytes that are no packet, with this MQTT 5 code. */
  | { readonly outcome: 'fault'; readonly code: number }
  /** Admitted, and closed without a word, because the client took its leave. */
  | { readonly outcome: 'left' }
  /** Admitted; so many PINGREQs are to be answered, and the last frame is whole or not. */
  | { readonly outcome: 'served'; readonly pings: number; readonly isWhole: boolean };

export interface Prediction {
  readonly expected: Expected;
  /** The version that CONNECT asked for; undefined when it was not read so far. */
  readonly version: Version | undefined;
  /** Packets up to the one that ends it, this included. */
  readonly packets: number;
  /** The client takes so small packets only that it may not hear the answers. */
  readonly isDeaf: boolean;
}

/** Bytes within which every answer fits that is looked at here. */
const ANSWER_BYTES_MAX = 64;

const fault = (code: number): Expected => ({ outcome: 'fault', code });

/** Reads the stream in one piece: the broker, which gets it in many, is to come to the same. */
export function predict(stream: Buffer, limits: Limits): Prediction {
  const framer = new Framer(limits.preAuthPacketBytesMax);
  const codec = new Codec(limits);
  framer.push(stream);
  const ends = (outcome: 'refused' | 'unfinished', version?: Version): Prediction => ({
    expected: { outcome },
    version,
    packets: 1,
    isDeaf: false,
  });
  const found = sniff(stream);
  if (found !== 'connect') return ends(found === 'unsure' ? 'unfinished' : 'refused');
  const first = framer.next();
  if (first === undefined) return ends('unfinished');
  if ('kind' in first) return ends('refused');
  const connect = codec.connect(first);
  if ('reason' in connect) return ends('refused', connect.answer);
  framer.limitBytes = limits.packetBytesMax;
  const isDeaf = connect.packetBytesMax < ANSWER_BYTES_MAX;
  return { version: connect.version, isDeaf, ...readOn(framer, codec) };
}

function readOn(framer: Framer, codec: Codec): Pick<Prediction, 'expected' | 'packets'> {
  let pings = 0;
  for (let packets = 2; ; packets += 1) {
    const result: FramingResult = framer.next();
    if (result === undefined) {
      const isWhole = framer.bufferedBytes === 0;
      return { expected: { outcome: 'served', pings, isWhole }, packets: packets - 1 };
    }
    if ('kind' in result) {
      const isLarge = result.kind === 'too-large';
      return { expected: fault(isLarge ? ReasonCode.packetTooLarge : ReasonCode.malformedPacket), packets };
    }
    const packet = codec.read(result);
    if ('what' in packet) return { expected: fault(packet.code), packets };
    if (packet.cmd === 'disconnect') return { expected: { outcome: 'left' }, packets };
    if (packet.cmd === 'pingreq') pings += 1;
  }
}
