import { z } from 'zod';
import { isoTime, pageLimit, pageOf, queryBoolean, sortOf } from './common.ts';

export const BLOCK_SORT_FIELDS = ['createdAt', 'value', 'expiresAt', 'hits', 'lastHitAt'] as const;

const kind = z.enum(['clientId', 'username', 'ip', 'cidr', 'fingerprint', 'pattern']);
export type BlockKindDto = z.infer<typeof kind>;

/** Read by kind: the service knows how. */
const value = z.string().min(1).max(1024);
const comment = z.string().max(500);

/** A block. Times are ISO 8601 UTC. */
export const block = z.object({
  id: z.string(),
  version: z.number().int(),
  kind,
  /** In the one form of its kind: addresses as connections report them, fingerprints as 64 hex digits. */
  value: z.string(),
  comment,
  createdAt: isoTime,
  /** Name of who made it. */
  createdBy: z.string(),
  /** From then on it blocks nobody; null: for ever. */
  expiresAt: isoTime.nullable(),
  expired: z.boolean(),
  /** Attempts that it refused; counted about once a second. */
  hits: z.number().int(),
  lastHitAt: isoTime.nullable(),
});
export type BlockDto = z.infer<typeof block>;

/** What is to be blocked: `pattern` is RE2 and has to match the whole client ID or username. */
const target = { kind, value };

export const createBlock = z
  .object({ ...target, expiresAt: isoTime.nullish(), comment: comment.default('') })
  .strict();
export type CreateBlock = z.input<typeof createBlock>;

export const updateBlock = z.object({ expiresAt: isoTime.nullable(), comment }).partial().strict();

export const blockTarget = z.object(target).strict();

/** Whom a block would meet; nothing is done. */
export const blockPreview = z.object({
  ...target,
  /** Open sessions that would be closed, with the client IDs of the first few. */
  openSessions: z.object({
    count: z.number().int(),
    countIsExact: z.boolean(),
    examples: z.array(z.string()),
  }),
  /** Clients refused within the last 24 hours that it fits; null: that cannot be told for a certificate. */
  refusedClients: z.object({ count: z.number().int(), countIsExact: z.boolean() }).nullable(),
  /** The block that is in force for exactly this already. */
  existing: block.nullable(),
});
export type BlockPreviewDto = z.infer<typeof blockPreview>;

export const blocksListQuery = z
  .object({
    search: z.string().min(1).max(256).optional(),
    kind: kind.optional(),
    expired: queryBoolean.optional(),
    limit: pageLimit,
    cursor: z.string().max(4096).optional(),
    sort: sortOf(BLOCK_SORT_FIELDS, '-createdAt'),
  })
  .strict();
export const blocksPage = pageOf(block);
