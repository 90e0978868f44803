import { test } from 'vitest';
import { History } from '../../packages/broker/test/faults/history.ts';
import { until } from '../support/until.ts';
import { withoutNamespaces } from './support/network.ts';
import { during } from './support/outage.ts';
import { RoamingClient } from './support/roaming-client.ts';
import { faultHouse } from './support/suite.ts';

const missing = withoutNamespaces();
const opened = faultHouse(['a', 'b', 'c'], { network: missing === undefined });

/** Devices at each pair of nodes; resolves to what tells when a message of QoS 0, which only the bus carries, has crossed between all. */
async function crossing(of: string): Promise<() => Promise<void>> {
  const house = opened();
  const names = house.nodes.map(({ name }) => name);
  const ways = await Promise.all(
    names.map(async (name, index) => {
      const history = new History();
      const topic = `crossing/${of}/${name}`;
      const reader = new RoamingClient(house, `reader-${of}-${name}`, history);
      const writer = new RoamingClient(house, `writer-${of}-${name}`, history, { topic });
      await reader.start(name);
      await reader.device.subscribe(topic, 1);
      await writer.start(names[(index + 1) % names.length] ?? '');
      return { name, history, reader, writer };
    }),
  );
  return async () => {
    await Promise.all(
      ways.map(({ name, history, writer }) =>
        until(`a message of QoS 0 crosses to ${name}`, () => {
          writer.device.publishOnce('over the bus');
          return history.has('over the bus') || undefined;
        }),
      ),
    );
    await Promise.all(ways.flatMap(({ reader, writer }) => [reader.stop(), writer.stop()]));
  };
}

test('NATS is killed and away: QoS 1 and 2 go on, nothing is lost, and QoS 0 crosses again when it is back', async () => {
  const { bus } = opened();
  const outage = { name: 'NATS killed', begin: bus.crash, end: bus.recover, isDurable: true };
  return during(opened(), outage, await crossing('killed'));
});

test('NATS hangs: QoS 1 and 2 go on, nothing is lost, and QoS 0 crosses again when it goes on', async () => {
  const { bus } = opened();
  const outage = {
    name: 'NATS stopped',
    begin: () => {
      bus.signal('SIGSTOP');
    },
    end: () => {
      bus.signal('SIGCONT');
    },
    isDurable: true,
  };
  return during(opened(), outage, await crossing('stopped'));
});

test.skipIf(missing !== undefined)(
  `no node reaches NATS${missing === undefined ? '' : ` (${missing})`}: QoS 1 and 2 go on, nothing is lost, and QoS 0 crosses again`,
  async () => {
    const house = opened();
    const outage = {
      name: 'NATS cut off',
      begin: () => {
        for (const { name } of house.nodes) house.network?.cut(name, 'bus', 'both');
      },
      end: () => {
        for (const { name } of house.nodes) house.network?.mend(name, 'bus');
      },
      isDurable: true,
    };
    return during(house, outage, await crossing('cut-off'));
  },
);
