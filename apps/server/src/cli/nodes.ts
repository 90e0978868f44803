import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT } from '../runtime/failure.ts';
import { action, newCommand, type Host } from './command.ts';
import { table } from './output.ts';
import { withServer } from './with-server.ts';

/** `gatehouse nodes`: the servers that share the database and the bus, and how each of them is. */
export function nodesCommand(host: Host): Command {
  return action(
    host,
    newCommand('nodes', 'the servers that run on this database together, and how each of them is'),
    z.object({}),
    async (context) => {
      const { items } = await withServer(context, (api) => api.call(ENDPOINTS.listNodes));
      context.out.answer(items, () =>
        table(
          ['node', 'state', 'clients', 'version', 'host', 'since'],
          items.map(({ id, state, clientsOnline, version, host: machine, startedAt }) => [
            id,
            state,
            clientsOnline,
            version,
            machine,
            startedAt,
          ]),
        ),
      );
      return EXIT.done;
    },
  );
}
