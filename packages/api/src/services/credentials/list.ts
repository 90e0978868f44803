import type { credentialsListQuery } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context } from '../../context.ts';
import { presentCredential } from '../../present/credential.ts';
import { pageRequest, presentPage } from '../../present/page.ts';
import { presentedSessions } from './announce.ts';
import { toCredentialFilter } from './filter.ts';

export const listCredentials = async (ctx: Context, query: z.output<typeof credentialsListQuery>) => {
  authorize(ctx, 'credentials:read');
  const page = await ctx.house.store.credentials.page(toCredentialFilter(query), pageRequest(query));
  const sessions = await presentedSessions(ctx, page.items);
  return presentPage(page, (credential) => presentCredential(credential, sessions(credential.id)));
};

export const listCredentialTags = async (ctx: Context) => {
  authorize(ctx, 'credentials:read');
  return { items: [...(await ctx.house.store.credentials.tags())] };
};
