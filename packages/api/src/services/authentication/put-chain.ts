import { chainProblems, type ChainSetupEntry } from '@gatehouse/auth-core';
import { type ChainDto, CHAINS_MAX } from '@gatehouse/contract';
import type { AuthSetup } from '@gatehouse/ports';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';
import { checkVersion, refuseDeclared } from './guard.ts';
import { getChain } from './chains.ts';
import { announceSetup, mergeSetup } from './setup.ts';
import { readStored, type StoredAuth, writeStored } from './stored.ts';

/** Sets which authenticators a chain asks, in which order; in force for every attempt from then on. */
export const putChain = async (
  ctx: Context,
  name: string,
  steps: readonly ChainSetupEntry[],
  ifVersion: number | undefined,
): Promise<ChainDto> => {
  const actor = authorize(ctx, 'authentication:write');
  const { auth, store } = ctx.house;
  refuseDeclared(auth, `auth.chains.${name}`, Object.hasOwn(auth.declared.chains, name));
  await store.transaction(async (tx) => {
    const stored = await readStored(tx);
    const before = stored.chains[name];
    checkVersion(before?.version ?? 0, ifVersion);
    const { authenticators, chains } = mergeSetup(auth, stored);
    checkSteps(steps, authenticators);
    checkRoom(stored, name);
    const next = { steps, version: (before?.version ?? 0) + 1, previous: chains[name] };
    await writeStored(tx, { ...stored, chains: { ...stored.chains, [name]: next } });
    await writeAudit(tx, ctx, actor, {
      action: 'chain.update',
      target: { kind: 'chain', id: name, name },
      before: { steps: chains[name] ?? null },
      after: { steps },
    });
  });
  await announceSetup(ctx.house);
  return getChain(ctx, name);
};

export function checkSteps(
  steps: readonly ChainSetupEntry[],
  authenticators: AuthSetup['authenticators'],
): void {
  const problems = chainProblems(steps, Object.keys(authenticators), (name) => authenticators[name]?.type);
  if (problems.length === 0) return;
  throw new ProblemError('invalid-input', {
    errors: problems.map(({ path, found, accepted }) => ({
      path: `steps.${path}`,
      message: `${found}; accepted: ${accepted}`,
    })),
  });
}

function checkRoom({ chains }: StoredAuth, name: string): void {
  if (Object.hasOwn(chains, name) || Object.keys(chains).length < CHAINS_MAX) return;
  throw new ProblemError('limit-reached', { detail: `There may be ${CHAINS_MAX} chains.` });
}
