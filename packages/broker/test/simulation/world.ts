import { systemClock } from '../../src/clock.ts';
import { LIMITS } from '../../src/config.ts';
import { Connection } from '../../src/connection/connection.ts';
import type { BrokerContext, Peer } from '../../src/context.ts';
import { createContext } from '../../src/create-context.ts';
import { openDurability, readJournal } from '../../src/journal/durability.ts';
import { RecordingSink, testChain } from '../support/broker.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JournalDisk } from '../support/journal-disk.ts';
import { SimulatedClient } from './client.ts';
import { Random } from './random.ts';
import { Record } from './record.ts';

const CLIENTS = 5;
const TOPICS = ['a', 'b', 'a/c'] as const;
const FILTERS = ['a', 'b', 'a/#', '+/c', '#'] as const;
/** Small, so that the journal is written anew again and again. */
const SNAPSHOT_BYTES = 4_096;
/** Turns of the event loop after which everything that one step began has happened. */
const TURNS = 4;
/** Rounds in which a healed world has to come to rest. */
const ROUNDS_MAX = 400;
const CLOCK_STEP_MS_MAX = 3_000;
/** Of the messages, each on the one topic that its publisher keeps something on. */
const RETAINED_SHARE = 0.2;

const PEER: Peer = {
  listener: 'tcp',
  chain: 'default',
  transport: 'tcp',
  ip: '192.0.2.1',
  port: 1,
  tls: null,
};
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What may happen in a step, and how often beside the others. */
const STEPS = [
  ...Array<'move'>(48).fill('move'),
  ...Array<'publish'>(14).fill('publish'),
  ...Array<'land'>(12).fill('land'),
  ...Array<'connect'>(8).fill('connect'),
  ...Array<'subscribe'>(4).fill('subscribe'),
  ...Array<'cut'>(2).fill('cut'),
  ...Array<'disk'>(2).fill('disk'),
  'clock',
  'leave',
  'unsubscribe',
  'crash',
] as const;

/**
 * A broker with its sessions, router and journal, a disk, a network and clients, all of which a seed turns: what
 * happens, in which order, in which pieces, and what fails.
 */
export class World {
  readonly record = new Record();
  readonly #random: Random;
  readonly #clients: readonly SimulatedClient[];
  readonly #forgets: boolean;
  #clock = new FakeClock();
  #disk = new JournalDisk();
  #context: BrokerContext | undefined;
  #published = 0;

  /** `forgets`: at a crash the disk loses the last batch that it had taken, to see that this is noticed. */
  constructor(seed: number, { forgets = false } = {}) {
    this.#random = new Random(seed);
    this.#forgets = forgets;
    this.#clients = Array.from(
      { length: CLIENTS },
      (_, index) => new SimulatedClient(`c${index}`, this.#random.chance(0.5) ? 4 : 5, this.record),
    );
  }

