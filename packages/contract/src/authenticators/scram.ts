import { z } from 'zod';
import { stepShape } from './common.ts';

const mechanism = z.enum(['SCRAM-SHA-256', 'SCRAM-SHA-512']);

/** Settings of an authenticator of type `scram`: MQTT 5 enhanced authentication with the SCRAM credentials in the store. */
export const scramSettings = z.strictObject({
  type: z.literal('scram'),
  ...stepShape,
  mechanisms: z
    .array(mechanism)
    .min(1)
    .max(mechanism.options.length)
    .refine((names) => new Set(names).size === names.length, { error: 'each mechanism once' })
    .default(['SCRAM-SHA-256', 'SCRAM-SHA-512'])
    .describe('The authentication methods that are offered.'),
  iterations: z
    .number()
    .int()
    .min(4_096)
    .max(1_000_000)
    .optional()
    .describe(
      'Iterations told to a user whom nobody knows: those that credentials are made with, so that the answer does not tell them apart. Absent: `auth.scram_iterations`.',
    ),
});
export type ScramSettings = z.output<typeof scramSettings>;
