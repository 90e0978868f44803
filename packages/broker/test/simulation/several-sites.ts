import { createMemoryHub } from '@gatehouse/bus';
import { ClusterDisk } from '../support/cluster-disk.ts';
import { type ClusterNode, startClusterNode } from '../support/cluster-node.ts';
import { FakeClock } from '../support/fake-clock.ts';
import type { Random } from './random.ts';
import { serve, type Site } from './site.ts';
import type { Wire } from './wire.ts';

const NODES = ['n1', 'n2', 'n3'] as const;
/** What one node tells another over the bus and never arrives. */
const BUS_LOSS = 0.1;
/** Of what a process had asked the database when it died, what happened all the same. */
const HAPPENS = 0.5;

/** Three brokers on one database and one bus, which clients come to as it happens. */
export class SeveralSites implements Site {
  readonly isPrompt = false;
  readonly restStepMs = 40;
  readonly roundsMax = 1_500;
  /** Longer than a node looks for itself. */
  readonly quietRounds = 40;
  readonly #random: Random;
  readonly #disk = new ClusterDisk();
  readonly #hub;
  readonly #running = new Map<string, ClusterNode>();
  #now = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#hub = createMemoryHub({ isLost: () => random.chance(BUS_LOSS) });
  }

  async start(): Promise<void> {
    for (const node of NODES) await this.#start(node);
  }

  serve(wire: Wire): string {
    const node = this.#random.of([...this.#running.keys()]);
    const running = this.#running.get(node);
    if (running === undefined) throw new Error('no broker is started');
    serve(running.context, wire);
    return node;
  }

  land(): void {
    this.#disk.land();
  }

  useDisk(lands: boolean): void {
    this.#disk.lands = lands;
    if (lands) this.#disk.land();
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const { clock } of this.#running.values()) clock.advance(ms);
  }

  /** One comes back at once, or later, or not before others went on with what it had. */
  crash(): ReturnType<Site['crash']> {
    const server = this.#random.of([...this.#running.keys()]);
    this.#running.delete(server);
    this.#disk.kill(server, () => this.#random.chance(HAPPENS));
    this.#hub.cut(server);
    return {
      server,
      goOn: async () => {
        if (this.#running.size === 0 || this.#random.chance(0.3)) await this.#start(server);
        else this.#disk.endLease(server);
      },
    };
  }

  disturb(): void {
    if (this.#random.chance(0.5)) this.#disk.breakLock();
    const away = NODES.filter((node) => !this.#running.has(node) && !this.#disk.isInherited(node));
    if (away.length > 0) this.#starting = this.#start(this.#random.of(away));
  }

  heal(): void {
    this.useDisk(true);
  }

  #starting: Promise<void> = Promise.resolve();

  async #start(node: string): Promise<void> {
    await this.#starting;
    const { lands } = this.#disk;
    this.useDisk(true);
    if (this.#running.has(node) || this.#disk.isInherited(node)) {
      this.#disk.lands = lands;
      return;
    }
    const clock = new FakeClock();
    clock.advance(this.#now);
    const running = await startClusterNode(this.#disk.join(node), this.#hub.join(node), clock);
    this.#disk.lands = lands;
    this.#running.set(node, running);
  }
}
