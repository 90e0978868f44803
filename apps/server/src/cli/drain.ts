import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT, Failure } from '../runtime/failure.ts';
import { action, newCommand, type Host } from './command.ts';
import { withApi } from './with-api.ts';

/** `gatehouse drain`: sends the clients of the server that runs here to the others, before it is stopped. */
export function drainCommand(host: Host): Command {
  const command = newCommand(
    'drain',
    'send every client to the other nodes and let nobody in, before the server is stopped',
  ).option('--undo', 'let clients in again');
  const options = z.object({ undo: z.boolean().default(false) });
  return action(host, command, options, async (context, { undo }) => {
    const answer = await withApi(context, ({ api, running }) => {
      if (!running) throw new Failure('No server runs here: there is nobody to send away.');
      return api.call(ENDPOINTS.drain, { body: { draining: !undo } });
    });
    context.out.answer(answer, () => [
      undo
        ? 'Clients are let in again.'
        : `${answer.clients} clients were sent to the other nodes, and nobody is let in. Their sessions follow them; what is left goes with the stop of the server. --undo lets clients in again.`,
    ]);
    return EXIT.done;
  });
}
