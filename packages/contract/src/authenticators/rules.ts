import { z } from 'zod';

/** Access rules in an authenticator's settings. */
export const aclRules = z
  .array(
    z.strictObject({
      permission: z.enum(['allow', 'deny']).describe('What the rule does.'),
      action: z.enum(['publish', 'subscribe', 'all']).describe('What it is about.'),
      topic: z
        .string()
        .min(1)
        .max(1_024)
        .describe('MQTT topic filter; `%u`, `%c` and `${cn}` stand for one level.'),
      literal: z.boolean().optional().describe('Compare the topic as it is, without wildcards.'),
    }),
  )
  .max(200);
