import { randomUUID } from 'node:crypto';
import type { importQuery, importResult } from '@gatehouse/contract';
import type { Credential, CredentialPatch, Repositories } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { defined } from '../../present/defined.ts';
import { msOf } from '../../present/time.ts';
import { rulesFromTopics } from '../../present/topics.ts';
import { ProblemError } from '../../problem.ts';
import { announceCredentials } from './announce.ts';
import { endsSessions } from './ends-sessions.ts';
import { type ParsedRow, parseImport, type RowError, type RowsAre } from './import-rows.ts';
import { factsOfRow, identityField, type ImportRow } from './import-types.ts';
import { existingOfRow, type MadeRow, secretOfRow, writeOfRow } from './row-write.ts';
import { written } from './written.ts';

type Query = z.output<typeof importQuery>;
type Result = z.output<typeof importResult>;
type Prepared = ParsedRow & MadeRow;

/** Row errors told in one answer. */
const ERRORS_MAX = 1_000;
/** Passwords hashed at once; the hash workers are shared with the devices' logins. */
const HASHES_AT_ONCE = 2;

const badHash = (ctx: Context, { row, value }: ParsedRow): readonly RowError[] => {
  if (value.password_hash === undefined) return [];
  const described = ctx.house.hasher.describe(value.password_hash);
  return 'invalid' in described ? [{ row, field: 'password_hash', message: described.invalid }] : [];
};

const prepareRow = async (ctx: Context, row: ParsedRow): Promise<Prepared> => {
  const id = (await existingOfRow(ctx.house.store, row.value))?.id ?? randomUUID();
  return { ...row, id, secret: await secretOfRow(ctx, row.value, id) };
};

const prepare = async (ctx: Context, rows: readonly ParsedRow[]): Promise<readonly Prepared[]> => {
  const prepared: Prepared[] = [];
  for (let i = 0; i < rows.length; i += HASHES_AT_ONCE) {
    const some = rows.slice(i, i + HASHES_AT_ONCE);
    prepared.push(...(await Promise.all(some.map((row) => prepareRow(ctx, row)))));
  }
  return prepared;
};

/** Fields that the row does not name keep what they have. */
const toPatch = (value: ImportRow, { facts }: Credential): CredentialPatch =>
  defined({
    facts: facts.type === 'x509' ? factsOfRow(value, facts) : undefined,
    name: value.name,
    superuser: value.superuser,
    enabled: value.enabled,
    expiresAt: value.expires_at === undefined ? undefined : msOf(value.expires_at),
    description: value.description,
    tags: value.tags,
    rules: rulesFromTopics(value.publish, value.subscribe),
  });

interface Tally {
  readonly created: Credential[];
  readonly updated: Credential[];
  /** Those of `updated` whose sessions end. */
  readonly ended: Credential[];
  skipped: number;
  readonly errors: RowError[];
}

const writeRow = async (
  tx: Repositories,
  ctx: Context,
  query: Query,
  item: Prepared,
  tally: Tally,
): Promise<void> => {
  const now = ctx.house.clock.now();
  const existing = await existingOfRow(tx, item.value);
  if (existing === null) {
    tally.created.push(written(await tx.credentials.create(writeOfRow(ctx, item), now)));
  } else if (item.secret !== null && existing.id !== item.id) {
    const message = 'its credential was made just now by somebody else: import again';
    tally.errors.push({ row: item.row, field: identityField(item.value), message });
  } else if (query.onExisting === 'skip') {
    tally.skipped++;
  } else if (query.onExisting === 'fail') {
    tally.errors.push({
      row: item.row,
      field: identityField(item.value),
      message: `the credential "${existing.name}" has this identity`,
    });
  } else {
    const { secret } = item;
    let after = written(
      await tx.credentials.update(existing.id, toPatch(item.value, existing), undefined, now),
    );
    if (secret !== null) {
      const write = {
        hash: secret.hash,
        hashFormat: secret.format,
        secretKind: secret.kind,
        keepPreviousUntil: null,
      };
      after = written(await tx.credentials.setSecret(existing.id, write, now));
    }
    tally.updated.push(after);
    if (secret !== null || endsSessions(existing, after, now)) tally.ended.push(after);
  }
};

/** Leaves the transaction without writing, and carries out what it found. */
class Rollback extends Error {
  readonly tally: Tally;
  constructor(tally: Tally) {
    super('nothing is to be written');
    this.tally = tally;
  }
}

const writeAll = async (ctx: Context, query: Query, items: readonly Prepared[]): Promise<Tally> => {
  const actor = authorize(ctx, 'credentials:write');
  const tally: Tally = { created: [], updated: [], ended: [], skipped: 0, errors: [] };
  try {
    await ctx.house.store.transaction(async (tx) => {
      for (const item of items) await writeRow(tx, ctx, query, item, tally);
      if (query.dryRun || tally.errors.length > 0) throw new Rollback(tally);
      const after = { created: tally.created.length, updated: tally.updated.length, skipped: tally.skipped };
      await writeAudit(tx, ctx, actor, { action: 'credential.import', target: null, after });
    });
  } catch (error) {
    if (!(error instanceof Rollback)) throw error;
  }
  return tally;
};

const answer = (query: Query, rowsAre: RowsAre, tally: Pick<Tally, 'errors'> & Partial<Tally>): Result => {
  const failed = tally.errors.length > 0;
  return {
    dryRun: query.dryRun,
    rowsAre,
    created: failed ? 0 : (tally.created?.length ?? 0),
    updated: failed ? 0 : (tally.updated?.length ?? 0),
    skipped: failed ? 0 : (tally.skipped ?? 0),
    errors: tally.errors.slice(0, ERRORS_MAX).map((error) => ({ ...error })),
  };
};

/**
 * Imports credentials: all rows, or with any error none. The answer lists the errors by row and field. A dry run goes
 * the same way to the last step and takes it back.
 */
export const importCredentials = async (
  ctx: Context,
  query: Query,
  body: string | readonly unknown[],
): Promise<Result> => {
  authorize(ctx, 'credentials:write');
  const { rowsAre, rows, errors } = parseImport(body, ctx.house.patterns);
  if (rows.length === 0 && errors.length === 0)
    throw new ProblemError('invalid-input', { detail: 'There are no rows.' });
  const found = [...errors, ...rows.flatMap((row) => badHash(ctx, row))];
  if (found.length > 0) return answer(query, rowsAre, { errors: found });
  // A dry run is about rows, not about hashes: it spends no slow work on passwords.
  const items = query.dryRun
    ? rows.map((row) => ({ ...row, id: randomUUID(), secret: null }))
    : await prepare(ctx, rows);
  const tally = await writeAll(ctx, query, items);
  if (!query.dryRun && tally.errors.length === 0) {
    await announceCredentials(ctx, tally.created, { disconnect: false, forgive: true });
    const ended = new Set(tally.ended);
    const kept = tally.updated.filter((one) => !ended.has(one));
    await announceCredentials(ctx, tally.ended, { disconnect: true, forgive: true });
    await announceCredentials(ctx, kept, { disconnect: false, forgive: true });
  }
  return answer(query, rowsAre, tally);
};
