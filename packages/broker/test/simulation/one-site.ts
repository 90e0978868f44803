import type { BrokerContext } from '../../src/context.ts';
import { openDurability, readJournal } from '../../src/journal/durability.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JournalDisk } from '../support/journal-disk.ts';
import { serve, simulatedBroker, type Site } from './site.ts';
import type { Wire } from './wire.ts';

const ONE = 'one';

/** One broker over its disk. */
export class OneSite implements Site {
  readonly restStepMs = 1;
  readonly roundsMax = 400;
  readonly quietRounds = 1;
  readonly #forgets: boolean;
  #clock = new FakeClock();
  #disk = new JournalDisk();
  #context: BrokerContext | undefined;

  /** `forgets`: at a crash the disk loses the last batch that it had taken, to see that this is noticed. */
  constructor({ forgets = false } = {}) {
    this.#forgets = forgets;
  }

  get isPrompt(): boolean {
    return this.#disk.lands;
  }

  async start(): Promise<void> {
    const context = simulatedBroker(this.#clock);
    const { lands } = this.#disk;
    this.#disk.lands = true;
    await openDurability(context, await readJournal(this.#disk.open, this.#clock), {});
    this.#disk.lands = lands;
    this.#context = context;
  }

  serve(wire: Wire): string {
    if (this.#context === undefined) throw new Error('the broker is not started');
    serve(this.#context, wire);
    return ONE;
  }

  land(): void {
    this.#disk.land();
  }

  useDisk(lands: boolean): void {
    this.#disk.lands = lands;
    if (lands) this.#disk.land();
  }

  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  crash(): ReturnType<Site['crash']> {
    const { segments, lands } = this.#disk;
    return {
      server: ONE,
      goOn: () => {
        // The one before lands nothing any more, and hears of no time.
        this.#disk.lands = false;
        this.#disk = new JournalDisk();
        this.#disk.lands = lands;
        this.#disk.segments.push(...(this.#forgets ? segments.slice(0, -1) : segments));
        const now = this.#clock.monotonic();
        this.#clock = new FakeClock();
        this.#clock.advance(now);
        return this.start();
      },
    };
  }

  disturb(): void {
    // There is nobody else.
  }

  heal(): void {
    this.useDisk(true);
  }
}
