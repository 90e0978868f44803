import { z } from 'zod';
import { stepShape } from './common.ts';

/** Settings of an authenticator of type `builtin`: the credentials in the store. */
export const builtinSettings = z.strictObject({
  type: z.literal('builtin'),
  ...stepShape,
  strategy: z
    .enum(['username', 'clientid', 'both'])
    .default('both')
    .describe('Which identities are looked up.'),
});
export type BuiltinSettings = z.output<typeof builtinSettings>;
