import { type Manner, SimulatedClient } from './client.ts';
import { Random } from './random.ts';
import { Record } from './record.ts';
import type { Site } from './site.ts';

const CLIENTS = 5;
const TOPICS = ['a', 'b', 'a/c'] as const;
const FILTERS = ['a', 'b', 'a/#', '+/c', '#'] as const;
/** Turns of the event loop after which everything that one step began has happened. */
const TURNS = 4;
const CLOCK_STEP_MS_MAX = 3_000;
/** Of the messages, each on the one topic that its publisher keeps something on. */
const RETAINED_SHARE = 0.2;

/** How clients connect, and how often beside the others. */
const MANNERS = [
  ...Array<'goes-on'>(16).fill('goes-on'),
  'begins-anew',
  'stays-no-longer',
] as const satisfies readonly Manner[];

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
  'disturb',
] as const;

/** Brokers with their sessions, a network and clients, all of which a seed turns: what happens, in which order, in which pieces, and what fails. */
export class World {
  readonly record = new Record();
  readonly #random: Random;
  readonly #clients: readonly SimulatedClient[];
  readonly #site: Site;
  /** What serves the connection of each client. */
  readonly #servers = new Map<SimulatedClient, string>();
  #published = 0;

  constructor(seed: number, siteOf: (random: Random) => Site) {
    this.#random = new Random(seed);
    this.#clients = Array.from(
      { length: CLIENTS },
      (_, index) => new SimulatedClient(`c${index}`, this.#random.chance(0.5) ? 4 : 5, this.record),
    );
    this.#site = siteOf(this.#random);
  }

  /** Runs so many steps, then lets everything come to rest, and closes the record. */
  async run(steps: number): Promise<void> {
    await this.#site.start();
    for (let step = 0; step < steps; step += 1) {
      await this.#step(this.#random.of(STEPS));
      await settle();
      if (this.#site.isPrompt) this.#believeLeaves();
    }
    await this.#rest(this.#clients);
    this.record.close();
    await this.#observe();
  }

  async #step(step: (typeof STEPS)[number]): Promise<void> {
    switch (step) {
      case 'land':
        this.#site.land();
        return;
      case 'disk':
        this.#site.useDisk(this.#random.chance(0.7));
        return;
      case 'clock':
        this.#site.advance(this.#random.below(CLOCK_STEP_MS_MAX));
        return;
      case 'disturb':
        this.#site.disturb();
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
    const watchers = (): readonly string[] =>
      this.#clients.filter(({ subscriptions }) => subscriptions.get('#') === 2).map(({ id }) => id);
    const wire = client.connect(
      this.#random.chance(0.5) ? watchers : undefined,
      // In MQTT 3 who begins anew asks for a session that ends, too, and cannot know afterwards what there is.
      client.version === 5 ? this.#random.of(MANNERS) : 'goes-on',
    );
    this.#servers.set(client, this.#site.serve(wire));
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

  /** A process dies: what has not landed is lost, and every connection of it. Another goes on over what has. */
  async #crash(): Promise<void> {
    const { server, goOn } = this.#site.crash();
    for (const client of this.#clients) {
      if (this.#servers.get(client) === server) client.lose();
      client.leftWills.length = 0;
    }
    await goOn();
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
    this.#site.heal();
    let quiet = 0;
    for (let round = 0; round < this.#site.roundsMax; round += 1) {
      const isBusy = clients.map((client) => this.#bring(client)).some(Boolean);
      await settle();
      quiet = !isBusy && clients.every(({ wire }) => wire?.isIdle === true) ? quiet + 1 : 0;
      if (quiet >= this.#site.quietRounds) return;
      this.#site.advance(this.#site.restStepMs);
    }
    this.record.violation(`no rest after ${this.#site.roundsMax} rounds`);
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
