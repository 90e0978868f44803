import type { ControlEvent, DataPlane } from '@gatehouse/ports';
import type { Logger } from 'pino';
import { IdentityFilter } from '../identity-filter.ts';

const CREDENTIALS_PER_CHUNK = 1_000;

interface Identity {
  readonly username: string | null;
  readonly clientId: string | null;
}

/** The stored credentials, as far as their identities go. */
export interface StoredIdentities {
  count(): Promise<number>;
  stream(filter: Readonly<Record<string, never>>, chunk: number): AsyncIterable<readonly Identity[]>;
}

/** Keeps the data plane's filter up, in the only process that writes the store. */
export interface IdentityKeeper {
  /** `dataPlane`, before which the identities of changed credentials are added. */
  announcing<P extends Pick<DataPlane, 'publish'>>(dataPlane: P): P;
  /**
   * Makes the filter, before anything can be changed, and adds what is stored in the background; until that is done
   * every question is asked.
   */
  begin(credentials: StoredIdentities): Promise<SharedArrayBuffer>;
  /** Resolves when nothing is read any more. */
  stop(): Promise<void>;
}

export function keepIdentities(log: Logger): IdentityKeeper {
  let filter: IdentityFilter | undefined;
  let stopped = false;
  let filling = Promise.resolve();
  return {
    announcing: (dataPlane) => ({
      ...dataPlane,
      publish: (event: ControlEvent) => {
        if (filter !== undefined && event.kind === 'credentials-changed') addAll(filter, event.changes);
        dataPlane.publish(event);
      },
    }),
    begin: async (credentials) => {
      const made = IdentityFilter.forIdentities(await credentials.count());
      filter = made;
      filling = fill(made, credentials, () => stopped).catch((error: unknown) => {
        log.warn({ err: error }, 'the known identities could not be read: every unknown client is looked up');
      });
      return made.shared;
    },
    stop: () => {
      stopped = true;
      return filling;
    },
  };
}

async function fill(
  filter: IdentityFilter,
  credentials: StoredIdentities,
  isStopped: () => boolean,
): Promise<void> {
  for await (const chunk of credentials.stream({}, CREDENTIALS_PER_CHUNK)) {
    if (isStopped()) return;
    addAll(filter, chunk);
  }
  filter.complete();
}

function addAll(filter: IdentityFilter, identities: readonly Identity[]): void {
  for (const { username, clientId } of identities) {
    if (username !== null) filter.add('username', username);
    if (clientId !== null) filter.add('clientId', clientId);
  }
}
