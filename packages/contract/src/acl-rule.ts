import { z } from 'zod';

export const aclRule = z
  .object({
    permission: z.enum(['allow', 'deny']),
    action: z.enum(['publish', 'subscribe', 'all']),
    /** MQTT topic filter; `%u %c ${username} ${clientid}` stand for one literal level. */
    topic: z.string().min(1).max(1024),
    literal: z.boolean().optional(),
  })
  .strict();
export type AclRuleDto = z.infer<typeof aclRule>;
