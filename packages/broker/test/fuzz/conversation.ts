import type { Limits } from '../../src/config.ts';
import { connect, packet, PINGREQ, type Version } from './grammar.ts';
import { mutate } from './mutate.ts';
import { type Expected, predict, type Prediction } from './oracle.ts';
import type { Pipe } from './pipe.ts';
import { Random } from './random.ts';

const PACKETS_MAX = 40;
/** Shares of the packets: changed ones, and bytes that were never a packet. */
const CHANGED = 0.06;
const GARBAGE = 0.01;

/** MQTT 5 codes with which a handler may close before bytes that are wrong are met, and a takeover. */
const HANDLER_CODES: ReadonlySet<number> = new Set([0x82, 0x8e, 0x90, 0x93, 0x97]);

/** What one client sends: a CONNECT and what follows, right or wrong. */
export interface Script {
  readonly stream: Buffer;
  /** The same in the pieces in which it is written. */
  readonly chunks: readonly Buffer[];
  /** Waits between the pieces; otherwise TCP joins most of them again. */
  readonly isSlow: boolean;
  readonly overWebSocket: boolean;
}

/** The conversation of this number in the run of this seed, whatever came before it. */
export function write(seed: number, index: number): Script {
  const random = Random.part(seed, index);
  const version = random.pick<Version>([3, 4, 5, 5]);
  // No change of a few bits leads to another one's.
  const clientId = `fuzz-${random.bytes(6).toString('hex')}`;
  const first = connect(random, version, random.chance(0.9) ? clientId : '');
  const packets = [random.chance(0.15) ? mutate(random, first) : first];
  const count = random.below(PACKETS_MAX);
  for (let at = 0; at < count; at += 1) packets.push(any(random, version));
  if (random.chance(0.9)) packets.push(PINGREQ);
  const stream = Buffer.concat(packets);
  const isSlow = random.chance(0.15);
  return { stream, chunks: split(random, stream, isSlow), isSlow, overWebSocket: random.chance(0.2) };
}

function any(random: Random, version: Version): Buffer {
  if (random.chance(GARBAGE)) return random.bytes(1 + random.below(40));
  const other = random.chance(0.02) ? random.pick<Version>([3, 4, 5]) : version;
  const whole = packet(random, other);
  return random.chance(CHANGED) ? mutate(random, whole) : whole;
}

/** Bytes among which a slow client cuts: within one packet or two, so that these come in many pieces. */
const SLOW_BYTES = 40;

function split(random: Random, stream: Buffer, isSlow: boolean): Buffer[] {
  const from = isSlow ? random.below(stream.length) : 0;
  const among = isSlow ? Math.min(SLOW_BYTES, stream.length - from) : stream.length;
  const cuts = Array.from({ length: random.below(12) }, () => from + random.below(among));
  const at = [0, ...cuts.sort((one, other) => one - other), stream.length];
  return at.slice(1).map((end, index) => stream.subarray(at[index], end));
}

/** Plays a script and returns how many of its packets counted; throws when the server did not do as it should. */
export async function play(
  script: Script,
  limits: Limits,
  open: (version: Version | undefined) => Promise<Pipe>,
): Promise<number> {
  const prediction = predict(script.stream, limits);
  const pipe = await open(prediction.version);
  try {
    for (const chunk of script.chunks) {
      pipe.write(chunk);
      if (script.isSlow) await new Promise(setImmediate);
    }
    await untilOver(pipe, prediction);
    judge(pipe, prediction);
  } finally {
    pipe.destroy();
  }
  return prediction.packets;
}

async function untilOver(pipe: Pipe, { expected, isDeaf }: Prediction): Promise<void> {
  const { outcome } = expected;
  const { arrivals } = pipe;
  if (outcome === 'unfinished' || (outcome === 'served' && !expected.isWhole) || isDeaf) pipe.end();
  while (!arrivals.closed) {
    if (outcome === 'served' && arrivals.pongs >= expected.pings) return;
    await arrivals.changed();
  }
}

/** Holds what came against what was to come. */
function judge({ arrivals }: Pipe, { expected, version, isDeaf }: Prediction): void {
  if (arrivals.fault !== undefined) throw new Error(arrivals.fault);
  if (isDeaf || version === undefined || arrivals.bytes === 0) return;
  const [first, ...later] = arrivals.kinds;
  if (first !== 'connack') throw new Error(`${first ?? 'nothing'} before CONNACK`);
  const [connack, ...reasons] = arrivals.codes;
  if (later.includes('connack')) throw new Error('more than one CONNACK');
  if (version !== 5 && reasons.length > 0) throw new Error('DISCONNECT to a client of MQTT 3');
  if (connack !== 0) {
    if (reasons.length > 0) throw new Error('DISCONNECT after a refusal');
    return;
  }
  if (expected.outcome === 'refused') throw new Error('admitted with a CONNECT that is none');
  if (version === 5) judgeReasons(expected, reasons, arrivals.closed);
}

function judgeReasons(expected: Expected, reasons: readonly number[], isClosed: boolean): void {
  const [reason, ...more] = reasons;
  if (more.length > 0) throw new Error('more than one DISCONNECT');
  if (reason !== undefined) {
    const isRight = HANDLER_CODES.has(reason) || (expected.outcome === 'fault' && reason === expected.code);
    if (!isRight) throw new Error(`closed with 0x${reason.toString(16)}`);
  } else if (expected.outcome === 'fault') throw new Error('closed without a reason');
  else if (expected.outcome === 'served' && expected.isWhole && isClosed) {
    throw new Error('closed without a reason, and without cause');
  }
}
