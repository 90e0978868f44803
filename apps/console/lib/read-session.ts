import type { SessionDto } from '@gatehouse/contract';
import { ApiError } from './api';
import { sessionResource } from './endpoints';
import { resource } from './resource';
import { readOnServer } from './server-api';

export type FoundSession =
  | { readonly state: 'signed-in'; readonly session: SessionDto }
  | { readonly state: 'signed-out' }
  | { readonly state: 'setup-needed' }
  | { readonly state: 'unreachable' };

/** Who is asking for a page; an API that cannot be reached is an answer, not an exception. */
export async function readSession(): Promise<FoundSession> {
  try {
    return { state: 'signed-in', session: await readOnServer(sessionResource) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) return { state: 'unreachable' };
  }
  const setup = await readOnServer(resource<{ needed: boolean }>('/setup')).catch(() => ({ needed: false }));
  return { state: setup.needed ? 'setup-needed' : 'signed-out' };
}
