import { ENDPOINTS, type ImportResultDto, type ImportRowInput } from '@gatehouse/contract';
import type { ApiClient } from '../api-client.ts';
import { planBlocks } from './carry-blocks.ts';
import { planRules } from './carry-rules.ts';
import type { Foreign, ForeignCredential, Leftover } from './foreign.ts';

/** Rows of one request: few enough to be answered in time, and fewer where each password is hashed slowly. */
const CHUNK_ROWS = 1_000;
const CHUNK_PASSWORDS = 100;
/** Errors that the API tells in one answer. */
const ERRORS_TOLD_MAX = 1_000;

export interface CarryOptions {
  readonly dryRun: boolean;
  readonly onExisting: 'skip' | 'update' | 'fail';
  readonly skipErrors: boolean;
}

/** What became of it, or would. Nothing is written while there are `errors`, unless they are to be skipped. */
export interface Carried {
  readonly dryRun: boolean;
  readonly written: boolean;
  readonly credentials: Pick<ImportResultDto, 'created' | 'updated' | 'skipped'>;
  readonly rules: { readonly created: number; readonly skipped: number };
  readonly blocks: { readonly created: number; readonly skipped: number };
  readonly errors: readonly Leftover[];
}

type Chunk = readonly ForeignCredential[];
type Counts = Pick<ImportResultDto, 'created' | 'updated' | 'skipped'>;

function chunksOf(all: Chunk): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = 0; start < all.length;) {
    const some = all.slice(start, start + CHUNK_ROWS);
    const isSlow = some.some(({ row }) => row.password !== undefined);
    const chunk = isSlow ? some.slice(0, CHUNK_PASSWORDS) : some;
    chunks.push(chunk);
    start += chunk.length;
  }
  return chunks;
}

const identityOf = ({ type, username, client_id, identity, ...row }: ImportRowInput): string =>
  JSON.stringify([type ?? 'basic', username, client_id, identity, row.cn, row.cn_pattern]);

/** Rows whose identity an earlier one has: a chunk cannot see those of another. */
function duplicates(credentials: Chunk): readonly Leftover[] {
  const seen = new Map<string, string>();
  return credentials.flatMap(({ at, row }) => {
    const key = identityOf(row);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, at);
    return before === undefined ? [] : [{ at, message: `the same identity as ${before}` }];
  });
}

const without = (credentials: Chunk, errors: readonly Leftover[]): Chunk => {
  const bad = new Set(errors.map(({ at }) => at));
  return bad.size === 0 ? credentials : credentials.filter(({ at }) => !bad.has(at));
};

async function send(
  api: ApiClient,
  chunk: Chunk,
  onExisting: CarryOptions['onExisting'],
  dryRun: boolean,
): Promise<ImportResultDto> {
  const text = JSON.stringify(chunk.map(({ row }) => row));
  const raw = { text, contentType: 'application/json' };
  return api.call(ENDPOINTS.importCredentials, { query: { dryRun, onExisting }, raw });
}

const NO_COUNTS: Counts = { created: 0, updated: 0, skipped: 0 };
const add = (a: Counts, b: Counts): Counts => ({
  created: a.created + b.created,
  updated: a.updated + b.updated,
  skipped: a.skipped + b.skipped,
});

interface Tried {
  readonly counts: Counts;
  readonly errors: readonly Leftover[];
}

/** What would become of a chunk; where more is wrong than is told at once, of its halves. */
async function tryChunk(
  api: ApiClient,
  chunk: Chunk,
  onExisting: CarryOptions['onExisting'],
): Promise<Tried> {
  if (chunk.length === 0) return { counts: NO_COUNTS, errors: [] };
  const result = await send(api, chunk, onExisting, true);
  if (result.errors.length === 0) return { counts: result, errors: [] };
  if (result.errors.length >= ERRORS_TOLD_MAX && chunk.length > 1) {
    const middle = Math.ceil(chunk.length / 2);
    const first = await tryChunk(api, chunk.slice(0, middle), onExisting);
    const second = await tryChunk(api, chunk.slice(middle), onExisting);
    return { counts: add(first.counts, second.counts), errors: [...first.errors, ...second.errors] };
  }
  const errors = result.errors.map(({ row, field, message }) => ({
    at: chunk[row - 1]?.at ?? '',
    message: field === '' ? message : `${field}: ${message}`,
  }));
  const good = without(chunk, errors);
  if (good.length === chunk.length) return { counts: NO_COUNTS, errors };
  const rest = await tryChunk(api, good, onExisting);
  return { counts: rest.counts, errors: [...errors, ...rest.errors] };
}

async function tryAll(
  api: ApiClient,
  credentials: Chunk,
  onExisting: CarryOptions['onExisting'],
): Promise<Tried> {
  const doubles = duplicates(credentials);
  let all: Tried = { counts: NO_COUNTS, errors: doubles };
  for (const chunk of chunksOf(without(credentials, doubles))) {
    const tried = await tryChunk(api, chunk, onExisting);
    all = { counts: add(all.counts, tried.counts), errors: [...all.errors, ...tried.errors] };
  }
  return all;
}

async function writeAll(
  api: ApiClient,
  credentials: Chunk,
  onExisting: CarryOptions['onExisting'],
): Promise<Counts> {
  let counts = NO_COUNTS;
  for (const chunk of chunksOf(credentials)) {
    const result = await send(api, chunk, onExisting, false);
    counts = add(counts, result);
  }
  return counts;
}

/**
 * Carries over what another broker held: looks at all of it first, and writes nothing while anything is wrong, unless
 * that is to be left out. What is there already stays as it is, so that it can be done again.
 */
export async function carry(api: ApiClient, foreign: Foreign, options: CarryOptions): Promise<Carried> {
  const { dryRun, onExisting, skipErrors } = options;
  const tried = await tryAll(api, foreign.credentials, onExisting);
  const planned = await planRules(api, foreign.rules);
  const bans = await planBlocks(api, foreign.blocks);
  const errors = [...foreign.leftovers, ...tried.errors, ...planned.errors, ...bans.errors];
  const rules = { created: planned.fresh.length, skipped: planned.skipped };
  const blocks = { created: bans.fresh.length, skipped: bans.skipped };
  if (dryRun || (errors.length > 0 && !skipErrors)) {
    return { dryRun, written: false, credentials: tried.counts, rules, blocks, errors };
  }
  // First who may not connect at all, then who may.
  for (const { block } of bans.fresh) await api.call(ENDPOINTS.createBlock, { body: block });
  const credentials = await writeAll(api, without(foreign.credentials, tried.errors), onExisting);
  for (const { rule } of planned.fresh) await api.call(ENDPOINTS.createAccessRule, { body: rule });
  return { dryRun, written: true, credentials, rules, blocks, errors };
}
