import type { GuessedIdentity, UnauthorizedClient } from '@gatehouse/ports';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { ProblemError } from '../../problem.ts';

/** The names under which its failures may be counted; null when it never gave any. */
const identitiesOf = (row: UnauthorizedClient): readonly GuessedIdentity[] | null => {
  const { username, clientId } = row;
  const identities: GuessedIdentity[] = [
    ...(username === null || username === '' ? [] : [{ by: 'username' as const, value: username }]),
    ...(clientId === null ? [] : [{ by: 'clientId' as const, value: clientId }]),
  ];
  return identities.length === 0 ? null : identities;
};

/** Takes back the guessing budget's penalty on this row's names and address (auth.md §9). */
export const forgiveFailures = async (ctx: Context, id: string): Promise<undefined> => {
  const actor = authorize(ctx, 'credentials:write');
  const { store, dataPlane } = ctx.house;
  const row = await store.unauthorized.get(id);
  if (row === null) throw new ProblemError('not-found');
  const event = { kind: 'failures-forgiven', identities: identitiesOf(row), ip: row.ip } as const;
  await store.transaction(async (tx) => {
    await tx.changeNotes.tell([event]);
    await writeAudit(tx, ctx, actor, {
      action: 'unauthorized.forgive-failures',
      target: { kind: 'unauthorized-client', id, name: row.clientId ?? row.ip },
      after: { username: row.username, ip: row.ip },
    });
  });
  dataPlane.publish(event);
  return undefined;
};
