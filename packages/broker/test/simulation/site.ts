import type { Clock } from '@gatehouse/ports';
import { systemClock } from '../../src/clock.ts';
import { LIMITS } from '../../src/config.ts';
import { Connection } from '../../src/connection/connection.ts';
import type { BrokerContext, Peer } from '../../src/context.ts';
import { createContext } from '../../src/create-context.ts';
import { RecordingSink, testChain } from '../support/broker.ts';
import type { Wire } from './wire.ts';

/** Small, so that the journal is written anew again and again. */
const SNAPSHOT_BYTES = 4_096;
/** Of a bus: the others never hear some of what is said. */
const PEER: Peer = {
  listener: 'tcp',
  chain: 'default',
  transport: 'tcp',
  ip: '192.0.2.1',
  port: 1,
  tls: null,
};
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What serves clients in the simulation: one broker, or several, and what they write to. */
export interface Site {
  /** What a client was told to have happened cannot be undone by a crash after the step. */
  readonly isPrompt: boolean;
  /** Milliseconds by which time goes on in each round of coming to rest. */
  readonly restStepMs: number;
  /** Rounds in which a healed world has to come to rest. */
  readonly roundsMax: number;
  /** Rounds in which nothing has to happen until it has come to rest. */
  readonly quietRounds: number;
  start(): Promise<void>;
  /** Takes a connection; returns what serves it. */
  serve(wire: Wire): string;
  /** Lets everything land that is on its way to the disk. */
  land(): void;
  /** Whether the disk takes anything by itself from now on. */
  useDisk(lands: boolean): void;
  advance(ms: number): void;
  /** A process dies, with every connection that it serves; `goOn` has another go on. */
  crash(): { readonly server: string; readonly goOn: () => Promise<void> };
  /** Something happens that nobody should notice. */
  disturb(): void;
  /** Everything is well from now on. */
  heal(): void;
}

/** A broker that nothing is opened of. */
export const simulatedBroker = (clock: Clock): BrokerContext =>
  createContext(
    {
      listeners: [],
      chains: () => testChain([], 'allow', systemClock),
      attempts: new RecordingSink(),
      clock,
      log: silent,
      node: 'simulated',
      load: () => 0,
    },
    { ...LIMITS, journalSnapshotBytesMin: SNAPSHOT_BYTES, connectsPerClientPerMinuteMax: 100_000 },
  );

export function serve(context: BrokerContext, wire: Wire): void {
  const none = (): void => undefined;
  new Connection(context, PEER, wire.server, { online: none, closed: none });
}
