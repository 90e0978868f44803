import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';

/** Takes back the guessing budget's penalty on this row's username and address (auth.md §9). */
export const forgiveFailures = async (ctx: Context, id: string): Promise<undefined> => {
  const actor = authorize(ctx, 'credentials:write');
  const { store, dataPlane } = ctx.house;
  const row = await store.unauthorized.get(id);
  if (row === null) throw new ProblemError('not-found');
  await store.transaction((tx) =>
    writeAudit(tx, ctx, actor, {
      action: 'unauthorized.forgive-failures',
      target: { kind: 'unauthorized-client', id, name: row.clientId ?? row.ip },
      after: { username: row.username, ip: row.ip },
    }),
  );
  dataPlane.publish({ kind: 'failures-forgiven', username: row.username, ip: row.ip });
  return undefined;
};
