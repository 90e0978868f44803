import { z } from 'zod';
import { isoTime } from './common.ts';

/** One setting that a revert would change. A secret's value is told of neither side. */
const revertedField = z.object({
  /** Dotted path within the settings; `steps` of a chain, `policy` of the anonymous policy. */
  path: z.string(),
  /** As it is; null: it is not set. */
  now: z.unknown(),
  /** What comes back; null: it is not set any more. */
  back: z.unknown(),
  /** Null: it is no secret. `other`: another secret comes back. `set`: one comes back where none is. `removed`: none is any more. */
  secret: z.enum(['other', 'set', 'removed']).nullable(),
});

/** What a revert would bring back, and the change that it would undo. */
export const revertPreview = z.object({
  /** To be sent as `If-Match` with the revert, so that what is reverted is what was looked at. */
  version: z.number().int(),
  /** The last change, which the revert takes back; null where the audit no longer tells. */
  change: z
    .object({
      /** As in the audit, e.g. `chain.update`. */
      action: z.string(),
      at: isoTime,
      /** Name of who made it. */
      by: z.string(),
    })
    .nullable(),
  fields: z.array(revertedField),
});
export type RevertPreviewDto = z.infer<typeof revertPreview>;
