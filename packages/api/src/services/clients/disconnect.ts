import type { disconnectBody } from '@gatehouse/contract';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { manyTarget } from '../../present/audit-target.ts';
import { ProblemError } from '../../problem.ts';

type Fate = 'keep' | 'end';

const actionOf = (fate: Fate): string => (fate === 'end' ? 'session.end' : 'client.disconnect');

/** Closes the connection of a client, and may end its session; noted before it is done. */
export const disconnectClient = async (ctx: Context, clientId: string, session: Fate): Promise<undefined> => {
  const actor = authorize(ctx, 'clients:disconnect');
  const { store, dataPlane } = ctx.house;
  if ((await dataPlane.getClient(clientId)) === null) throw new ProblemError('not-found');
  await store.transaction((tx) =>
    writeAudit(tx, ctx, actor, {
      action: actionOf(session),
      target: { kind: 'client', id: clientId, name: clientId },
    }),
  );
  await dataPlane.disconnectClients([clientId], session === 'end');
  return undefined;
};

/** The same for many, with one audit entry; client IDs without a session are passed over. */
export const disconnectClients = async (
  ctx: Context,
  { clientIds, session }: z.output<typeof disconnectBody>,
): Promise<{ affected: number }> => {
  const actor = authorize(ctx, 'clients:disconnect');
  const { store, dataPlane } = ctx.house;
  await store.transaction((tx) =>
    writeAudit(tx, ctx, actor, {
      action: `${actionOf(session)}${clientIds.length === 1 ? '' : '-many'}`,
      target: manyTarget(
        'client',
        clientIds.map((clientId) => ({ id: clientId, name: clientId })),
      ),
      after: { clientIds },
    }),
  );
  return { affected: await dataPlane.disconnectClients(clientIds, session === 'end') };
};
