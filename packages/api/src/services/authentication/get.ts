import type { AuthenticatorDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { presentAuthenticator } from './present.ts';
import { readStored } from './stored.ts';

export const getAuthenticator = async (ctx: Context, name: string): Promise<AuthenticatorDto> => {
  authorize(ctx, 'authentication:read');
  return readAuthenticator(ctx, name);
};

/** For verbs that have checked their own scope. */
export const readAuthenticator = async (ctx: Context, name: string): Promise<AuthenticatorDto> => {
  const { auth, store, dataPlane } = ctx.house;
  const [stored, stats] = await Promise.all([readStored(store), dataPlane.stats()]);
  const found = presentAuthenticator(auth, stored, name, stats.auth.authenticators);
  if (found === undefined) throw new ProblemError('not-found');
  return found;
};
