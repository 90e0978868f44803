import { describeWith } from '../../connectors/test/support/programs.ts';
import { createNatsBus } from '../src/nats-bus.ts';
import { busContract } from './support/bus-contract.ts';
import { NATS, startNats } from './support/nats-server.ts';
import { whenUp } from './support/told.ts';
import { layWire, type Wire } from './support/wire.ts';

describeWith('NATS (nats-server)', NATS, 'the bus over a real NATS server', () => {
  busContract(async () => {
    const server = await startNats({ account: true });
    const wires = new Map<string, Wire>();
    return {
      join: async (node) => {
        const wire = await layWire(server.port);
        wires.set(node, wire);
        const bus = createNatsBus({
          url: server.url.replace(String(server.port), String(wire.port)),
          cluster: 'house',
          node,
          incarnation: 1,
          onTrouble: () => undefined,
        });
        await whenUp(bus);
        return bus;
      },
      cut: async (node) => wires.get(node)?.cut(),
      mend: async (node) => wires.get(node)?.mend(),
      close: async () => {
        await Promise.all([...wires.values()].map((wire) => wire.cut()));
        await server.stop();
      },
    };
  });
});
