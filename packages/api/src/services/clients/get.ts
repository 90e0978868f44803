import type { ClientSessionDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { presentClient } from '../../present/client.ts';
import { credentialNames } from './credential-names.ts';
import { ProblemError } from '../../problem.ts';

export const getClient = async (ctx: Context, clientId: string): Promise<ClientSessionDto> => {
  authorize(ctx, 'clients:read');
  const session = await ctx.house.dataPlane.getClient(clientId);
  if (session === null) throw new ProblemError('not-found');
  return presentClient(session, await credentialNames(ctx, [session]));
};
