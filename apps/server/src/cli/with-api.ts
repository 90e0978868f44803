import { dataDirOf, prepareDataDir } from '../runtime/data-dir.ts';
import { createApiClient, type ApiClient, type ApiTransport } from './api-client.ts';
import type { Context } from './command.ts';
import { createSocketTransport, isListening } from './socket-transport.ts';

/** A connection to the API, and whether a server is running behind it. */
export interface ApiSession {
  readonly api: ApiClient;
  readonly running: boolean;
}

/** The running server over its control socket; else the store itself, whose lock keeps a server out meanwhile. */
async function openTransport(
  context: Context,
): Promise<{ readonly transport: ApiTransport; readonly running: boolean }> {
  const dir = dataDirOf(context.loaded.config);
  if (await isListening(dir.controlSocket))
    return { transport: createSocketTransport(dir.controlSocket), running: true };
  prepareDataDir(dir);
  // Store and API are loaded only when they are needed: a command over the socket starts at once.
  const { createOfflineTransport } = await import('./offline-transport.ts');
  return { transport: await createOfflineTransport(context.loaded, dir), running: false };
}

/** Runs `work` with the API, whether the server runs or not: the same verbs, scopes and audit either way. */
export async function withApi<T>(context: Context, work: (session: ApiSession) => Promise<T>): Promise<T> {
  const { transport, running } = await openTransport(context);
  try {
    return await work({ api: createApiClient(transport), running });
  } finally {
    await transport.close();
  }
}
