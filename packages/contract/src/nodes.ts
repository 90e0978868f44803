import { z } from 'zod';
import { isoTime } from './common.ts';

/** What becomes of a node: `draining` lets nobody in, `silent` did not answer, of `gone` another takes the place. */
export const NODE_STATES = ['active', 'draining', 'silent', 'gone'] as const;

export const node = z.object({
  id: z.string(),
  version: z.string(),
  /** The machine it runs on. */
  host: z.string(),
  startedAt: isoTime,
  state: z.enum(NODE_STATES),
  /** Null of one that did not answer. */
  clientsOnline: z.number().int().nullable(),
});
export type NodeDto = z.infer<typeof node>;

export const nodeList = z.object({ items: z.array(node) });
