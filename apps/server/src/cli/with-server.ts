import { dataDirOf } from '../runtime/data-dir.ts';
import { Failure } from '../runtime/failure.ts';
import type { ApiClient } from './api-client.ts';
import type { Context } from './command.ts';
import { withApi } from './with-api.ts';

/** Runs `work` with the API of a running server: what lives in its memory, no other process can tell. */
export const withServer = <T>(context: Context, work: (api: ApiClient) => Promise<T>): Promise<T> =>
  withApi(context, ({ api, running }) => {
    if (running) return work(api);
    const { path } = dataDirOf(context.loaded.config);
    throw new Failure(`No server runs on ${path}: sessions, subscriptions and messages are in its memory.`);
  });
