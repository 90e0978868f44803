import { randomUUID } from 'node:crypto';
import type { importQuery, importResult } from '@gatehouse/contract';
import type { Credential, CredentialChange, Repositories } from '@gatehouse/ports';
import type { z } from 'zod';
import { authorize, type Context, writeAudit } from '../../context.ts';
import { defined } from '../../present/defined.ts';
import { msOf } from '../../present/time.ts';
import { rulesFromTopics } from '../../present/topics.ts';
import { ProblemError } from '../../problem.ts';
import { announceCredentials } from './announce.ts';
import { endsSessions } from './ends-sessions.ts';
import { type ParsedRow, parseImport, type RowError, type RowsAre } from './import-rows.ts';
import { factsOfRow, identityField } from './import-types.ts';
import { batches } from './batches.ts';
import { identityAsked, lacksSecret, type MadeRow, secretOfRow, writeOfRow } from './row-write.ts';
import { noRoom } from './written.ts';

type Query = z.output<typeof importQuery>;
type Result = z.output<typeof importResult>;
type Prepared = ParsedRow & MadeRow;

/** Row errors told in one answer. */
const ERRORS_MAX = 1_000;
/** Rows without a secret that one answer names; the count is always whole. */
const WITHOUT_SECRET_MAX = 20;
/** Passwords hashed at once; the hash workers are shared with the devices' logins. */
const HASHES_AT_ONCE = 2;

const badHash = (ctx: Context, { row, value }: ParsedRow): readonly RowError[] => {
  if (value.password_hash === undefined) return [];
  const described = ctx.house.hasher.describe(value.password_hash);
  return 'invalid' in described ? [{ row, field: 'password_hash', message: described.invalid }] : [];
};

const prepareRow = async (ctx: Context, row: ParsedRow, existing: Credential | null): Promise<Prepared> => {
  const id = existing?.id ?? randomUUID();
  return { ...row, id, secret: await secretOfRow(ctx, row.value, id) };
};

const prepare = async (ctx: Context, rows: readonly ParsedRow[]): Promise<readonly Prepared[]> => {
  const prepared: Prepared[] = [];
  for await (const some of batches(rows)) {
    const existing = await ctx.house.store.credentials.findEach(
      some.map(({ value }) => identityAsked(value)),
    );
    for (let i = 0; i < some.length; i += HASHES_AT_ONCE) {
      const now = some.slice(i, i + HASHES_AT_ONCE);
      prepared.push(
        ...(await Promise.all(now.map((row, at) => prepareRow(ctx, row, existing[i + at] ?? null)))),
      );
    }
  }
  return prepared;
};

/** Fields that the row does not name keep what they have. */
const changeOf = ({ value, secret }: Prepared, { id, facts }: Credential): CredentialChange => ({
  id,
  ...defined({
    facts: facts.type === 'x509' ? factsOfRow(value, facts) : undefined,
    name: value.name,
    superuser: value.superuser,
    enabled: value.enabled,
    expiresAt: value.expires_at === undefined ? undefined : msOf(value.expires_at),
    description: value.description,
    tags: value.tags,
    rules: rulesFromTopics(value.publish, value.subscribe),
    secret:
      secret === null ? undefined : { hash: secret.hash, hashFormat: secret.format, secretKind: secret.kind },
  }),
});

type Announced = Pick<Credential, 'id' | 'facts' | 'username' | 'clientId'>;

interface Tally {
  readonly created: Announced[];
  /** Rows of those that have no secret. */
  readonly withoutSecret: number[];
  /** Changed; their sessions go on. */
  readonly kept: Announced[];
  /** Changed; their sessions end. */
  readonly ended: Announced[];
  skipped: number;
  readonly errors: RowError[];
}

const noTally = (errors: RowError[]): Tally => ({
  created: [],
  withoutSecret: [],
  kept: [],
  ended: [],
  skipped: 0,
  errors,
});

const announced = ({ id, facts, username, clientId }: Credential): Announced => ({
  id,
  facts,
  username,
  clientId,
});

interface Writing {
  readonly tx: Repositories;
  readonly ctx: Context;
  readonly query: Query;
  readonly tally: Tally;
}

interface Over {
  readonly item: Prepared;
  readonly existing: Credential;
}

/** Whether the row changes what has its identity; else the tally says what becomes of it. */
const changes = ({ query, tally }: Writing, { item, existing }: Over): boolean => {
  const field = identityField(item.value);
  if (item.secret !== null && existing.id !== item.id) {
    const message = 'its credential was made just now by somebody else: import again';
    tally.errors.push({ row: item.row, field, message });
    return false;
  }
  if (query.onExisting === 'skip') tally.skipped++;
  if (query.onExisting === 'fail') {
    const message = `the credential "${existing.name}" has this identity`;
    tally.errors.push({ row: item.row, field, message });
  }
  return query.onExisting === 'update';
};

