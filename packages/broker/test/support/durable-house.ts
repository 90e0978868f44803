import { afterEach, beforeEach } from 'vitest';
import { startBroker, type TestBroker, type TestBrokerOptions } from './broker.ts';
import { FakeClock } from './fake-clock.ts';
import { JournalDisk } from './journal-disk.ts';
import { RawClient } from './raw-client.ts';

/** A broker over a disk that the test turns. */
export class DurableHouse {
  clock = new FakeClock();
  disk = new JournalDisk();
  #running: TestBroker | undefined;

  /** A new one for each test of the file that calls it. */
  static forEachTest(): DurableHouse {
    const house = new DurableHouse();
    beforeEach(() => house.open());
    afterEach(() => house.close());
    return house;
  }

  get running(): TestBroker {
    if (this.#running === undefined) throw new Error('the house is not open');
    return this.#running;
  }

  async open(): Promise<void> {
    this.clock = new FakeClock();
    this.disk = new JournalDisk();
    await this.start();
  }

  /** Another broker over the same disk, in place of the one before, which the test has stopped. */
  async start(options: TestBrokerOptions = {}): Promise<void> {
    this.#running = await startBroker({ clock: this.clock, openJournal: this.disk.open, ...options });
  }

  async close(): Promise<void> {
    this.disk.lands = true;
    this.disk.land();
    await this.running.broker.stop();
  }

  /** A new broker over what has landed: the old one was killed and says nothing more. */
  async crash(): Promise<void> {
    const { disk, running: killed } = this;
    disk.lands = false;
    const next = new JournalDisk();
    next.segments.push(...disk.segments);
    this.disk = next;
    await this.start();
    disk.lands = true;
    disk.land();
    await killed.broker.stop();
  }

  /** Connects a client whose session outlives the connection. */
  stay(clientId = 'sub', version: 4 | 5 = 4): Promise<RawClient> {
    return RawClient.connect(this.running.port, {
      clientId,
      clean: false,
      keepalive: 0,
      protocolVersion: version,
      ...(version === 5 ? { properties: { sessionExpiryInterval: 3_600 } } : {}),
    });
  }

  /** Connects a client whose session ends with the connection. */
  come(clientId = 'pub'): Promise<RawClient> {
    return RawClient.connect(this.running.port, { clientId, keepalive: 0 });
  }

  /** Leaves a stored session with a subscription behind. */
  async away(topic = 't', qos: 1 | 2 = 1): Promise<void> {
    const client = await this.stay();
    await client.subscribe(topic, qos);
    await client.drop();
  }
}
