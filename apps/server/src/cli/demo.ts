import { ENDPOINTS } from '@gatehouse/contract';
import type { Command } from 'commander';
import { z } from 'zod';
import { reachable } from '../runtime/addresses.ts';
import { dataDirOf } from '../runtime/data-dir.ts';
import { EXIT, Failure } from '../runtime/failure.ts';
import { readRunFile } from '../runtime/run-file.ts';
import type { ApiClient } from './api-client.ts';
import { action, newCommand, type Host } from './command.ts';
import { withApi } from './with-api.ts';

const options = z.object({
  seconds: z.coerce.number().int().min(5).max(86_400),
  clients: z.coerce.number().int().min(0).max(1_000),
  keep: z.boolean().default(false),
});

async function refuseUsedStore(api: ApiClient): Promise<void> {
  const credentials = await api.call(ENDPOINTS.listCredentials, { query: { limit: 1 } });
  const refused = await api.call(ENDPOINTS.listUnauthorizedClients, { query: { limit: 1 } });
  if (credentials.total + refused.total === 0) return;
  throw new Failure(
    'The demo is for a fresh server only: this one has credentials or refused clients already.\nStart another with --set data_dir=./demo-data.',
  );
}

/** Aborts after the given time or at the first Ctrl-C; `dispose` puts the signals back. */
function endAfter(seconds: number): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, seconds * 1_000);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return {
    signal: controller.signal,
    dispose: () => {
      clearTimeout(timer);
      process.off('SIGINT', stop).off('SIGTERM', stop);
    },
  };
}

/** `gatehouse demo`: a small fleet of real clients against the running server, with an end, that cleans up after itself. */
export function demoCommand(host: Host): Command {
  const command = newCommand(
    'demo',
    'a small fleet of real clients, most well, some broken in every way there is',
  )
    .option('--seconds <seconds>', 'how long it runs', '90')
    .option('--clients <count>', 'clients that are well', '24')
    .option('--keep', 'leave the credentials (they expire) and the refused clients');
  return action(host, command, options, async (context, { seconds, clients, keep }) => {
    const { config } = context.loaded;
    return withApi(context, async ({ api, running }) => {
      const ports = running ? readRunFile(dataDirOf(config))?.ports : undefined;
      if (ports?.tcp === undefined || ports.tcp === null)
        throw new Failure('The demo needs a running server with its tcp listener: `gatehouse start` first.');
      await refuseUsedStore(api);
      const { cleanUp, runDemo } = await import('../demo/run.ts');
      const end = endAfter(seconds);
      const target = { host: reachable(config.listeners.tcp.host), tcpPort: ports.tcp, wsPort: ports.ws };
      const traces = await runDemo({
        api,
        target,
        seconds,
        clients,
        signal: end.signal,
        say: (text) => context.out.note(text),
      }).finally(end.dispose);
      if (keep) {
        context.out.answer({ kept: traces.credentialIds.length }, () => [
          `Kept ${traces.credentialIds.length} credentials; they expire by themselves.`,
        ]);
        return EXIT.done;
      }
      const removed = await cleanUp(api, traces);
      context.out.answer({ removed }, () => [
        `Removed ${removed.credentials} credentials and ${removed.rows} refused clients.`,
      ]);
      return EXIT.done;
    });
  });
}
