import { ENDPOINTS, type StatsDto } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { dataDirOf } from '../runtime/data-dir.ts';
import { EXIT } from '../runtime/failure.ts';
import { readRunFile } from '../runtime/run-file.ts';
import { createApiClient } from './api-client.ts';
import { action, newCommand, type Host } from './command.ts';
import { table } from './output.ts';
import { safe } from '../safe-text.ts';
import { createSocketTransport, isListening } from './socket-transport.ts';

/** What keeps sessions and messages from the disk, if anything does. */
const journalLines = ({ problem, backlogBytes }: StatsDto['journal']): readonly string[] =>
  problem === null ? [] : [`journal is not written: ${safe(problem)}   waiting ${backlogBytes} bytes`];

/** `gatehouse status`: whether a server runs here, where, and its numbers. Exits 1 when none does. */
export function statusCommand(host: Host): Command {
  return action(
    host,
    newCommand('status', 'is the server running, where, and how is it doing?'),
    z.object({}),
    async (context) => {
      const dir = dataDirOf(context.loaded.config);
      if (!(await isListening(dir.controlSocket).catch(() => false))) {
        context.out.answer({ running: false, dataDir: dir.path }, () => [`Not running on ${dir.path}.`]);
        return EXIT.failed;
      }
      const api = createApiClient(createSocketTransport(dir.controlSocket));
      const stats = await api.call(ENDPOINTS.getStats);
      const run = readRunFile(dir);
      context.out.answer({ running: true, dataDir: dir.path, run: run ?? null, stats }, () => [
        `Gatehouse ${stats.version}, pid ${run?.pid ?? '?'}, since ${stats.startedAt}, on ${dir.path}`,
        ...table(
          ['listener', 'address', 'port', 'connections'],
          stats.listeners.map((one) => [one.name, one.host, one.port, one.connections]),
        ),
        `online ${stats.clientsOnline}   credentials ${stats.credentials}   refused clients ${stats.unauthorizedOpen}${stats.unauthorizedOpenIsExact ? '' : '+'}`,
        `accepted ${stats.totals.accepted}   refused ${stats.totals.refused}   messages in ${stats.totals.messagesReceived}, out ${stats.totals.messagesSent}`,
        ...journalLines(stats.journal),
      ]);
      return EXIT.done;
    },
  );
}
