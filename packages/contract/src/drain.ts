import { z } from 'zod';

/** Whether clients are to be sent to other nodes. */
export const drainBody = z.strictObject({
  draining: z.boolean().describe('False lets clients in again.'),
});

export const drained = z.object({
  draining: z.boolean(),
  /** Clients that were connected, and were sent away. */
  clients: z.number().int(),
});
