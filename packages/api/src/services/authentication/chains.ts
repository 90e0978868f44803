import type { ChainDto } from '@gatehouse/contract';
import { authorize, type Context } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { presentChain } from './present.ts';
import { mergeSetup } from './setup.ts';
import { readStored } from './stored.ts';

export const listChains = async (ctx: Context) => {
  authorize(ctx, 'authentication:read');
  const { auth, store } = ctx.house;
  const stored = await readStored(store);
  const names = Object.keys(mergeSetup(auth, stored).chains);
  return { items: names.flatMap((name) => presentChain(auth, stored, name) ?? []) };
};

export const getChain = async (ctx: Context, name: string): Promise<ChainDto> => {
  authorize(ctx, 'authentication:read');
  const { auth, store } = ctx.house;
  const found = presentChain(auth, await readStored(store), name);
  if (found === undefined) throw new ProblemError('not-found');
  return found;
};
