import { z } from 'zod';
import { stepShape } from './common.ts';
import { aclRules } from './rules.ts';

/** Settings of an authenticator of type `psk`: clients that proved a pre-shared key to their listener. */
export const pskSettings = z.strictObject({
  type: z.literal('psk'),
  ...stepShape,
  rules: aclRules.optional().describe('What its clients may do. Absent: the default rules.'),
});
export type PskSettings = z.output<typeof pskSettings>;