const changeEach = async ({ tx, ctx, tally }: Writing, over: readonly Over[]): Promise<void> => {
  const now = ctx.house.clock.now();
  const changed = await tx.credentials.updateEach(
    over.map(({ item, existing }) => changeOf(item, existing)),
    now,
  );
  for (const [at, { item, existing }] of over.entries()) {
    const after = changed[at];
    if (after === undefined) throw new Error('a credential that was just read is not there any more');
    const ends = item.secret !== null || endsSessions(existing, after, now);
    (ends ? tally.ended : tally.kept).push(announced(after));
  }
};

const writeBatch = async (writing: Writing, items: readonly Prepared[]): Promise<void> => {
  const { tx, ctx, tally } = writing;
  const existing = await tx.credentials.findEach(items.map(({ value }) => identityAsked(value)));
  const fresh = items.filter((_, at) => (existing[at] ?? null) === null);
  const made = await tx.credentials.createEach(
    fresh.map((item) => writeOfRow(ctx, item)),
    ctx.house.clock.now(),
  );
  if (made.result === 'full') throw noRoom(made.max);
  tally.created.push(...made.credentials.map(announced));
  tally.withoutSecret.push(...fresh.filter(({ value }) => lacksSecret(value)).map(({ row }) => row));
  const over = items.flatMap((item, at): Over[] => {
    const there = existing[at] ?? null;
    return there === null ? [] : [{ item, existing: there }];
  });
  await changeEach(
    writing,
    over.filter((one) => changes(writing, one)),
  );
};

/** Leaves the transaction without writing. */
class Rollback extends Error {
  constructor() {
    super('nothing is to be written');
  }
}

const updatedOf = ({ kept, ended }: Pick<Tally, 'kept' | 'ended'>): number => kept.length + ended.length;

const writeAll = async (ctx: Context, query: Query, items: readonly Prepared[]): Promise<Tally> => {
  const actor = authorize(ctx, 'credentials:write');
  const tally = noTally([]);
  try {
    await ctx.house.store.transaction(async (tx) => {
      for await (const some of batches(items)) await writeBatch({ tx, ctx, query, tally }, some);
      if (query.dryRun || tally.errors.length > 0) throw new Rollback();
      const after = { created: tally.created.length, updated: updatedOf(tally), skipped: tally.skipped };
      const name = `${after.created} created, ${after.updated} updated, ${after.skipped} skipped`;
      const target = { kind: 'credential', id: 'import', name };
      await writeAudit(tx, ctx, actor, { action: 'credential.import', target, after });
    });
  } catch (error) {
    if (!(error instanceof Rollback)) throw error;
  }
  return tally;
};

const answer = (query: Query, rowsAre: RowsAre, tally: Tally): Result => {
  const failed = tally.errors.length > 0;
  return {
    dryRun: query.dryRun,
    rowsAre,
    created: failed ? 0 : tally.created.length,
    updated: failed ? 0 : updatedOf(tally),
    skipped: failed ? 0 : tally.skipped,
    withoutSecret: failed
      ? { count: 0, rows: [] }
      : { count: tally.withoutSecret.length, rows: tally.withoutSecret.slice(0, WITHOUT_SECRET_MAX) },
    errors: tally.errors.slice(0, ERRORS_MAX).map((error) => ({ ...error })),
  };
};

const announceAll = async (
  ctx: Context,
  changed: readonly Announced[],
  disconnect: boolean,
): Promise<void> => {
  for await (const some of batches(changed)) {
    await announceCredentials(ctx, some, { disconnect, forgive: true });
    // The data plane takes one batch at a time: its clients' packets come in between. One that is gone needs none.
    await ctx.house.dataPlane.inForce().catch(() => undefined);
  }
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
  const { rowsAre, rows, errors } = await parseImport(body, ctx.house.patterns);
  if (rows.length === 0 && errors.length === 0)
    throw new ProblemError('invalid-input', { detail: 'There are no rows.' });
  const found = [...errors];
  for await (const some of batches(rows)) found.push(...some.flatMap((row) => badHash(ctx, row)));
  if (found.length > 0) return answer(query, rowsAre, noTally(found));
  // A dry run is about rows, not about hashes: it spends no slow work on passwords.
  const items = query.dryRun
    ? rows.map((row) => ({ ...row, id: randomUUID(), secret: null }))
    : await prepare(ctx, rows);
  const tally = await writeAll(ctx, query, items);
  if (!query.dryRun && tally.errors.length === 0) {
    await announceAll(ctx, tally.ended, true);
    await announceAll(ctx, tally.created, false);
    await announceAll(ctx, tally.kept, false);
  }
  return answer(query, rowsAre, tally);
};
