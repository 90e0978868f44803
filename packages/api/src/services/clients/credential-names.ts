import type { ClientSession } from '@gatehouse/ports';
import type { Context } from '../../context.ts';

/** The names of the credentials that let these sessions in, by ID. */
export const credentialNames = (
  { house }: Context,
  sessions: readonly ClientSession[],
): Promise<ReadonlyMap<string, string>> => {
  const ids = new Set(sessions.flatMap(({ credentialId }) => credentialId ?? []));
  return ids.size === 0 ? Promise.resolve(new Map()) : house.store.credentials.names([...ids]);
};
