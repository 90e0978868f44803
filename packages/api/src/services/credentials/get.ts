import type { CredentialDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { presentCredential } from '../../present/credential.ts';
import { ProblemError } from '../../problem.ts';
import { presentedSessions } from './announce.ts';

export const getCredential = async (ctx: Context, id: string): Promise<CredentialDto> => {
  authorize(ctx, 'credentials:read');
  const credential = await ctx.house.store.credentials.get(id);
  if (credential === null) throw new ProblemError('not-found');
  const sessions = await presentedSessions(ctx, [credential]);
  return presentCredential(credential, sessions(id));
};
