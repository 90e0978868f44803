import type { LoadedConfig } from '../config/load.ts';
import { declaredIn } from '../control/declared-auth.ts';
import { openHouse } from '../control/house.ts';
import { offlineDataPlane } from '../data/offline.ts';
import type { DataDir } from '../runtime/data-dir.ts';
import { holdJournalFile } from '../runtime/journal-backup.ts';
import { createLogger } from '../runtime/logger.ts';
import type { ApiRequest, ApiTransport } from './api-client.ts';

/** The API in this process, for a command while no server runs: same verbs, same checks, same audit. */
export async function createOfflineTransport(loaded: LoadedConfig, dir: DataDir): Promise<ApiTransport> {
  const { config } = loaded;
  const log = createLogger({ level: 'error', format: 'text' }, 'control');
  const offline = offlineDataPlane(
    config,
    (queries) => house.store.credentials.lookup(queries),
    (queries) => house.store.credentials.lookupTyped(queries),
    () => house.store.blocks.all(),
  );
  const house = await openHouse({
    config,
    declared: declaredIn(loaded),
    dir,
    dataPlane: offline.dataPlane,
    ports: () => ({}),
    holdJournal: () => holdJournalFile(config, dir),
    log,
    sampling: false,
  });
  offline.dataPlane.publish({ kind: 'auth-changed', setup: await house.authSetup() });
  return {
    send: async (request: ApiRequest) => {
      const response = await house.api.control.inject({
        method: request.method,
        url: request.path,
        payloadAsStream: true,
        headers: request.contentType === undefined ? {} : { 'content-type': request.contentType },
        ...(request.body === undefined ? {} : { payload: request.body }),
      });
      return { status: response.statusCode, body: response.stream() };
    },
    close: async () => {
      await house.close();
      await offline.close();
    },
  };
}
