import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LIMITS, type Limits } from '../../src/config.ts';
import { startBroker } from '../support/broker.ts';
import { message } from '../support/messages.ts';
import { RawClient } from '../support/raw-client.ts';
import { play, write } from './conversation.ts';
import type { Version } from './grammar.ts';
import { openTcp, openWebSocket } from './pipe.ts';

/** Conversations at a time. */
const PARALLEL = 8;
/** Conversations between two round trips of the client that does nothing wrong. */
const BETWEEN_ROUND_TRIPS = 200;
/** Addresses that the clients come from. */
const ADDRESSES = 100;
/** Megabytes that the heap may have grown by, from a tenth of the run to its end. */
const GROWTH_MB_MAX = 24;
/** Milliseconds after which a conversation is stuck. */
const STUCK_MS = 15_000;

/** What is left behind is bounded, so that a heap that grows is a leak. */
const LIMITS_HERE: Limits = {
  ...LIMITS,
  acceptRatePerSecondMax: 1_000_000,
  sessionExpirySecondsMax: 1,
  retainedMax: 50,
  queueMessagesMax: 20,
  subscriptionsMax: 20_000,
  webSocketPingMs: 0,
};

export interface FuzzOptions {
  readonly seed: number;
  /** Packets to send. */
  readonly count: number;
  readonly progress?: (packets: number, conversations: number) => void;
}

export interface FuzzReport {
  readonly packets: number;
  readonly conversations: number;
  readonly roundTrips: number;
  /** Megabytes that the heap has grown by since a tenth of the run. */
  readonly growthMb: number;
}

/** Talks nonsense to a real broker until so many packets were read; throws at the first thing that is wrong. */
export async function fuzz({ seed, count, progress }: FuzzOptions): Promise<FuzzReport> {
  const errors: unknown[] = [];
  const note = (error: unknown): void => void errors.push(error);
  const log = { info: () => undefined, warn: () => undefined, error: note };
  const running = await startBroker({ limits: LIMITS_HERE, log });
  const onRejection = (error: unknown): void => note(error);
  process.on('unhandledRejection', onRejection);
  const healthy = await HealthyClient.open(running.port);
  let packets = 0;
  let next = 0;
  let begunAtMb: number | undefined;
  const talk = async (): Promise<void> => {
    while (packets < count && errors.length === 0) {
      const index = next;
      next += 1;
      const read = await converse(seed, index, running);
      packets += read;
      // The sink of the tests keeps what it is told.
      running.sink.refusals.length = 0;
      running.sink.logins.length = 0;
      if (index % BETWEEN_ROUND_TRIPS === 0) await healthy.roundTrip();
      if (begunAtMb === undefined && packets > count / 10) begunAtMb = heapMb();
      progress?.(packets, next);
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, talk));
    await healthy.roundTrip();
    if (errors.length > 0) throw new Error(`seed ${seed}: an error inside the broker`, { cause: errors[0] });
  } finally {
    process.off('unhandledRejection', onRejection);
    await running.broker.stop();
  }
  const growthMb = heapMb() - (begunAtMb ?? 0);
  if (growthMb > GROWTH_MB_MAX) throw new Error(`seed ${seed}: the heap has grown by ${growthMb} MB`);
  return { packets, conversations: next, roundTrips: healthy.roundTrips, growthMb };
}

/** One conversation; what is wrong with it is told with what repeats it. */
async function converse(seed: number, index: number, at: { readonly port: number; readonly wsPort: number }) {
  const script = write(seed, index);
  const from = `127.0.0.${1 + (index % ADDRESSES)}`;
  const open = (version: Version | undefined) =>
    script.overWebSocket ? openWebSocket(at.wsPort, from, version) : openTcp(at.port, from, version);
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('nothing happens any more'));
    }, STUCK_MS);
  });
  try {
    return await Promise.race([play(script, LIMITS_HERE, open), stuck]);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : 'it failed';
    const bytes = script.stream.toString('hex');
    throw new Error(`seed ${seed}, conversation ${index}: ${what}: ${bytes}`, { cause });
  } finally {
    // It would hold the conversation.
    clearTimeout(timer);
  }
}

/** A client that does nothing wrong, and is to notice nothing. */
class HealthyClient {
  readonly #client: RawClient;
  roundTrips = 0;

  private constructor(client: RawClient) {
    this.#client = client;
  }

  static async open(port: number): Promise<HealthyClient> {
    const client = await RawClient.connect(port, { clientId: 'the healthy one', keepalive: 0 });
    await client.subscribe('healthy', 0);
    return new HealthyClient(client);
  }

  async roundTrip(): Promise<void> {
    const payload = `${this.roundTrips}`;
    this.roundTrips += 1;
    this.#client.send(message({ topic: 'healthy', payload }));
    const packet = await this.#client.next();
    if (packet.cmd !== 'publish' || packet.payload.toString() !== payload) {
      throw new Error('the healthy client was disturbed');
    }
  }
}

/** Megabytes in use once the garbage is gone. */
function heapMb(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / 1_048_576);
}