  /** Runs so many steps, then lets everything come to rest, and closes the record. */
  async run(steps: number): Promise<void> {
    await this.#start();
    for (let step = 0; step < steps; step += 1) {
      await this.#step(this.#random.of(STEPS));
      await settle();
      if (this.#disk.lands) this.#believeLeaves();
    }
    await this.#rest(this.#clients);
    this.record.close();
    await this.#observe();
  }

  async #start(): Promise<void> {
    const clock = this.#clock;
    const context = createContext(
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
    const lands = this.#disk.lands;
    this.#disk.lands = true;
    await openDurability(context, await readJournal(this.#disk.open, clock), undefined);
    this.#disk.lands = lands;
    this.#context = context;
  }

  async #step(step: (typeof STEPS)[number]): Promise<void> {
    switch (step) {
      case 'land':
        this.#disk.land();
        return;
      case 'disk':
        this.#disk.lands = this.#random.chance(0.7);
        if (this.#disk.lands) this.#disk.land();
        return;
      case 'clock':
        this.#clock.advance(this.#random.below(CLOCK_STEP_MS_MAX));
        return;
      case 'crash':
        await this.#crash();
        return;
      case 'connect':
        this.#withOne('away', (client) => this.#connect(client));
        return;
      case 'move':
        this.#move();
        return;
      default:
        this.#withOne('online', (client) => this.#act(step, client));
    }
  }

  /** Something that a client does that is connected. */
  #act(step: 'publish' | 'subscribe' | 'unsubscribe' | 'leave' | 'cut', client: SimulatedClient): void {
    switch (step) {
      case 'publish':
        this.#publish(client);
        return;
      case 'subscribe':
        client.subscribe(this.#random.of(FILTERS), this.#random.of([1, 2]));
        return;
      case 'unsubscribe':
        this.#unsubscribe(client);
        return;
      case 'leave':
        client.leave();
        return;
      case 'cut':
        client.lose();
    }
  }

  #withOne(state: SimulatedClient['state'], act: (client: SimulatedClient) => void): void {
    const fitting = this.#clients.filter((client) => client.state === state);
    if (fitting.length > 0) act(this.#random.of(fitting));
  }

  /** A will is watched by who has confirmed that it wants all. */
  #connect(client: SimulatedClient): void {
    const watchers = this.#clients.filter(({ subscriptions }) => subscriptions.get('#') === 2);
    const wire = client.connect(this.#random.chance(0.5) ? watchers.map(({ id }) => id) : undefined);
    if (this.#context === undefined) throw new Error('the broker is not started');
    const none = (): void => undefined;
    new Connection(this.#context, PEER, wire.server, { online: none, closed: none });
  }

  /** Some bytes of one connection go over, or its end is noticed. */
  #move(): void {
    const waiting = this.#clients.filter(({ wire }) => wire !== undefined && (!wire.isIdle || wire.isOver));
    if (waiting.length === 0) return;
    const client = this.#random.of(waiting);
    if (this.#random.chance(0.5)) client.wire?.moveToServer(this.#random);
    else client.take(this.#random);
  }

  #publish(client: SimulatedClient): void {
    const isRetained = this.#random.chance(RETAINED_SHARE);
    const topic = isRetained ? `r/${client.id}` : this.#random.of(TOPICS);
    const qos = isRetained ? 1 : this.#random.of([0, 1, 1, 2, 2] as const);
    this.#published += 1;
    const stream = `${client.id}-${topic}-${qos}`;
    const payload = `${stream}-${this.#published}`;
    if (qos === 0) this.record.publishedAtMostOnce(payload);
    else {
      const owed = this.#clients.filter(({ subscriptions }) =>
        [...subscriptions.keys()].some((filter) => matches(filter, topic)),
      );
      const owedTo = new Set(owed.map(({ id }) => id));
      this.record.published({ payload, stream, number: this.#published, owedTo });
    }
    if (isRetained) this.record.retained(topic, payload);
    client.publish(topic, payload, qos, isRetained);
  }

  #unsubscribe(client: SimulatedClient): void {
    const [filter] = client.subscriptions.keys();
    if (filter === undefined) return;
    this.record.forgive(client.id);
    client.unsubscribe(filter);
  }

  /** The server has forgotten for good who took its leave: its disk has all that it said. */
  #believeLeaves(): void {
    for (const { leftWills } of this.#clients)
      for (const will of leftWills.splice(0)) this.record.willFate(will, 'void');
  }

  /** The process dies: what has not landed is lost, and every connection. Another starts over what has. */
  async #crash(): Promise<void> {
    for (const client of this.#clients) {
      client.lose();
      client.leftWills.length = 0;
    }
    const { segments, lands } = this.#disk;
    // The one before lands nothing any more, and hears of no time.
    this.#disk.lands = false;
    this.#disk = new JournalDisk();
    this.#disk.lands = lands;
    this.#disk.segments.push(...(this.#forgets ? segments.slice(0, -1) : segments));
    const now = this.#clock.monotonic();
    this.#clock = new FakeClock();
    this.#clock.advance(now);
    await this.#start();
  }

  /** Asks for what is retained, as somebody new would. */
  async #observe(): Promise<void> {
    const observer = new SimulatedClient('observer', 5, this.record);
    await this.#rest([observer]);
    observer.subscribe('r/#', 1);
    await this.#rest([observer]);
    this.record.closeRetained(observer.id);
  }

  /** Everything is well from now on: nothing may be left undone. */
  async #rest(clients: readonly SimulatedClient[]): Promise<void> {
    this.#disk.lands = true;
    this.#disk.land();
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const isBusy = clients.map((client) => this.#bring(client)).some(Boolean);
      await settle();
      if (!isBusy && clients.every(({ wire }) => wire?.isIdle === true)) return;
      this.#clock.advance(1);
    }
    this.record.violation(`no rest after ${ROUNDS_MAX} rounds`);
  }

  /** Brings a client online and everything over; true while there is something to do. */
  #bring(client: SimulatedClient): boolean {
    if (client.state === 'away') this.#connect(client);
    client.wire?.moveToServer(this.#random);
    client.take(this.#random);
    return client.state !== 'online' || !client.isDone;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Over the filters and topics of the simulation, and none other. */
function matches(filter: string, topic: string): boolean {
  if (filter === '#') return true;
  if (filter === 'a/#') return topic === 'a' || topic.startsWith('a/');
  if (filter === '+/c') return topic === 'a/c';
  return filter === topic;
}
