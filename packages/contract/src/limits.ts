import { z } from 'zod';
import { isoTime } from './common.ts';

const LIMIT_UNITS = ['count', 'bytes', 'milliseconds', 'seconds', 'perSecond'] as const;

/** One bound of the broker: what it is set to, and how often something met it. */
export const limit = z.object({
  /** As in the configuration, under `limits`. */
  name: z.string(),
  value: z.number(),
  default: z.number(),
  unit: z.enum(LIMIT_UNITS),
  text: z.string(),
  /** How often something was refused, dropped, shortened or closed because of it, since the server started. */
  met: z.number().int(),
});
export type LimitDto = z.infer<typeof limit>;
export const limitList = z.object({ since: isoTime, items: z.array(limit) });
export type LimitListDto = z.infer<typeof limitList>;
