import type { deleteBody } from '@gatehouse/contract';
import type { Deletion, Repositories, UnauthorizedSelection } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { manyTarget, TARGET_NAMES_MAX } from '../../present/audit-target.ts';
import { iso } from '../../present/time.ts';
import { ProblemError } from '../../problem.ts';
import { parseFilterBody } from './filter.ts';

const presentDeletion = (deletion: Deletion) => ({
  deleted: deletion.deleted,
  undoToken: deletion.undoToken,
  undoUntil: iso(deletion.undoUntil),
});

const toSelection = (body: z.output<typeof deleteBody>): UnauthorizedSelection => {
  if ('ids' in body) return { kind: 'ids', ids: body.ids };
  if ('filter' in body) return { kind: 'filter', filter: parseFilterBody(body.filter), except: body.except };
  return { kind: 'all' };
};

/** Ids kept in the audit entry of a deletion; the count is always whole. */
const AUDIT_IDS_MAX = 100;

const auditSelection = (selection: UnauthorizedSelection) =>
  selection.kind === 'ids' ? { kind: 'ids', ids: selection.ids.slice(0, AUDIT_IDS_MAX) } : selection;

/** The client IDs of rows that were chosen one by one; a filter says itself what it met. */
const namesOf = async (
  { unauthorized }: Pick<Repositories, 'unauthorized'>,
  selection: UnauthorizedSelection,
) => {
  if (selection.kind !== 'ids') return [];
  const named: { readonly id: string; readonly name: string }[] = [];
  for (const id of selection.ids.slice(0, TARGET_NAMES_MAX)) {
    const row = await unauthorized.get(id);
    if (row !== null) named.push({ id, name: row.clientId ?? row.ip });
  }
  return named;
};

/** What live streams are told of a deletion. */
const toldOf = (selection: UnauthorizedSelection): readonly string[] | 'many' =>
  selection.kind === 'ids' ? selection.ids : 'many';

const remove = async (ctx: Context, selection: UnauthorizedSelection): Promise<Deletion> => {
  const actor = authorize(ctx, 'unauthorized:delete');
  const { store, dataPlane, clock, live } = ctx.house;
  // What the recorder still holds would come back after the deletion.
  await dataPlane.flushRecorder();
  const deletion = await store.transaction(async (tx) => {
    const named = await namesOf(tx, selection);
    const done = await tx.unauthorized.remove(selection, actor, clock.now());
    await tx.changeNotes.tellRefused({ kind: 'deleted', ids: toldOf(selection) });
    await writeAudit(tx, ctx, actor, {
      action: 'unauthorized.delete',
      target: manyTarget('unauthorized', named, done.deleted),
      before: { deleted: done.deleted, selection: auditSelection(selection) },
    });
    return done;
  });
  live.deleted(toldOf(selection));
  return deletion;
};

/** Deletes by ids, by filter, or all: one transaction, one audit entry, one undo token. */
export const deleteUnauthorized = async (ctx: Context, body: z.output<typeof deleteBody>) => {
  authorize(ctx, 'unauthorized:delete');
  return presentDeletion(await remove(ctx, toSelection(body)));
};

export const deleteOneUnauthorized = async (ctx: Context, id: string) => {
  authorize(ctx, 'unauthorized:delete');
  if ((await ctx.house.store.unauthorized.get(id)) === null) throw new ProblemError('not-found');
  return presentDeletion(await remove(ctx, { kind: 'ids', ids: [id] }));
};
