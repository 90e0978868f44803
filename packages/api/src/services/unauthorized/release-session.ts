import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';

/** Ends the session that holds this row's client ID, so that its rightful owner can have it. */
export const releaseSession = async (ctx: Context, id: string) => {
  const actor = authorize(ctx, 'sessions:release');
  const { store, dataPlane } = ctx.house;
  const row = await store.unauthorized.get(id);
  if (row === null) throw new ProblemError('not-found');
  if (row.clientId === null || row.clientId === '' || row.clientIdTruncated) {
    throw new ProblemError('conflict', {
      detail: 'This row names no whole client ID, so no session can be found by it.',
    });
  }
  const { clientId } = row;
  // Noted before it is done: a release that nobody wrote down must not happen.
  await store.transaction((tx) =>
    writeAudit(tx, ctx, actor, {
      action: 'session.release',
      target: { kind: 'client', id: clientId, name: clientId },
    }),
  );
  return { released: await dataPlane.releaseSession(clientId) };
};
