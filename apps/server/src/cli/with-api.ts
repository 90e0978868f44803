import { existsSync } from 'node:fs';
import { ENDPOINTS } from '@gatehouse/contract';
import { dataDirOf, type DataDir } from '../runtime/data-dir.ts';
import { settleDataDir } from '../runtime/settled-dir.ts';
import { Failure } from '../runtime/failure.ts';
import { createApiClient, type ApiClient, type ApiRequest, type ApiTransport } from './api-client.ts';
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
  return { transport: whenAsked(context, dir), running: false };
}

/** Questions; everything else may be the first that is written to a data directory. */
const asks = ({ method, path }: ApiRequest): boolean =>
  method === 'GET' || path === ENDPOINTS.tryAttempt.path;

/**
 * The store itself, opened with the first request: a question to a data directory that holds nothing is a mistake in
 * the settings, and must not make one.
 */
function whenAsked({ loaded }: Context, dir: DataDir): ApiTransport {
  let opened: Promise<ApiTransport> | undefined;
  const open = async (): Promise<ApiTransport> => {
    settleDataDir(dir);
    // Store and API are loaded only when they are needed: a command over the socket starts at once.
    const { createOfflineTransport } = await import('./offline-transport.ts');
    return createOfflineTransport(loaded, dir);
  };
  return {
    send: async (request) => {
      const isEmbedded = loaded.config.database_url.reveal() === '';
      if (opened === undefined && isEmbedded && asks(request) && !existsSync(dir.databaseFile)) {
        throw new Failure(
          `There is no data in ${dir.path}, and no server runs there. Give the settings that the server has, e.g. --set data_dir=PATH or --config FILE.`,
        );
      }
      opened ??= open();
      return (await opened).send(request);
    },
    close: async () => {
      await (await opened)?.close();
    },
  };
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
